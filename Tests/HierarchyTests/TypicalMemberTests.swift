import Hierarchy
import TestSupport
import Testing

@Suite("Typical members")
struct TypicalMemberTests {
  /// By the definition, over the members of each node.
  private func lists(_ tree: ClusterHierarchy, _ given: [[Int: UInt128]]) -> [[Int]] {
    tree.merges.map { merge in
      let members = tree.leaves(below: merge.node)
      func part(_ sum: UInt128, _ all: UInt128) -> Double { all == 0 ? 0 : Double(sum) / Double(all) }
      let ranked = members.map { member in
        let inside = given[member].filter { members.contains($0.key) }.values.reduce(0, +)
        let getters = tree.leaves.filter { given[$0][member] != nil }
        let got = getters.filter(members.contains).reduce(0) { $0 + (given[$1][member] ?? 0) }
        return (
          -part(inside, given[member].values.reduce(0, +)),
          -part(got, getters.reduce(0) { $0 + (given[$1][member] ?? 0) }),
          -(tree.clusters[member].meanProbability ?? 0), Double(member)
        )
      }
      return ranked.sorted { $0 < $1 }.prefix(3).map { Int($0.3) }
    }
  }

  @Test(
    "They give the greatest part of what they lose within the group, for all groups of random trees",
    arguments: seeds(60))
  func definition(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let tree = try ClusterHierarchy.random(Int.random(in: 3...30, using: &random), &random)
    let given = tree.clusters.indices.map { cluster in
      var gifts: [Int: UInt128] = [:]
      for other in tree.clusters.indices where other != cluster && random.happens(0.4) {
        gifts[other] = UInt128(Int.random(in: 1...9, using: &random)) << 30
      }
      return gifts
    }
    let found = TypicalMembers(of: tree) { cluster in
      let gifts = given[cluster].sorted { $0.key < $1.key }
      return (gifts.map(\.key), gifts.map(\.value))
    }
    #expect(found.lists == lists(tree, given))
  }

  @Test("Who has most rows is not more typical for that")
  func size() throws {
    // a and b give all to each other; c, with the most rows, gives half of it away, to d.
    var tree = try ClusterHierarchy.joining(
      [(0, 1), (4, 2), (5, 3)], names: ["a", "b", "c", "d"], samples: [2, 3, 500, 9])
    let given: [[Int: UInt128]] = [[1: 8], [0: 8], [0: 700, 3: 700], [2: 5]]
    tree.typical =
      TypicalMembers(of: tree) { (given[$0].keys.sorted(), given[$0].sorted { $0.key < $1.key }.map(\.value)) }.lists
    #expect(tree.typical == [[1, 0], [0, 1, 2], [0, 1, 2]])
    #expect(tree.groupLabel(of: 5) == "a / b / c")
    #expect(tree.typicalFirst(of: 6) == tree.mostTypical(of: 6) + [3])
    #expect(tree.nodeLabels[6].hasSuffix(" +1"))
  }

  @Test("A chain of 20,000 clusters takes a moment", .timeLimit(.minutes(1)))
  func chain() throws {
    let tree = try ClusterHierarchy.chain(20_000)
    let lists = TypicalMembers(of: tree) { ([$0 == 0 ? 1 : $0 - 1], [1 << 40]) }.lists
    #expect(lists.count == 19_999 && lists.last == [0, 1, 2])
  }
}
