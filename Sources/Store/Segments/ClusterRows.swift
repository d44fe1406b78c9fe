import Algorithms

/// Where each cluster's rows are in a segment, whose rows are in the order of clusters.
///
/// It takes eight bytes for each cluster that has rows, and nothing for the others. Many segments are open at once, and
/// in each many clusters may have no rows.
struct ClusterRows: Sendable {
  /// The clusters with rows, in ascending order.
  private let clusters: [UInt32]
  /// The first row of each, and the number of all rows.
  private let starts: [UInt32]
  private let hasAllClusters: Bool

  /// - Parameter counts: The number of rows of each cluster.
  /// - Returns: nil if there are more rows than segments have.
  init?(_ counts: [Int]) {
    guard counts.reduce(0, +) <= Self.mostRows else { return nil }
    let clusters = counts.indices.filter { counts[$0] > 0 }
    self.clusters = clusters.map { UInt32($0) }
    starts = clusters.reduce(into: [0]) { $0.append($0[$0.count - 1] + UInt32(counts[$1])) }
    hasAllClusters = clusters.count == counts.count
  }

  private static let mostRows = Int(UInt32.max)

  /// The rows of a cluster. O(log of the clusters with rows).
  subscript(cluster: Int) -> Range<Int> {
    guard let position = position(of: cluster) else { return 0..<0 }
    return Int(starts[position])..<Int(starts[position + 1])
  }

  private func position(of cluster: Int) -> Int? {
    if hasAllClusters { return cluster }
    let wanted = UInt32(cluster)
    let position = clusters.partitioningIndex { $0 >= wanted }
    return position < clusters.count && clusters[position] == wanted ? position : nil
  }
}
