import Hierarchy
import TestSupport
import Testing

@Suite("Transfer distances")
struct TransferDistanceTests {
  @Test("They are the least over all clades, by trying all", arguments: 0..<200)
  func leastOfAll(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let clusters = random.int(1...14)
    let own = random.joins(Array(0..<clusters), clusters: clusters)
    let hierarchy = try ClusterHierarchy.joining(own, names: (0..<clusters).map(String.init))
    // Another tree may lack some clusters.
    let present = (0..<clusters).filter { _ in random.happens(0.85) }
    let other = random.joins(present, clusters: clusters)
    let found = TransferDistances(of: hierarchy).distances(to: other.map { (lowest: $0.0, partner: $0.1) })

    let clades = Self.clades(of: own, Array(0..<clusters), clusters: clusters).suffix(own.count)
    let others = Self.clades(of: other, present, clusters: clusters)
    for (merge, clade) in clades.enumerated() {
      let most = min(clade.count - 1, clusters - clade.count)
      let least = others.map { $0.symmetricDifference(clade).count }.min() ?? most
      #expect(found[merge] == min(most, least), "seed \(seed), merge \(merge)")
    }
  }

  private static func clades(of joins: [(Int, Int)], _ leaves: [Int], clusters: Int) -> [Set<Int>] {
    var below: [Int: Set<Int>] = [:]
    for leaf in leaves { below[leaf] = [leaf] }
    var clades = leaves.map { Set([$0]) }
    for (index, join) in joins.enumerated() {
      let clade = below[join.0, default: []].union(below[join.1, default: []])
      below[clusters + index] = clade
      clades.append(clade)
    }
    return clades
  }

  @Test("Support of a tree that all replicates have is 1; the median of an even number is a mean")
  func figures() {
    let support = BranchSupport(
      replicates: 4, seed: 0, blocks: nil, estimatedMerges: 0,
      distances: [
        (sum: 0, recurrences: 4, most: 1), (sum: 6, recurrences: 1, most: 2), (sum: 0, recurrences: 0, most: 0),
      ],
      marginErrors: [nil, 0.5, nil])
    #expect(support.transfer == [1, 0.25, 1])
    #expect(support.clade == [1, 0.25, 1])
    #expect(BranchSupport.median([3, 1, 2]) == 2 && BranchSupport.median([4, 1]) == 2.5)
  }
}

extension SeededGenerator {
  /// Joins of a random tree over some clusters, as pairs of nodes.
  fileprivate mutating func joins(_ leaves: [Int], clusters: Int) -> [(Int, Int)] {
    var alive = leaves
    var joins: [(Int, Int)] = []
    while alive.count > 1 {
      let first = alive.remove(at: int(0...alive.count - 1))
      let second = alive.remove(at: int(0...alive.count - 1))
      joins.append((first, second))
      alive.append(clusters + joins.count - 1)
    }
    return joins
  }
}
