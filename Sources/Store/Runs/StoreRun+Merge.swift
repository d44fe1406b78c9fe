import Hierarchy
import LogitStream
import LogitsToHierarchy
import Threads

extension StoreRun {
  /// Checks and opens the files of all segments, and adds up the evidence in them. The one that is being written comes last.
  mutating func openSegments() throws -> KnownSegments {
    try checkFiles()
    var statistics = ClusterStatistics(clusters: manifest.clusters)
    var sketches: [any SketchReading] = []
    for segment in manifest.segments {
      guard !observer.shouldStop else { throw Interrupted() }
      let reader = try SegmentReader(directory.file(segment.file.name), clusters: manifest.clusters)
      statistics.add(reader.statistics)
      if let found = reader.sketches { sketches.append(found) }
    }
    var last = writing?.content()
    if let last {
      statistics.add(last.result.statistics)
      if let found = last.sketches { sketches.append(found) }
    }
    let names = manifest.segments.map(\.file.name) + (writing.map { [$0.name] } ?? [])
    let count = names.count
    guard options.sketchWidth == 0 ? sketches.isEmpty : sketches.count == count else {
      throw StoreError.damaged(directory.path, reason: "not all of its segments have sketches, or not none")
    }
    var known = KnownSegments(
      statistics,
      EvidencePool(
        statistics, segmentCount: count, sketches: sketches, meaning: options.meaning, memory: passes.memory,
        observer: observer),
      options: options)
    for (index, name) in names.enumerated() { if let rows = kept[name] { known.pool.keep(rows, ofSegment: index) } }
    if let content = last.take() { known.pool.add(content.result.evidence, ofSegment: count - 1) }
    // One after another, so that memory does not grow with their number.
    for (index, segment) in manifest.segments.enumerated() {
      guard !observer.shouldStop else { throw Interrupted() }
      for file in [segment.file] + segment.evidence {
        let evidence = try SegmentReader.evidence(directory.file(file.name), clusters: manifest.clusters)
        known.pool.add(evidence, ofSegment: index)
      }
    }
    return known
  }

  /// Runs the merge loop on, and writes the evidence that it found in memory.
  mutating func merge(_ known: inout KnownSegments) throws -> MergeLoop.Outcome {
    while true {
      let outcome = try known.run()
      try takeWritten()
      passes.releaseSpareMemory()
      let lackedRoom = known.pool.lackedRoom
      let recalled = known.pool.takeRecalled()
      for (index, evidence) in recalled.sorted(by: { $0.key < $1.key }) { try write(evidence, ofSegment: index) }
      guard lackedRoom, !recalled.isEmpty else { return outcome }
    }
  }

  /// Whether rows have all logits that a sweep might ask for. If not, estimates will do where they are allowed.
  func canSweep(_ outcome: MergeLoop.Outcome) throws -> Bool {
    guard passes.source.hasTopK else { return true }
    if !allowsEstimates { try passes.source.checkDecides(outcome) }
    return false
  }

  /// Why rows that must be read again can't be; nil if they can.
  func goneRows(_ outcome: MergeLoop.Outcome, _ known: KnownSegments) -> LogitStreamError? {
    let lacking = known.lacking(outcome.pending, segments: Array(manifest.segments.indices))
    for (segment, lacking) in zip(manifest.segments, lacking) where !lacking.isEmpty {
      for slice in segment.slices { if let failure = unreadable(slice) { return failure } }
    }
    return nil
  }

  /// Decides what can be decided by the rows that can be read again and the sketches of the others; the rest by estimates, where
  /// they are allowed.
  ///
  /// - Throws: ``StoreError/sourceGone(_:steps:)``
  mutating func decide(
    without failure: LogitStreamError, _ known: inout KnownSegments
  ) throws -> MergeLoop.Outcome {
    known.pool.combinesParts = true
    // What was swept before counts from now on.
    var outcome = try known.run()
    outcome = try rehearse(
      outcome, on: readable(manifest.segments.indices), &known, atMost: Self.mostRehearsalsForEstimates)
    let steps = outcome.guesses
    guard outcome.pending.isEmpty || allowsEstimates && !steps.isEmpty else {
      throw StoreError.sourceGone(failure, steps: steps.isEmpty ? [outcome.merges.count + 1] : steps)
    }
    return outcome
  }

  /// Each makes estimates better, and may find others to be made.
  private static var mostRehearsalsForEstimates: Int { 16 }

  /// Those of some segments whose rows can all be read again.
  func readable(_ segments: some Sequence<Int>) -> [Int] {
    segments.filter { manifest.segments[$0].slices.allSatisfy { unreadable($0) == nil } }
  }
}
