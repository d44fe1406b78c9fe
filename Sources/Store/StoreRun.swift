import Foundation
import HDF5
import Hierarchy
import LogitStream
import LogitsToHierarchy

/// What a run is doing.
public enum RunPhase: Sendable, Equatable {
  /// The first pass over rows.
  case scan(rows: Int)
  /// The merge loop, without the source.
  case merge
  /// A look at some rows, for a better guess at which groups a pass is needed for.
  case sample(groups: Int, rows: Int)
  /// Another pass over rows, for exact evidence of so many groups.
  case sweep(groups: Int, rows: Int)
}

/// Whoever wants to know what a run is doing, or to stop it. Called from several threads.
public protocol RunObserver: BuildObserver {
  func willStart(_ phase: RunPhase)
}

/// A run that brings a store from what is known to a hierarchy: scan what no segment holds, merge, sweep, and merge again
/// until nothing is pending.
///
/// Whatever is finished on the way is on disk, listed in the state being built, and is not done again by a later run.
struct StoreRun: ~Copyable {
  private let directory: StoreDirectory
  private let passes: SourcePasses
  private let observer: any RunObserver
  private var manifest: Manifest
  /// The sources whose file is gone, with what was wrong when it was opened.
  private let goneSources: [Int: LogitStreamError]
  private let allowsEstimates: Bool

  init(
    _ directory: StoreDirectory, _ manifest: Manifest, passes: SourcePasses, observer: any RunObserver,
    goneSources: [Int: LogitStreamError] = [:], allowsEstimates: Bool = false
  ) {
    self.directory = directory
    self.manifest = manifest
    self.passes = passes
    self.observer = observer
    self.goneSources = goneSources
    self.allowsEstimates = allowsEstimates
  }

  private var options: BuildOptions { passes.options }

  /// Runs to the end and returns the state with its hierarchy, which is not yet the store's.
  ///
  /// - Throws: ``StoreError``, ``LogitStreamError``, ``BuildError``
  consuming func run() throws -> Manifest {
    try directory.saveBuilding(manifest)
    var passCount = try scan()
    observer.willStart(.merge)
    let readers = try openSegments()
    let statistics = readers.reduce(into: ClusterStatistics(clusters: manifest.clusters)) { $0.add($1.statistics) }
    var (merging, evidenced) = try takeEvidence(readers, statistics)
    var outcome = try merging.run()
    while !outcome.pending.isEmpty {
      guard try canSweep(outcome, evidenced) else { break }
      outcome = try rehearse(outcome, readers, &merging, &evidenced)
      let rows = Array(manifest.segments.indices)
      try sweep(outcome.pending, rows, readers, &merging, &evidenced) { .sweep(groups: $0, rows: $1) }
      passCount += 1
      observer.willStart(.merge)
      outcome = try merging.run()
    }
    manifest.figures.passes = passCount
    manifest.hierarchy = try hierarchy(outcome.merges, statistics)
    return manifest
  }

  // MARK: Scan

  /// Scans what no segment holds, segment by segment. Returns the number of passes this makes.
  private mutating func scan() throws -> Int {
    let missing = manifest.missingRows
    guard !missing.isEmpty else { return 0 }
    for slice in missing { if let failure = goneSources[slice.input] { throw failure } }
    try passes.checkWritten(missing)
    observer.willStart(.scan(rows: missing.reduce(0) { $0 + $1.rows.count }))
    // A segment is written while the next one is scanned: waiting for the disk costs no time then.
    var writing: BackgroundTask<Manifest.Segment>?
    do {
      for slices in passes.segments(of: missing) {
        let segment = try passes.scan(slices)
        if let written = writing { try add(written.value()) }
        let (directory, name, passes) = (directory, newName("segment"), passes)
        writing = BackgroundTask {
          let result = segment.result()
          let file = try directory.addFile(name) { path throws(HDF5Error) in
            try SegmentFile.write(result, segment.sketches, to: path)
          }
          passes.recycle(segment)
          return Manifest.Segment(file: file, slices: slices, skippedRows: result.skippedRows)
        }
      }
    } catch {
      // What was finished before is kept, whatever went wrong after it.
      if let written = writing { try? add(written.value()) }
      throw error
    }
    if let written = writing { try add(written.value()) }
    return 1
  }

  /// Lists a segment that is on disk.
  private mutating func add(_ segment: Manifest.Segment) throws(StoreError) {
    manifest.segments.append(segment)
    try directory.saveBuilding(manifest)
  }

  // MARK: Merge

  /// Checks and opens the files of all segments.
  private func openSegments() throws -> [SegmentReader] {
    try manifest.segments.map { try SegmentReader(directory.checked($0.file), clusters: manifest.clusters) }
  }

  /// Adds up the evidence in all files. Also returns the groups, single clusters apart, that each segment has exact
  /// evidence of.
  private func takeEvidence(
    _ readers: [SegmentReader], _ statistics: ClusterStatistics
  ) throws -> (SegmentMerging, [Set<Group>]) {
    let sketches = readers.compactMap(\.sketches)
    guard statistics.counts.contains(where: { $0 > 0 }) else { throw BuildError.noValidRows }
    guard options.sketchWidth == 0 ? sketches.isEmpty : sketches.count == manifest.segments.count else {
      throw StoreError.damaged(directory.path, reason: "not all of its segments have sketches, or not none")
    }
    var merging = SegmentMerging(
      statistics, segmentCount: manifest.segments.count, sketches: sketches, options: options)
    var evidenced: [Set<Group>] = []
    for (index, segment) in manifest.segments.enumerated() {
      var groups: Set<Group> = []
      for file in [segment.file] + segment.evidence {
        let path = file == segment.file ? directory.file(file.name) : try directory.checked(file)
        let evidence = try SegmentReader.evidence(path, clusters: manifest.clusters)
        merging.add(evidence, ofSegment: index)
        groups.formUnion(evidence.keys.filter { $0.clusters.count > 1 })
      }
      evidenced.append(groups)
    }
    return (merging, evidenced)
  }

  private func hierarchy(_ merges: [Merge], _ statistics: ClusterStatistics) throws -> ClusterHierarchy {
    let clusters = manifest.names.enumerated().map { index, name in
      ClusterHierarchy.Cluster(
        name: name, samples: statistics.counts[index], meanProbability: statistics.meanProbability(index))
    }
    return try ClusterHierarchy(clusters: clusters, merges: merges)
  }

  // MARK: Sweep

  /// Whether the rows that must be read again are there to be read. If not, estimates do, if they are allowed.
  private func canSweep(_ outcome: (merges: [Merge], pending: [Group]), _ evidenced: [Set<Group>]) throws -> Bool {
    for (segment, known) in zip(manifest.segments, evidenced) where !known.isSuperset(of: outcome.pending) {
      for slice in segment.slices {
        guard let failure = goneSources[slice.input] else { continue }
        let steps = outcome.merges.filter { $0.evidence == .estimate }.map(\.step)
        if allowsEstimates && !steps.isEmpty { return false }
        throw StoreError.sourceGone("\(failure)", steps: steps.isEmpty ? [outcome.merges.count + 1] : steps)
      }
    }
    return true
  }

  /// One segment in so many is looked at before a pass, if there are so many that it costs little.
  private static let sampledShare = 32
  private static let fewestSegmentsToSample = 8
  /// Each round of looking adds groups that the one before could not foresee; there are hardly ever more than two.
  private static let mostRehearsals = 4

  /// Has a few segments swept, and the merge loop run again with what that tells, until they tell no more, so that the
  /// pass over all rows is for the groups that it is needed for: a wrong guess would cost another pass. What is swept here
  /// need not be swept again.
  private mutating func rehearse(
    _ outcome: (merges: [Merge], pending: [Group]), _ readers: [SegmentReader], _ merging: inout SegmentMerging,
    _ evidenced: inout [Set<Group>]
  ) throws -> (merges: [Merge], pending: [Group]) {
    let count = manifest.segments.count
    guard options.sketchWidth > 0, count >= Self.fewestSegmentsToSample else { return outcome }
    let sampled = max(1, count / Self.sampledShare)
    let sample = (0..<sampled).map { (2 * $0 + 1) * count / (2 * sampled) }
    var outcome = outcome
    for _ in 0..<Self.mostRehearsals {
      let pending = outcome.pending
      guard sample.contains(where: { !evidenced[$0].isSuperset(of: pending) }) else { break }
      try sweep(pending, sample, readers, &merging, &evidenced) { .sample(groups: $0, rows: $1) }
      observer.willStart(.merge)
      outcome = try merging.run()
    }
    return outcome
  }

  /// Computes exact evidence of groups from the rows of those of some segments that lack it, segment by segment.
  private mutating func sweep(
    _ groups: [Group], _ segments: [Int], _ readers: [SegmentReader], _ merging: inout SegmentMerging,
    _ evidenced: inout [Set<Group>], phase: (_ groups: Int, _ rows: Int) -> RunPhase
  ) throws {
    let lacking = segments.map { index in (index: index, groups: groups.filter { !evidenced[index].contains($0) }) }
      .filter { !$0.groups.isEmpty }
    let rows = lacking.reduce(0) { sum, part in
      manifest.segments[part.index].slices.reduce(sum) { $0 + $1.rows.count }
    }
    observer.willStart(phase(groups.count, rows))
    for (index, missing) in lacking {
      let segment = manifest.segments[index]
      let rowCount = segment.slices.reduce(0) { $0 + $1.rows.count }
      let evidence = try passes.sweep(
        segment.slices, for: missing, counts: readers[index].statistics.counts,
        assignments: readers[index].sketches?.assignments(rows: rowCount))
      let file = try directory.addFile(newName("evidence")) { path throws(HDF5Error) in
        let file = try NewFile(path)
        try EvidenceDatasets.write(evidence, to: file)
        try file.close()
      }
      manifest.segments[index].evidence.append(file)
      try directory.saveBuilding(manifest)
      merging.add(evidence, ofSegment: index)
      evidenced[index].formUnion(missing)
    }
  }

  // MARK: Files

  /// A name for a new file of the store's, which no file had before.
  private mutating func newName(_ kind: String) -> String {
    let digits = String(manifest.nextFile)
    manifest.nextFile += 1
    return "\(kind)-" + String(repeating: "0", count: max(0, 6 - digits.count)) + digits + ".h5"
  }
}
