import LogitsToHierarchy
import TestSupport
import Testing

@Suite("Groups")
struct GroupForestTests {
  @Test("Merging keeps the same groups as sets of clusters would be", arguments: seeds(40))
  func againstSets(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let clusters = random.int(2...30)
    let alive = (0..<clusters).filter { _ in random.happens(0.8) }
    var forest = GroupForest(clusters: clusters, alive: alive)
    var groups = Dictionary(uniqueKeysWithValues: alive.map { ($0, Set([$0])) })
    var nextNode = clusters
    check(&forest, groups, nodes: nextNode)
    while groups.count > 1 {
      let pair = groups.keys.sorted().shuffled(using: &random).prefix(2)
      let node = forest.merge(pair[0], pair[1])
      #expect(node == nextNode)
      groups[node] = groups[pair[0]]?.union(groups[pair[1]] ?? [])
      groups[pair[0]] = nil
      groups[pair[1]] = nil
      nextNode += 1
      check(&forest, groups, nodes: nextNode)
    }
  }

  private func check(_ forest: inout GroupForest, _ groups: [Int: Set<Int>], nodes: Int) {
    #expect(forest.inconsistency == nil)
    #expect(forest.count == groups.count)
    #expect(Array(forest.aliveAscending) == groups.keys.sorted())
    #expect((0..<nodes).filter { forest.isAlive($0) } == groups.keys.sorted())
    for (node, clusters) in groups {
      #expect(forest.clusters(of: node).count == clusters.count)
      #expect(Set(forest.clusters(of: node)) == clusters)
      #expect(forest.size(of: node) == clusters.count)
      #expect(clusters.allSatisfy { forest.group(of: $0) == node })
      #expect(forest.smallestAlive(except: node) == groups.keys.filter { $0 != node }.min())
    }
  }

  @Test("No group is alive where no cluster has rows")
  func none() {
    let forest = GroupForest(clusters: 3, alive: [])
    #expect(Array(forest.aliveAscending).isEmpty && forest.count == 0)
  }
}
