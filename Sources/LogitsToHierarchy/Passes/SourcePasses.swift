import LogitStream

/// The passes over rows of a source that a build is made of, within its memory.
package struct SourcePasses: Sendable {
  package let source: LogitSource
  package let options: BuildOptions
  package let resources: RunResources
  package let memory: MemoryPlan
  private let readers: SourceReaders
  private let spare = SpareSegments()
  private let observer: any BuildObserver

  /// - Throws: ``BuildError/notEnoughMemory(needed:given:clusters:)``, and if a top-k dump can't be built with these options.
  package init(
    _ source: LogitSource, options: BuildOptions, resources: RunResources, observer: any BuildObserver
  ) throws(BuildError) {
    precondition(options.meaning.excludedColumns.allSatisfy((0..<source.clusters).contains))
    if let input = source.inputs.first(where: { $0.topK != nil }) {
      guard options.meaning.temperature == 1 else { throw .temperatureOfLargest(location: input.location) }
      guard options.meaning.excludedColumns.isEmpty else { throw .exclusionFromLargest(location: input.location) }
      guard options.sketchWidth > 0 else { throw .sketchlessLargest(location: input.location) }
    }
    memory = try MemoryPlan(source, options: options, resources: resources)
    readers = SourceReaders(source)
    self.source = source
    self.options = options
    self.resources = resources
    self.observer = observer
  }

  /// Inputs with chunks so high that each is read several times.
  package var inputsReadRepeatedly: [LogitInput] {
    plan(source.slices, memory.scanWorkers).inputsReadRepeatedly.map { source.inputs[$0] }
  }

  /// Makes sure, before any row is read, that all rows were written, unless unwritten ones may be left out.
  ///
  /// - Throws: ``BuildError/neverWritten(location:rows:)``, ``LogitStreamError``; `Interrupted`
  package func checkWritten(_ slices: [RowSlice]) throws { try readers.checkWritten(slices, options.meaning, observer) }

  /// Makes sure that the rows of the stream, of which these can be read again, do not look like another kind than logits.
  ///
  /// - Throws: ``BuildError/looksLike(location:kind:)``, ``LogitStreamError``
  package func checkKind(ofStreamed rows: Range<Int>) throws {
    try readers.checkKind(ofStream: source.inputs.count - 1, rows, options.meaning)
  }

  /// The first pass over a segment's rows.
  ///
  /// - Parameters:
  ///   - foreseen: Groups of several clusters, nested or disjoint, of which exact evidence is likely to be needed:
  ///     it costs less than another pass.
  ///   - keepsRows: Whether rows stay in memory.
  /// - Throws: ``BuildError``, ``LogitStreamError``
  package func scan(_ slices: [RowSlice], foreseen: [Group], keepsRows: Bool = false) throws -> ScannedSegment {
    let plan = plan(slices, memory.scanWorkers)
    let format = slices.first.flatMap { sketchFormat(of: source.inputs[$0.input]) }
    let segment = spare.take(
      format, rows: plan.rows, clusters: source.clusters, foreseen, hasDenseSums: memory.hasDenseSums)
    let pass = pass(plan, memory.scanWorkers, observer)
    if let sketches = segment.sketches, slices.contains(where: { source.inputs[$0.input].topK != nil }) {
      try pass.run { TopKWorker(segment.sums, sketches: sketches, assigned: segment.assignments) }
      return segment
    }
    let makeWorker: @Sendable () -> TallyWorker = { [clusters = source.clusters] in
      TallyWorker(
        segment.sums, clusters: clusters, sketches: segment.sketches, assigned: segment.assignments, known: nil)
    }
    guard keepsRows else {
      try pass.run(makeWorker)
      return segment
    }
    let kept = KeptRows(slices, of: source, options.meaning)
    try pass.run { KeepingWorker(makeWorker(), kept) }
    kept.sort(by: segment.assignments)
    var keeping = segment
    keeping.kept = kept
    return keeping
  }

  /// Whether there is room to keep the rows of some slices.
  package func canKeep(_ slices: [RowSlice]) -> Bool {
    source.stream == nil && !source.hasTopK && KeptRows.byteCount(slices, of: source) <= memory.kept
  }

  /// The first of the groups that are foreseen: those whose sums a scan is likely to have room for.
  ///
  /// - Parameter counts: Rows of each cluster, of all rows or of some.
  package func affordable(_ foreseen: [Group], counts: [Int]) -> [Group] {
    let segmentRows = memory.segmentRows(source.inputs.first.flatMap { sketchFormat(of: $0) })
    let all = max(1, counts.reduce(0, +))
    var room = memory.foreseen
    return Array(
      foreseen.prefix { group in
        let rows = group.clusters.reduce(0) { $0 + counts[$1] }
        let sums = min(Int(Double(segmentRows) * Double(rows) / Double(all)), source.clusters)
        room -=
          2 * group.byteCount
          + (memory.hasDenseSums
            ? ReassignedSums.denseByteCount(targets: 1, clusters: source.clusters) : SparseSums.mostBytesPerSum * sums)
        return room >= 0
      })
  }

  /// Takes back a segment that was written, so that its memory is used again.
  package func recycle(_ segment: ScannedSegment) { spare.put(segment) }

  /// Lets go of the memory that was kept for segments to come.
  package func releaseSpareMemory() { spare.removeAll() }

  /// A later pass over a segment's rows, for exact evidence of groups.
  ///
  /// - Parameters:
  ///   - counts: The rows assigned to each cluster when the segment was scanned.
  ///   - assignments: The cluster that each row was assigned to, −1 for rows left out; nil if that was not kept. If it
  ///     is there, only rows of the groups' clusters are read again.
  /// - Throws: ``BuildError``, ``LogitStreamError``; an error if the rows are other than they were.
  package func sweep(
    _ slices: [RowSlice], for groups: [Group], counts: [Int], assignments: [Int32]?, observer: any BuildObserver
  ) throws -> ExactEvidence {
    precondition(assignments.map { $0.count == slices.reduce(0) { $0 + $1.rows.count } } ?? true)
    let clusters = source.clusters
    let isDense =
      ReassignedSums.denseByteCount(targets: groups.count, clusters: clusters) <= memory.sweepSums / 2
    let sums = SharedSums(targets: PassTargets(groups, clusters: clusters), clusters: clusters, isDense: isDense)
    // A row has a sum in each of the groups it is in. So many rows are read at a time that their sums fit.
    let sumsPerRow = max(1, sums.targets.longestChain)
    let rows = isDense ? Int.max : max(1, memory.sweepSums / (sumsPerRow * SparseSums.mostBytesPerSum))
    var statistics = ClusterStatistics(clusters: clusters)
    var evidence: ExactEvidence = [:]
    var done = 0
    for part in parts(of: slices, rows: { _ in rows }) {
      let plan = plan(part, memory.sweepWorkers)
      let known = assignments.map { KnownAssignments(clusters: Array($0[done..<done + plan.rows])) }
      var sweep = pass(plan, memory.sweepWorkers, observer)
      // Which rows are logits was decided by the scan.
      if known != nil { sweep.meaning.fillRows = .logits }
      let makeWorker: @Sendable (KnownAssignments?) -> TallyWorker = { known in
        TallyWorker(sums, clusters: clusters, sketches: nil, assigned: nil, known: known)
      }
      if let known, sums.targets.rowsAtATime > 1 {
        try sweep.run(
          wanted: { known.rows(of: $0, in: sums.targets, between: GatheringWorker.mostBetween) },
          { GatheringWorker(makeWorker(nil), known, targets: sums.targets) })
      } else {
        try sweep.run(wanted: { known?.rows(of: $0, in: sums.targets) }, { makeWorker(known) })
      }
      let result = sums.result()
      sums.reset()
      statistics.add(result.statistics)
      evidence.merge(result.evidence) { $0 + $1 }
      done += plan.rows
    }
    guard assignments != nil || statistics.counts == counts else {
      let inputs = Set(slices.map(\.input)).sorted().map { source.inputs[$0] }
      throw BuildError.changedBetweenPasses(locations: inputs.map(\.location))
    }
    return evidence
  }

  private func plan(_ slices: [RowSlice], _ workers: WorkerMemory) -> BlockPlan {
    BlockPlan(
      source, slices, targetByteCount: resources.blockByteCount, mostByteCount: workers.blockByteCount)
  }

  private func pass(_ plan: BlockPlan, _ workers: WorkerMemory, _ observer: any BuildObserver) -> BlockPass {
    BlockPass(
      readers: readers, plan: plan, workers: workers.count, meaning: options.meaning, observer: observer)
  }
}
