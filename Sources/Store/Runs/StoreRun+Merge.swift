import HDF5
import Hierarchy
import LogitStream
import LogitsToHierarchy
import Threads

/// What is known of the rows of all segments.
struct KnownSegments {
  let statistics: ClusterStatistics
  var pool: EvidencePool
  var loop: MergeLoop

  /// Runs the merge loop on from where it stayed.
  ///
  /// - Throws: What reading sketches throws, ``Interrupted``
  mutating func run() throws -> MergeLoop.Outcome { try loop.run(&pool) }

  /// For each of `segments`, the indices of those among `groups` that exact evidence of its rows is missing of.
  func lacking(_ groups: [Group], segments: [Int]) -> [[Int]] {
    let evidenced = groups.map { pool.segments(withEvidenceOf: $0) }
    return segments.map { segment in groups.indices.filter { !evidenced[$0].contains(segment) } }
  }
}

extension StoreRun {
  /// Checks and opens the files of all segments, and adds up the evidence in them.
  mutating func openSegments() throws -> KnownSegments {
    try checkFiles()
    var statistics = ClusterStatistics(clusters: manifest.clusters)
    var sketches: [SketchFileReader] = []
    for segment in manifest.segments {
      guard !observer.shouldStop else { throw Interrupted() }
      let reader = try SegmentReader(directory.file(segment.file.name), clusters: manifest.clusters)
      statistics.add(reader.statistics)
      if let found = reader.sketches { sketches.append(found) }
    }
    guard options.sketchWidth == 0 ? sketches.isEmpty : sketches.count == manifest.segments.count else {
      throw StoreError.damaged(directory.path, reason: "not all of its segments have sketches, or not none")
    }
    var known = KnownSegments(
      statistics: statistics,
      pool: EvidencePool(
        statistics, segmentCount: manifest.segments.count, sketches: sketches, meaning: options.meaning,
        memory: passes.memory, observer: observer),
      loop: MergeLoop(statistics, aggregation: options.aggregation))
    for (index, segment) in manifest.segments.enumerated() {
      guard !observer.shouldStop else { throw Interrupted() }
      for file in [segment.file] + segment.evidence {
        let evidence = try SegmentReader.evidence(directory.file(file.name), clusters: manifest.clusters)
        known.pool.add(evidence, ofSegment: index)
      }
    }
    return known
  }

  /// Whether the rows that must be read again are there to be read. If not, estimates do, if they are allowed.
  func canSweep(_ outcome: MergeLoop.Outcome, _ known: KnownSegments) throws -> Bool {
    let lacking = known.lacking(outcome.pending, segments: Array(manifest.segments.indices))
    for (segment, lacking) in zip(manifest.segments, lacking) where !lacking.isEmpty {
      for slice in segment.slices {
        guard let failure = goneSources[slice.input] else { continue }
        let steps = outcome.merges.filter { $0.evidence == .estimate }.map(\.step)
        if allowsEstimates && !steps.isEmpty { return false }
        throw StoreError.sourceGone(failure, steps: steps.isEmpty ? [outcome.merges.count + 1] : steps)
      }
    }
    return true
  }

  // MARK: Looking ahead

  /// One segment in so many is looked at before the others.
  static var sampledShare: Int { 16 }
  /// With fewer, one would be a large part of all rows.
  static var fewestSegmentsToSample: Int { 3 }
  /// Each round of looking adds groups that the one before could not foresee; there are hardly ever more than two. With
  /// narrow sketches and the score `mean` there are many, but each takes a merge loop, which may be dearer than the pass
  /// over all rows that it saves.
  private static var mostRehearsals: Int { 4 }

  /// A few segments, evenly spread; none if there are only few.
  var sample: [Int] { sample(share: Self.sampledShare, bytes: .max) }

  /// The segments that are looked at where others are to sweep the rest: more of them, since what is not foreseen costs
  /// another round of jobs, but soon read; and of rows that can be read here.
  var readableSample: [Int] {
    let sample = sample(share: 4, bytes: 2 << 30)
    // Each input is opened once, however many of the segments are of it.
    let inputs = Set(sample.flatMap { manifest.segments[$0].slices.map(\.input) })
    let readable = inputs.filter { manifest.sources[$0].isUnchanged }
    return sample.filter { manifest.segments[$0].slices.allSatisfy { readable.contains($0.input) } }
  }

  /// One segment in `share`, or fewer, with rows of so many bytes, but one at least.
  private func sample(share: Int, bytes: Int) -> [Int] {
    let count = manifest.segments.count
    guard options.sketchWidth > 0, count >= Self.fewestSegmentsToSample else { return [] }
    let affordable = bytes / max(1, passes.source.byteCount / count)
    let sampled = max(1, min(count / share, affordable))
    return (0..<sampled).map { (2 * $0 + 1) * count / (2 * sampled) }
  }

  /// The groups that exact evidence would be needed of if the segments so far were all: so it is for most of the same
  /// groups when there are more.
  mutating func foresee() throws -> [Group] {
    var known = try openSegments()
    guard known.statistics.counts.contains(where: { $0 > 0 }) else { return [] }
    let outcome = try known.run()
    let merges = try rehearse(outcome, on: Array(manifest.segments.indices), &known).merges
    let groups = Group.uncertified(in: merges, room: passes.memory.groups)
    return passes.affordable(groups, counts: known.statistics.counts)
  }

  /// Has some segments swept, and the merge loop run again with what that tells, until it needs no more of them.
  ///
  /// So the pass over all rows is for the groups that it is needed for, where a wrong guess would cost another one. What
  /// is swept here need not be swept again.
  mutating func rehearse(
    _ outcome: MergeLoop.Outcome, on sample: [Int], _ known: inout KnownSegments
  ) throws -> MergeLoop.Outcome {
    var outcome = outcome
    for _ in 0..<Self.mostRehearsals {
      guard known.lacking(outcome.pending, segments: sample).contains(where: { !$0.isEmpty }) else { break }
      try sweep(outcome.pending, sample, &known, MutedObserver(observer))
      outcome = try known.run()
    }
    return outcome
  }

  // MARK: Sweep

  /// Computes exact evidence of groups from the rows of those of some segments that lack it, segment by segment.
  ///
  /// - Returns: The number of rows of these segments.
  @discardableResult
  mutating func sweep(
    _ groups: [Group], _ segments: [Int], _ known: inout KnownSegments, _ observer: any RunObserver
  ) throws -> Int {
    let lacking = zip(segments, known.lacking(groups, segments: segments)).filter { !$1.isEmpty }
    let rows = lacking.reduce(0) { $0 + manifest.segments[$1.0].rows }
    guard rows > 0 else { return 0 }
    observer.willStart(.sweep(groups: Set(lacking.flatMap(\.1)).count, rows: rows))
    for (index, missing) in lacking {
      let segment = manifest.segments[index]
      let reader = try SegmentReader(directory.file(segment.file.name), clusters: manifest.clusters)
      let evidence = try passes.sweep(segment, reader, for: missing.map { groups[$0] }, observer)
      let file = try directory.addFile(manifest.newFileName("evidence")) { path throws(HDF5Error) in
        try EvidenceDatasets.write(evidence, to: path)
      }
      try add(file, toSegment: index)
      known.pool.add(evidence, ofSegment: index)
    }
    return rows
  }
}

extension SourcePasses {
  /// Exact evidence of groups from the rows of a segment, which `reader` has open.
  func sweep(
    _ segment: Manifest.Segment, _ reader: SegmentReader, for groups: [Group], _ observer: any BuildObserver
  ) throws -> ExactEvidence {
    try sweep(
      segment.slices, for: groups, counts: reader.statistics.counts,
      assignments: reader.sketches?.assignments(rows: segment.rows), observer: observer)
  }
}

/// Hears of what is done on the way to something else, and says nothing.
private struct MutedObserver: RunObserver {
  private let observer: any RunObserver

  init(_ observer: any RunObserver) { self.observer = observer }

  func willStart(_ phase: RunPhase) {}
  func didRead(rows: Int, bytes: Int) {}
  var shouldStop: Bool { observer.shouldStop }
}
