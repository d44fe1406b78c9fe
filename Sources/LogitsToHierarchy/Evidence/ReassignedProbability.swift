/// R[G], the reassigned probability of a group: for each cluster outside it, the sum of q over the rows of the group
/// whose largest logit outside the group is that cluster's. Only sums that are not zero are kept.
package struct ReassignedProbability: Sendable, Equatable {
  /// In ascending order.
  package let clusters: [Int]
  /// Σ q for each of `clusters`, in multiples of 2^-40.
  package let sums: [UInt128]

  package init(clusters: [Int], sums: [UInt128]) {
    precondition(clusters.count == sums.count)
    self.clusters = clusters
    self.sums = sums
  }

  /// R of a group that reassigns nothing.
  package static let nothing = ReassignedProbability(clusters: [], sums: [])

  /// What so many sums take in memory, about.
  static func byteCount(sums: Int) -> Int { 128 + (MemoryLayout<Int>.stride + MemoryLayout<UInt128>.stride) * sums }

  /// The sums as numbers, each with its cluster.
  package var values: [(cluster: Int, value: Double)] {
    zip(clusters, sums).map { ($0, FixedPoint.double($1)) }
  }

  /// R of the rows of both, which have none in common.
  package static func + (a: ReassignedProbability, b: ReassignedProbability) -> ReassignedProbability {
    var clusters: [Int] = []
    var sums: [UInt128] = []
    clusters.reserveCapacity(max(a.clusters.count, b.clusters.count))
    sums.reserveCapacity(clusters.capacity)
    var (i, j) = (0, 0)
    while i < a.clusters.count || j < b.clusters.count {
      let left = i < a.clusters.count ? a.clusters[i] : Int.max
      let right = j < b.clusters.count ? b.clusters[j] : Int.max
      clusters.append(min(left, right))
      sums.append((left <= right ? a.sums[i] : 0) + (right <= left ? b.sums[j] : 0))
      if left <= right { i += 1 }
      if right <= left { j += 1 }
    }
    return ReassignedProbability(clusters: clusters, sums: sums)
  }

  static func += (a: inout ReassignedProbability, b: ReassignedProbability) { a = a + b }
}
