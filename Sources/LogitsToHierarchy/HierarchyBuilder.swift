import Hierarchy
import LogitStream

/// What a build gives.
public struct BuildResult: Sendable {
  public let statistics: ClusterStatistics
  public let merges: [Merge]
  /// Passes over the source.
  public let passes: Int
  /// Rows left out since they are invalid.
  public let skippedRows: Int
}

/// Builds the hierarchy of a source's clusters by passes over its rows.
///
/// The first pass gives the clusters' statistics and R of every single cluster. The loop then runs until its lowest
/// group is one made since, whose R is not known; the next pass computes R of all groups made since, and so on.
/// Memory is O(K²) and the workers' blocks, whatever N is.
public struct HierarchyBuilder: Sendable {
  private let source: LogitSource
  private let options: BuildOptions
  private let observer: any BuildObserver
  private let plan: BlockPlan

  /// - Throws: ``BuildError/notEnoughMemory(needed:given:clusters:)``
  public init(_ source: LogitSource, options: BuildOptions, observer: any BuildObserver) throws(BuildError) {
    self.source = source
    self.options = options
    self.observer = observer
    let left = options.memory - Self.fixedMemory(clusters: source.clusters)
    let mostBlockBytes = left / options.threads
    let rowByteCount = source.inputs.map(\.rowByteCount).max() ?? 0
    guard mostBlockBytes >= rowByteCount else {
      throw .notEnoughMemory(
        needed: Self.fixedMemory(clusters: source.clusters) + options.threads * rowByteCount, given: options.memory,
        clusters: source.clusters)
    }
    plan = BlockPlan(source, targetByteCount: options.blockByteCount, mostByteCount: mostBlockBytes)
  }

  /// What a build takes apart from the workers' blocks: the program, sums for every pair of clusters, and as much
  /// again, in the worst case thrice, for the evidence that is kept of them.
  public static func fixedMemory(clusters: Int) -> Int {
    let program = 40 << 20
    return program + 4 * SharedSums.byteCount(targets: clusters, clusters: clusters)
  }

  /// Inputs with chunks so high that each is read several times; their rows per block would have to be more than
  /// memory allows.
  public var inputsReadRepeatedly: [LogitInput] {
    zip(source.inputs, plan.cuts).filter { $1.rereadsChunks }.map { $0.0 }
  }

  /// Builds.
  ///
  /// - Throws: ``BuildError``, ``LogitStreamError``
  public func build() throws -> BuildResult {
    var passes = 1
    let scan = try pass(.singletons(clusters: source.clusters), number: passes)
    guard scan.statistics.counts.contains(where: { $0 > 0 }) else { throw BuildError.noValidRows }
    var evidence = scan.evidence
    while true {
      switch MergeLoop.run(scan.statistics, aggregation: options.aggregation, evidence: evidence) {
      case .complete(let merges):
        return BuildResult(
          statistics: scan.statistics, merges: merges, passes: passes, skippedRows: scan.skippedRows)
      case .needsEvidence(let groups):
        passes += 1
        let more = try pass(PassTargets(groups, clusters: source.clusters), number: passes)
        guard more.statistics.counts == scan.statistics.counts else { throw BuildError.changedBetweenPasses }
        evidence.merge(more.evidence) { known, _ in known }
      }
    }
  }

  private func pass(_ targets: PassTargets, number: Int) throws -> PassResult {
    try RowPass(
      source: source, options: options, targets: targets, plan: plan, number: number, observer: observer
    ).run()
  }
}
