import LogitsToHierarchy

extension StoreRun {
  /// One segment in so many is looked at before the others.
  static var sampleInterval: Int { 16 }
  /// If there are fewer, one is a large part of all rows.
  static var fewestSegmentsToSample: Int { 3 }
  /// Each rehearsal finds groups that the one before could not foresee. Hardly ever more than two do. With narrow
  /// sketches and the score `mean` there would be many. But each takes a merge loop, which may cost more than the pass
  /// over all rows that it saves.
  static var mostRehearsals: Int { 4 }

  /// How many of the segments to scan are looked at before the others, to foresee what will be asked of these; 0 for none.
  func firstSegments(_ count: Int, hasSample: Bool) -> Int {
    if hasSample { return count > 1 ? 1 : 0 }
    // Without sketches, rows in memory are all that tells anything.
    guard options.sketchWidth > 0, count >= Self.fewestSegmentsToSample else { return 0 }
    return max(1, count / Self.sampleInterval)
  }

  /// A few segments, evenly spread; none if there are only few, or if rows in memory tell as much.
  var sample: [Int] { kept.isEmpty ? sample(oneIn: Self.sampleInterval, bytes: .max) : [] }

  /// The segments to look at if other processes are to sweep the rest. They are more, since what is not foreseen costs
  /// another round of jobs. They are still read soon, and their rows can be read here.
  var readableSample: [Int] {
    let sample = sample(oneIn: 4, bytes: 2 << 30)
    // Each input is opened once, however many of the segments are of it.
    let inputs = Set(sample.flatMap { manifest.segments[$0].slices.map(\.input) })
    let readable = inputs.filter { manifest.sources[$0].isUnchanged }
    return sample.filter { manifest.segments[$0].slices.allSatisfy { readable.contains($0.input) } }
  }

  /// One segment in `interval`, evenly spread. There are fewer if they would have more than `bytes` bytes of rows, but
  /// one at least.
  private func sample(oneIn interval: Int, bytes: Int) -> [Int] {
    let count = manifest.segments.count
    guard options.sketchWidth > 0, count >= Self.fewestSegmentsToSample else { return [] }
    let affordable = bytes / max(1, passes.source.byteCount / count)
    let sampled = max(1, min(count / interval, affordable))
    return (0..<sampled).map { (2 * $0 + 1) * count / (2 * sampled) }
  }

  /// The groups that would need exact evidence if there were no other segments. Most of them need it when there are
  /// more, too.
  ///
  /// - Parameter sample: The segments whose rows may be read again; nil for all.
  mutating func foresee(_ sample: [Int]?) throws -> [Group] {
    var known = try openSegments()
    guard known.statistics.counts.contains(where: { $0 > 0 }) else { return [] }
    let first = try known.run()
    try takeWritten()
    let sample = sample ?? Array(manifest.segments.indices)
    let outcome = try rehearse(first, on: sample, &known)
    // What comes after a guess is an estimate, whether sketches would certify it or not.
    let count = sample.isEmpty ? outcome.guesses.first.map { $0 - 1 } : nil
    let certain = outcome.merges.prefix(count ?? outcome.merges.count)
    var groups = Group.uncertified(in: Array(certain), room: passes.memory.groups)
    if certain.count < outcome.merges.count { groups += outcome.pending }
    return passes.affordable(groups, counts: known.statistics.counts)
  }

  /// Sweeps some segments and runs the merge loop again, until it needs nothing more of them.
  ///
  /// The pass over all rows is then for the right groups. A wrong guess would cost another pass. What is swept here
  /// need not be swept again.
  mutating func rehearse(
    _ outcome: MergeLoop.Outcome, on sample: [Int], _ known: inout KnownSegments, atMost count: Int = mostRehearsals
  ) throws -> MergeLoop.Outcome {
    var outcome = outcome
    for _ in 0..<count {
      guard known.lacking(outcome.pending, segments: sample).contains(where: { !$0.isEmpty }) else { break }
      try sweep(outcome.pending, sample, &known, MutedObserver(observer))
      outcome = try known.run()
    }
    return outcome
  }
}

/// Hands on the wish to stop, and keeps all else to itself.
private struct MutedObserver: RunObserver {
  private let observer: any RunObserver

  init(_ observer: any RunObserver) { self.observer = observer }

  func willStart(_ phase: RunPhase) {}
  func didRead(rows: Int, bytes: Int) {}
  var shouldStop: Bool { observer.shouldStop }
}
