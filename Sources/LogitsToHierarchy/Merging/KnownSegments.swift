/// What is known of the rows of all segments, and the merge loop as far as it got with that.
package struct KnownSegments {
  package let statistics: ClusterStatistics
  package var pool: EvidencePool
  private var loop: MergeLoop

  /// - Parameter pool: The segments' evidence, as far as it is there.
  package init(_ statistics: ClusterStatistics, _ pool: EvidencePool, aggregation: Aggregation) {
    self.statistics = statistics
    self.pool = pool
    loop = MergeLoop(statistics, aggregation: aggregation)
  }

  /// Runs the merge loop on from where it stopped.
  ///
  /// - Throws: What reading sketches throws, ``Interrupted``
  package mutating func run() throws -> MergeLoop.Outcome { try loop.run(&pool) }

  /// For each of `segments`, the indices of the groups that have no exact evidence from its rows.
  package func lacking(_ groups: [Group], segments: [Int]) -> [[Int]] {
    let evidenced = groups.map { pool.segments(withEvidenceOf: $0) }
    return segments.map { segment in groups.indices.filter { !evidenced[$0].contains(segment) } }
  }
}
