import LogitsToHierarchy

extension StoreRun {
  /// One segment in so many is looked at before the others.
  static var sampleInterval: Int { 16 }
  /// With fewer, one would be a large part of all rows.
  static var fewestSegmentsToSample: Int { 3 }
  /// Each round of looking adds groups that the one before could not foresee; there are hardly ever more than two. With
  /// narrow sketches and the score `mean` there are many, but each takes a merge loop, which may be dearer than the pass
  /// over all rows that it saves.
  private static var mostRehearsals: Int { 4 }

  /// A few segments, evenly spread; none if there are only few.
  var sample: [Int] { sample(oneIn: Self.sampleInterval, bytes: .max) }

  /// The segments that are looked at where others are to sweep the rest: more of them, since what is not foreseen costs
  /// another round of jobs, but soon read; and of rows that can be read here.
  var readableSample: [Int] {
    let sample = sample(oneIn: 4, bytes: 2 << 30)
    // Each input is opened once, however many of the segments are of it.
    let inputs = Set(sample.flatMap { manifest.segments[$0].slices.map(\.input) })
    let readable = inputs.filter { manifest.sources[$0].isUnchanged }
    return sample.filter { manifest.segments[$0].slices.allSatisfy { readable.contains($0.input) } }
  }

  /// One segment in `interval`, or fewer, with rows of so many bytes, but one at least.
  private func sample(oneIn interval: Int, bytes: Int) -> [Int] {
    let count = manifest.segments.count
    guard options.sketchWidth > 0, count >= Self.fewestSegmentsToSample else { return [] }
    let affordable = bytes / max(1, passes.source.byteCount / count)
    let sampled = max(1, min(count / interval, affordable))
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
}

/// Hears of what is done on the way to something else, and says nothing.
private struct MutedObserver: RunObserver {
  private let observer: any RunObserver

  init(_ observer: any RunObserver) { self.observer = observer }

  func willStart(_ phase: RunPhase) {}
  func didRead(rows: Int, bytes: Int) {}
  var shouldStop: Bool { observer.shouldStop }
}
