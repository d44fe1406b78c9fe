import Hierarchy
import LogitStream

extension ClusterHierarchy {
  /// Builds the hierarchy of logits in memory, without a store.
  ///
  ///     let source = try LogitSource(opening: [InputSpecification(file: "logits.h5")])
  ///     let hierarchy = try ClusterHierarchy(of: source)
  ///     print(hierarchy.newick())
  ///
  /// The result is that of a store built from the same rows, to the bit. Sketches are kept in memory, some 200 bytes a row
  /// with the default width, so that memory grows with N; a store keeps them on disk, and can be updated.
  ///
  /// - Parameters:
  ///   - source: N rows × K clusters.
  ///   - names: Of the clusters, if not their numbers.
  ///   - observer: Is told how far a pass has come, and may stop it.
  /// - Throws: ``BuildError``, `LogitStreamError`; `Interrupted` if the observer stopped it.
  public init(
    of source: LogitSource, names: [String]? = nil, options: BuildOptions = BuildOptions(),
    resources: RunResources = RunResources(), observer: any BuildObserver = SilentObserver()
  ) throws {
    precondition(names.map { $0.count == source.clusters } ?? true, "a name for each cluster")
    // Rows may be needed again, and there is no telling which.
    if let stream = source.stream { throw LogitStreamError.streamEnded(stream.input.location) }
    let passes = try SourcePasses(source, options: options, resources: resources, observer: observer)
    var build = try InMemoryBuild(passes, observer)
    self = try ClusterHierarchy(
      names: names ?? (0..<source.clusters).map(String.init), build.known.statistics, merges: build.merges())
    findTypicalMembers(by: build.singles)
  }

  /// The hierarchy that merges make of clusters with these statistics.
  package init(names: [String], _ statistics: ClusterStatistics, merges: [Merge]) throws(HierarchyError) {
    let clusters = names.enumerated().map { index, name in
      ClusterHierarchy.Cluster(
        name: name, samples: statistics.counts[index], meanProbability: statistics.meanProbability(index))
    }
    try self.init(clusters: clusters, merges: merges)
  }
}

/// A build of which everything stays in memory: scan, merge, and sweep until nothing is pending.
private struct InMemoryBuild {
  private struct Segment {
    let slices: [RowSlice]
    let counts: [Int]
    let assignments: [Int32]
  }

  private(set) var known: KnownSegments
  /// R of each single cluster.
  let singles: ExactEvidence
  private let passes: SourcePasses
  private let observer: any BuildObserver
  private let segments: [Segment]
  /// What the inputs were before any row was read.
  private let looks: [InputLook]

  /// Scans all rows.
  init(_ passes: SourcePasses, _ observer: any BuildObserver) throws {
    looks = try passes.source.looks()
    try passes.source.checkKind(passes.options.meaning)
    try passes.checkWritten(passes.source.slices)
    var statistics = ClusterStatistics(clusters: passes.source.clusters)
    var segments: [Segment] = []
    var sketches: [ScannedSketches] = []
    var evidence: [ExactEvidence] = []
    var kept: [KeptRows?] = []
    let keepsRows = passes.canKeep(passes.source.slices)
    for slices in passes.segments(of: passes.source.slices) {
      let scanned = try passes.scan(slices, foreseen: [], keepsRows: keepsRows)
      let result = scanned.result()
      statistics.add(result.statistics)
      evidence.append(result.evidence)
      segments.append(
        Segment(slices: slices, counts: result.statistics.counts, assignments: Array(scanned.assignments.clusters)))
      kept.append(scanned.kept)
      if let found = scanned.sketches {
        sketches.append(ScannedSketches(found, scanned.assignments))
      } else {
        passes.recycle(scanned)
      }
    }
    passes.releaseSpareMemory()
    guard statistics.counts.contains(where: { $0 > 0 }) else { throw BuildError.noValidRows }
    var pool = EvidencePool(
      statistics, segmentCount: segments.count, sketches: sketches, meaning: passes.options.meaning,
      memory: passes.memory, observer: observer)
    for (index, found) in evidence.enumerated() { pool.add(found, ofSegment: index) }
    for (index, rows) in kept.enumerated() { if let rows { pool.keep(rows, ofSegment: index) } }
    singles = evidence.reduce(into: [:]) { singles, found in
      singles.merge(found.filter { $0.key.clusters.count == 1 }) { $0 + $1 }
    }
    known = KnownSegments(statistics, pool, options: passes.options)
    self.segments = segments
    self.passes = passes
    self.observer = observer
  }

  /// All merges: the loop goes on, and rows are read again, until none is uncertain.
  mutating func merges() throws -> [Merge] {
    while true {
      for look in looks { try look.check() }
      var outcome = try known.run()
      _ = known.pool.takeRecalled()
      if passes.source.hasTopK { outcome = try known.runOnSketches(from: outcome) }
      guard !outcome.pending.isEmpty else {
        for look in looks { try look.checkRows() }
        return outcome.merges
      }
      try passes.source.checkDecides(outcome)
      let lacking = known.lacking(outcome.pending, segments: Array(segments.indices))
      for (index, missing) in lacking.enumerated() where !missing.isEmpty {
        let segment = segments[index]
        let evidence = try passes.sweep(
          segment.slices, for: missing.map { outcome.pending[$0] }, counts: segment.counts,
          assignments: segment.assignments, observer: observer)
        known.pool.add(evidence, ofSegment: index)
      }
    }
  }
}
