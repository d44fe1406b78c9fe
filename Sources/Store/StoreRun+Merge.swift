import HDF5
import Hierarchy
import LogitStream
import LogitsToHierarchy

/// What is known of the rows of all segments.
struct KnownSegments {
  let readers: [SegmentReader]
  let statistics: ClusterStatistics
  var merging: SegmentMerging
  /// The groups, single clusters apart, that each segment has exact evidence of.
  var evidenced: [Set<Group>]
}

extension StoreRun {
  /// Checks and opens the files of all segments, and adds up the evidence in them.
  func openSegments() throws -> KnownSegments {
    let readers = try manifest.segments.map {
      try SegmentReader(path(of: $0.file), clusters: manifest.clusters)
    }
    let statistics = readers.reduce(into: ClusterStatistics(clusters: manifest.clusters)) { $0.add($1.statistics) }
    let sketches = readers.compactMap(\.sketches)
    guard options.sketchWidth == 0 ? sketches.isEmpty : sketches.count == manifest.segments.count else {
      throw StoreError.damaged(directory.path, reason: "not all of its segments have sketches, or not none")
    }
    var known = KnownSegments(
      readers: readers, statistics: statistics,
      merging: SegmentMerging(statistics, segmentCount: readers.count, sketches: sketches, options: options),
      evidenced: [])
    for (index, segment) in manifest.segments.enumerated() {
      var groups: Set<Group> = []
      for file in [segment.file] + segment.evidence {
        let path = file == segment.file ? directory.file(file.name) : try path(of: file)
        let evidence = try SegmentReader.evidence(path, clusters: manifest.clusters)
        known.merging.add(evidence, ofSegment: index)
        groups.formUnion(evidence.keys.filter { $0.clusters.count > 1 })
      }
      known.evidenced.append(groups)
    }
    return known
  }

  /// Whether the rows that must be read again are there to be read. If not, estimates do, if they are allowed.
  func canSweep(_ outcome: (merges: [Merge], pending: [Group]), _ known: KnownSegments) throws -> Bool {
    for (segment, evidenced) in zip(manifest.segments, known.evidenced)
    where !evidenced.isSuperset(of: outcome.pending) {
      for slice in segment.slices {
        guard let failure = goneSources[slice.input] else { continue }
        let steps = outcome.merges.filter { $0.evidence == .estimate }.map(\.step)
        if allowsEstimates && !steps.isEmpty { return false }
        throw StoreError.sourceGone("\(failure)", steps: steps.isEmpty ? [outcome.merges.count + 1] : steps)
      }
    }
    return true
  }

  // MARK: Looking ahead

  /// One segment in so many is looked at before the others.
  static var sampledShare: Int { 16 }
  /// With fewer, one would be a large part of all rows.
  static var fewestSegmentsToSample: Int { 3 }
  /// Each round of looking adds groups that the one before could not foresee; there are hardly ever more than two.
  private static var mostRehearsals: Int { 4 }

  /// A few segments, evenly spread; none if there are only few.
  var sample: [Int] {
    let count = manifest.segments.count
    guard options.sketchWidth > 0, count >= Self.fewestSegmentsToSample else { return [] }
    let sampled = max(1, count / Self.sampledShare)
    return (0..<sampled).map { (2 * $0 + 1) * count / (2 * sampled) }
  }

  /// The groups that exact evidence would be needed of if the segments so far were all: so it is for most of the same
  /// groups when there are more.
  mutating func foresee() throws -> [Group] {
    var known = try openSegments()
    guard known.statistics.counts.contains(where: { $0 > 0 }) else { return [] }
    let outcome = try known.merging.run()
    let merges = try rehearse(outcome, on: Array(manifest.segments.indices), &known).merges
    return SegmentMerging.uncertified(merges)
  }

  /// Has some segments swept, and the merge loop run again with what that tells, until it needs no more of them.
  ///
  /// So the pass over all rows is for the groups that it is needed for, where a wrong guess would cost another one. What
  /// is swept here need not be swept again.
  mutating func rehearse(
    _ outcome: (merges: [Merge], pending: [Group]), on sample: [Int], _ known: inout KnownSegments
  ) throws -> (merges: [Merge], pending: [Group]) {
    var outcome = outcome
    for _ in 0..<Self.mostRehearsals {
      let pending = outcome.pending
      guard sample.contains(where: { !known.evidenced[$0].isSuperset(of: pending) }) else { break }
      try sweep(pending, sample, &known, SilentObserver(observer))
      outcome = try known.merging.run()
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
    let lacking = segments.map { index in
      (index: index, groups: groups.filter { !known.evidenced[index].contains($0) })
    }.filter { !$0.groups.isEmpty }
    let rows = lacking.reduce(0) { $0 + manifest.segments[$1.index].rows }
    guard rows > 0 else { return 0 }
    observer.willStart(.sweep(groups: Set(lacking.flatMap(\.groups)).count, rows: rows))
    for (index, missing) in lacking {
      let segment = manifest.segments[index]
      let reader = known.readers[index]
      let evidence = try passes.sweep(
        segment.slices, for: missing, counts: reader.statistics.counts,
        assignments: reader.sketches?.assignments(rows: segment.rows), observer: observer)
      let file = try directory.addFile(newName("evidence")) { path throws(HDF5Error) in
        let file = try NewFile(path)
        try EvidenceDatasets.write(evidence, to: file)
        try file.close()
      }
      try add(file, toSegment: index)
      known.merging.add(evidence, ofSegment: index)
      known.evidenced[index].formUnion(missing)
    }
    return rows
  }
}

/// Hears of what is done on the way to something else, and says nothing.
private struct SilentObserver: RunObserver {
  private let observer: any RunObserver

  init(_ observer: any RunObserver) { self.observer = observer }

  func willStart(_ phase: RunPhase) {}
  func didRead(rows: Int, bytes: Int) {}
  var shouldStop: Bool { observer.shouldStop }
}
