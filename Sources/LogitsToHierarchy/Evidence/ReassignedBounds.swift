/// What sketches tell of a group's reassigned probability: an interval for each cluster, and rows of which nothing is
/// known but that they may go to any one cluster outside.
package struct ReassignedBounds: Sendable, Equatable {
  /// In ascending order.
  package let clusters: [Int]
  /// Bounds of R for each of `clusters`, in multiples of 2^-40; all other clusters have 0 and 0.
  package let lower: [UInt128]
  package let upper: [UInt128]
  /// The rows all of whose kept logits are the group's own: each adds 0 to 1 to any one cluster outside.
  package let unresolved: Int

  package init(clusters: [Int], lower: [UInt128], upper: [UInt128], unresolved: Int) {
    precondition(clusters.count == lower.count && clusters.count == upper.count)
    self.clusters = clusters
    self.lower = lower
    self.upper = upper
    self.unresolved = unresolved
  }

  /// What it takes in memory, about.
  var byteCount: Int { Self.byteCount(clusters: clusters.count) }

  /// What bounds for so many clusters take, about.
  static func byteCount(clusters: Int) -> Int {
    128 + (MemoryLayout<Int>.stride + 2 * MemoryLayout<UInt128>.stride) * clusters
  }

  /// What is known exactly.
  package init(_ exact: ReassignedProbability) {
    self.init(clusters: exact.clusters, lower: exact.sums, upper: exact.sums, unresolved: 0)
  }

  /// Bounds for these rows and others, of which R is known.
  func adding(_ exact: ReassignedProbability) -> ReassignedBounds {
    let lower = ReassignedProbability(clusters: clusters, sums: self.lower) + exact
    let upper = ReassignedProbability(clusters: clusters, sums: self.upper) + exact
    return ReassignedBounds(clusters: lower.clusters, lower: lower.sums, upper: upper.sums, unresolved: unresolved)
  }

  /// The middle of each interval, leaving unresolved rows out: the best guess, and no more.
  package var estimate: ReassignedProbability {
    ReassignedProbability(clusters: clusters, sums: zip(lower, upper).map { ($0 + $1) / 2 })
  }
}
