/// A loop that merges groups as far as evidence tells which.
protocol MergingLoop {
  mutating func run(_ evidence: inout some EvidenceSource) throws -> MergeLoop.Outcome
}

extension MergeLoop: MergingLoop {}
extension PairLoop: MergingLoop {}

/// What is known of the rows of all segments, and the merge loop as far as it got with that.
package struct KnownSegments {
  package let statistics: ClusterStatistics
  package var pool: EvidencePool
  private var loop: any MergingLoop

  /// - Parameters:
  ///   - pool: The segments' evidence, as far as it is there.
  ///   - options: What a score is, and which groups are merged.
  package init(_ statistics: ClusterStatistics, _ pool: EvidencePool, options: BuildOptions) {
    self.statistics = statistics
    self.pool = pool
    let aggregation = options.aggregation
    loop =
      switch options.strategy {
      case .lowest: MergeLoop(statistics, aggregation: aggregation)
      case .allPairs: PairLoop(statistics, aggregation: aggregation, isPerRow: false)
      case .allPairsPerRow: PairLoop(statistics, aggregation: aggregation, isPerRow: true)
      }
  }

  /// Runs the merge loop on from where it stopped.
  ///
  /// - Throws: What reading sketches throws, ``Interrupted``
  package mutating func run() throws -> MergeLoop.Outcome { try loop.run(&pool) }

  /// Runs the loop on with what sketches tell exactly of the groups that it waits for, until they tell nothing more of the first:
  /// what sweeps are for other rows, where there are none but sketches.
  ///
  /// - Throws: What reading sketches throws, ``Interrupted``
  package mutating func runOnSketches(from outcome: MergeLoop.Outcome) throws -> MergeLoop.Outcome {
    var outcome = outcome
    while try pool.addExact(toldBySketchesOf: outcome.pending) { outcome = try run() }
    return outcome
  }

  /// For each of `segments`, the indices of the groups that have no exact evidence from its rows.
  package func lacking(_ groups: [Group], segments: [Int]) -> [[Int]] {
    let evidenced = groups.map { pool.segments(withEvidenceOf: $0) }
    return segments.map { segment in groups.indices.filter { !evidenced[$0].contains(segment) } }
  }
}
