import LogitsToHierarchy
import TestSupport
import Testing

@Suite("Partners")
struct PartnerSearchTests {
  /// A partner by the definition: averages in Double, of numbers small enough to be exact.
  private struct Reference {
    var partner = -1
    var average = 0.0
    var second: Double?
    var share = 0.0

    init(_ groups: [Int: Set<Int>], lowest: Int, sums: [Int: Int]) {
      let others = groups.keys.filter { $0 != lowest }.sorted()
      func sum(_ node: Int) -> Int { (groups[node] ?? []).reduce(0) { $0 + (sums[$1] ?? 0) } }
      for node in others {
        let average = Double(sum(node)) / Double(groups[node]?.count ?? 1)
        if partner < 0 || average > self.average {
          if partner >= 0 { second = self.average }
          (partner, self.average) = (node, average)
        } else {
          second = max(second ?? 0, average)
        }
      }
      let total = sums.values.reduce(0, +)
      share = total == 0 ? 0 : Double(sum(partner)) / Double(total)
    }

    var margin: Double {
      guard let second else { return 1 }
      return average == 0 ? 0 : (average - second) / average
    }
  }

  @Test("The partner has the highest average, of equal ones the smallest node id", arguments: seeds(60))
  func againstDefinition(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let clusters = random.int(3...16)
    let empty = Set((0..<clusters).filter { _ in random.happens(0.2) }.prefix(clusters - 2))
    let alive = (0..<clusters).filter { !empty.contains($0) }
    var forest = GroupForest(clusters: clusters, alive: alive)
    var groups = Dictionary(uniqueKeysWithValues: alive.map { ($0, Set([$0])) })
    // One search for all, as in the loop: what is left from one must not show in the next.
    var search = PartnerSearch(nodes: 2 * clusters)
    while groups.count > 1 {
      for _ in 0..<6 {
        let lowest = groups.keys.sorted()[random.int(0...groups.count - 1)]
        let outside = (0..<clusters).filter { groups[lowest]?.contains($0) == false }
        let most = [0, 1, 2, 12, 1000][random.int(0...4)]
        var sums: [Int: Int] = [:]
        for cluster in outside where random.happens(0.7) { sums[cluster] = random.int(0...most) }
        let listed = sums.sorted { $0.key < $1.key }
        let evidence = ReassignedProbability(clusters: listed.map(\.key), sums: listed.map { UInt128($0.value) })

        let choice = search.partner(of: lowest, evidence, among: &forest)
        let reference = Reference(groups, lowest: lowest, sums: sums)
        #expect(choice.partner == reference.partner)
        #expect(abs(choice.average * 0x1p40 - reference.average) <= 1e-12 * reference.average)
        #expect(abs(choice.share - reference.share) <= 1e-12)
        #expect(abs(choice.margin - reference.margin) <= 1e-12)
      }
      let pair = groups.keys.sorted().shuffled(using: &random).prefix(2)
      let node = forest.merge(pair[0], pair[1])
      groups[node] = (groups[pair[0]] ?? []).union(groups[pair[1]] ?? [])
      groups[pair[0]] = nil
      groups[pair[1]] = nil
    }
  }

  @Test("Averages that only exact numbers tell apart are told apart, near the largest sums")
  func largeSums() {
    var forest = GroupForest(clusters: 4, alive: [0, 1, 2, 3])
    let node = forest.merge(2, 3)
    var search = PartnerSearch(nodes: 8)
    let large = UInt128(1) << 79
    func partner(_ sums: [UInt128]) -> PartnerSearch.Choice {
      search.partner(of: 0, ReassignedProbability(clusters: [1, 2, 3], sums: sums), among: &forest)
    }
    // Averages of 2^79 for cluster 1 and (2^79 + 2^79 ± 1) / 2 for the group of 2 and 3.
    #expect(partner([large, large, large - 1]).partner == 1)
    #expect(partner([large, large, large]).partner == 1)
    #expect(partner([large, large, large]).margin == 0)
    #expect(partner([large, large, large + 1]).partner == node)
    #expect(partner([large, large, large + 1]).margin > 0)
  }
}
