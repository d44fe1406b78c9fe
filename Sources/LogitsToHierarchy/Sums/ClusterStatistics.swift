/// What a scan learns of each cluster: how many rows are assigned to it, and how certain they are.
package struct ClusterStatistics: Sendable, Equatable {
  /// n_c, the rows assigned to each cluster.
  package internal(set) var counts: [Int]
  /// Σ (1 − g) over the rows of each cluster, in multiples of 2^-40.
  ///
  /// What is missing to certainty is added up, never g itself: a good classifier's clusters all have a mean g of
  /// 0.99999…, which can't be told apart, while their 1 − g can.
  package internal(set) var doubts: [UInt128]
  /// By how much these sums may be off; nil if they are exact, as those of whole rows.
  package internal(set) var doubtErrors: [UInt128]?

  /// Statistics of no rows over `clusters` clusters.
  package init(clusters: Int) {
    counts = Array(repeating: 0, count: clusters)
    doubts = Array(repeating: 0, count: clusters)
  }

  package init(counts: [Int], doubts: [UInt128], doubtErrors: [UInt128]? = nil) {
    precondition(counts.count == doubts.count && doubtErrors.map { $0.count == counts.count } ?? true)
    self.counts = counts
    self.doubts = doubts
    self.doubtErrors = doubtErrors
  }

  /// The statistics of all of some rows' together.
  package init(sumOf parts: [ClusterStatistics], clusters: Int) {
    self.init(clusters: clusters)
    for part in parts { add(part) }
  }

  package var clusters: Int { counts.count }

  /// Takes in the statistics of other rows.
  package mutating func add(_ other: ClusterStatistics) {
    precondition(other.clusters == clusters)
    for cluster in 0..<clusters {
      counts[cluster] += other.counts[cluster]
      doubts[cluster] += other.doubts[cluster]
    }
    guard let errors = other.doubtErrors else { return }
    doubtErrors = zip(doubtErrors ?? Array(repeating: 0, count: clusters), errors).map { $0 + $1 }
  }

  /// The mean predicted probability of a cluster's rows; nil where there are none.
  package func meanProbability(_ cluster: Int) -> Double? {
    counts[cluster] == 0 ? nil : 1 - FixedPoint.double(doubts[cluster]) / Double(counts[cluster])
  }
}
