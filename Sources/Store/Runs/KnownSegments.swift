import LogitsToHierarchy

/// What is known of the rows of all segments.
struct KnownSegments {
  let statistics: ClusterStatistics
  var pool: EvidencePool
  var loop: MergeLoop

  /// Runs the merge loop on from where it stopped.
  ///
  /// - Throws: What reading sketches throws, ``Interrupted``
  mutating func run() throws -> MergeLoop.Outcome { try loop.run(&pool) }

  /// For each of `segments`, the indices of the groups that have no exact evidence from its rows.
  func lacking(_ groups: [Group], segments: [Int]) -> [[Int]] {
    let evidenced = groups.map { pool.segments(withEvidenceOf: $0) }
    return segments.map { segment in groups.indices.filter { !evidenced[$0].contains(segment) } }
  }
}
