import LogitStream
import Synchronization

/// What a scan learns from some rows of a source: a segment, before it is written.
package struct ScannedSegment: Sendable {
  fileprivate let sums: SharedSums
  package let assignments: RowAssignments
  /// The rows' sketches; nil where none are kept.
  package let sketches: SketchRows?

  /// What the rows add up to, with R of every single cluster, exactly. O(K²), so that it is best asked for while the next
  /// segment is scanned.
  package func result() -> PassResult { sums.result() }
}

/// The passes over rows of a source that a build is made of, within its memory.
package struct SourcePasses: Sendable {
  package let source: LogitSource
  package let options: BuildOptions
  private let readers: SourceReaders
  private let spare = SpareSegments()
  private let observer: any BuildObserver
  /// The threads that memory is enough for.
  private let workers: Int
  private let mostBlockBytes: Int
  /// The bytes that the sketches of a segment and its assignments may take.
  private let sketchBytes: Int
  /// Whether there is room for a sum of every two clusters.
  private let hasDenseSums: Bool

  /// - Throws: ``BuildError/notEnoughMemory(needed:given:clusters:)``
  package init(_ source: LogitSource, options: BuildOptions, observer: any BuildObserver) throws(BuildError) {
    self.source = source
    self.options = options
    self.observer = observer
    hasDenseSums = Self.hasDenseSums(clusters: source.clusters, memory: options.memory)
    let fixed = Self.fixedMemory(clusters: source.clusters, memory: options.memory)
    let left = options.memory - fixed
    let buffers = source.inputs.map(\.buffersPerBlock).max() ?? 1
    let rowBytes = buffers * (source.inputs.map(\.rowByteCount).max() ?? 0)
    let workspaceBytes = source.inputs.map(\.workspaceByteCount).max() ?? 0
    let least = Self.leastMemory(rowByteCount: rowBytes, workspaceByteCount: workspaceBytes)
    guard left >= least else {
      throw .notEnoughMemory(needed: fixed + least, given: options.memory, clusters: source.clusters)
    }
    // Large chunks leave room for fewer workers, each with its own.
    let leastBlocks = max(rowBytes, min(options.blockByteCount, left / 8))
    workers = max(1, min(options.threads, (left - 2 * Self.leastSketchBytes) / (workspaceBytes + leastBlocks)))
    sketchBytes = Self.sketchBytes(
      source, options, mostBytes: min(left / 3, left - workers * (rowBytes + workspaceBytes)))
    // One segment's sketches are written while the next one's are taken.
    mostBlockBytes = max(rowBytes, (left - 2 * sketchBytes) / workers - workspaceBytes) / buffers
    readers = SourceReaders(source)
  }

  /// What a build takes apart from blocks, sketches, and sums that are not zero: the program, some arrays over clusters,
  /// and, if there is room for a sum of every two clusters, these, and as much again, in the worst case thrice, for the
  /// evidence that is kept of them.
  package static func fixedMemory(clusters: Int, memory: Int) -> Int {
    let perCluster = 1 << 10
    let sums = hasDenseSums(clusters: clusters, memory: memory) ? denseMemory(clusters: clusters) : leastSparseMemory
    return programMemory + perCluster * clusters + sums
  }

  /// What the program takes before it works on anything.
  static let programMemory = 34 << 20

  /// Sums that are not zero take as much as there are of them, which only reading tells: some room for the first.
  private static let leastSparseMemory = 4 << 20

  /// What exact evidence of groups may take while the merge loop needs it.
  static func evidenceMemory(clusters: Int, memory: Int) -> Int {
    // Where there is a table of all sums, as many are reserved for evidence.
    let reserved = hasDenseSums(clusters: clusters, memory: memory) ? denseMemory(clusters: clusters) / 4 * 3 : 0
    return max(memory / 8, reserved)
  }

  private static func denseMemory(clusters: Int) -> Int {
    4 * ReassignedSums.denseByteCount(targets: clusters, clusters: clusters)
  }

  /// A table of sums is faster, but no more than a quarter of the memory goes to it, unless it is small.
  private static func hasDenseSums(clusters: Int, memory: Int) -> Bool {
    denseMemory(clusters: clusters) <= max(leastSparseMemory, memory / 4)
  }

  /// What a build of one input is likely to take with options as they are, if that is less than it may.
  package static func likelyMemory(_ input: LogitInput, options: BuildOptions) throws(LogitStreamError) -> Int {
    let source = try LogitSource([input])
    // One segment's sketches are written while the next one's are taken.
    let sketches = 2 * min(sketchBytes(source, options, mostBytes: options.memory), 256 * input.rows)
    let blocks = options.threads * (max(options.blockByteCount, input.rowByteCount) + input.workspaceByteCount)
    return min(
      options.memory, fixedMemory(clusters: input.clusters, memory: options.memory) + sketches + blocks)
  }

  private static let leastSketchBytes = 1 << 20
  /// Where a chunk is larger than a block may be, it is decoded anew for each block: these must not be tiny.
  private static let leastBlockBytes = 256 << 10

  /// What a build takes at least beside ``fixedMemory(clusters:memory:)``: one worker's block, and sketches twice.
  package static func leastMemory(rowByteCount: Int, workspaceByteCount: Int) -> Int {
    max(rowByteCount, leastBlockBytes) + workspaceByteCount + 2 * leastSketchBytes
  }

  /// The bytes that a segment's sketches and assignments may take.
  private static func sketchBytes(_ source: LogitSource, _ options: BuildOptions, mostBytes: Int) -> Int {
    let hasDenseSums = hasDenseSums(clusters: source.clusters, memory: options.memory)
    guard options.sketchWidth > 0 else {
      let rowBytes = segmentBytes(ofRow: nil, hasDenseSums: hasDenseSums)
      return min(mostRowsUnsketched * rowBytes, max(leastSketchBytes, mostBytes))
    }
    let format = SketchFormat(width: options.sketchWidth, clusters: source.clusters, isDouble: false)
    // Each segment has sums for pairs of clusters, too: where these are many, fewer segments are better.
    let hasLargeSums = ReassignedSums.denseByteCount(targets: source.clusters, clusters: source.clusters) > 4 << 20
    let rowBytes = segmentBytes(ofRow: format, hasDenseSums: hasDenseSums)
    // Narrow sketches of many rows have room in one segment; but it takes several to look at a few rows before the rest.
    let least = (hasLargeSums ? 5 : 1) * min(options.sketchByteCount, rowBytes << 15)
    let wanted = max(least, source.rows * rowBytes / 256)
    return min(wanted, max(leastSketchBytes, mostBytes))
  }

  /// The bytes that a row takes in a segment in memory, with what it may add to the sums.
  package static func segmentBytes(ofRow format: SketchFormat?, hasDenseSums: Bool) -> Int {
    RowAssignments.rowByteCount + (format?.rowByteCount ?? 0) + (hasDenseSums ? 0 : SparseSums.mostBytesPerSum)
  }

  /// Inputs with chunks so high that each is read several times.
  package var inputsReadRepeatedly: [LogitInput] { plan(source.slices).inputsReadRepeatedly.map { source.inputs[$0] } }

  /// How sketches of an input's rows are laid out; nil where none are kept.
  package func sketchFormat(of input: LogitInput) -> SketchFormat? {
    options.sketchWidth == 0
      ? nil
      : SketchFormat(
        width: options.sketchWidth, clusters: source.clusters, isDouble: input.format.precision == .float64)
  }

  /// Makes sure, before any are read, that rows were written that must be.
  ///
  /// - Throws: ``BuildError/neverWritten(location:rows:)``, ``LogitStreamError``
  package func checkWritten(_ slices: [RowSlice]) throws {
    guard options.invalidRows == .fail else { return }
    try readers.checkWritten(slices)
  }

  /// Cuts rows into the slices of segments, each as large as memory allows and of one format.
  ///
  /// Segments end between chunks where there are several chunks in one.
  package func segments(of slices: [RowSlice]) -> [[RowSlice]] {
    pieces(of: slices) { max(1, sketchBytes / Self.segmentBytes(ofRow: $0, hasDenseSums: hasDenseSums)) }
  }

  /// Cuts rows into pieces of so many, depending on how they are sketched; between chunks, where there are several in one.
  private func pieces(of slices: [RowSlice], capacity: (SketchFormat?) -> Int) -> [[RowSlice]] {
    var pieces: [[RowSlice]] = []
    var room = 0
    var format: SketchFormat??
    for slice in slices where !slice.rows.isEmpty {
      let input = source.inputs[slice.input]
      let sliceFormat = sketchFormat(of: input)
      var start = slice.rows.lowerBound
      while start < slice.rows.upperBound {
        if room == 0 || format != sliceFormat {
          pieces.append([])
          room = capacity(sliceFormat)
          format = sliceFormat
        }
        var end = slice.rows.upperBound - start > room ? start + room : slice.rows.upperBound
        let cut = input.alignment.cut(before: end)
        if end < slice.rows.upperBound, cut > start { end = cut }
        pieces[pieces.count - 1].append(RowSlice(input: slice.input, rows: start..<end))
        room = end < slice.rows.upperBound ? 0 : room - (end - start)
        start = end
      }
    }
    return pieces
  }

  /// Without sketches a segment is its sums and little more, so that it only matters how much is lost when a run is
  /// stopped.
  private static let mostRowsUnsketched = 1 << 24

  /// The first pass over a segment's rows.
  ///
  /// - Parameter foreseen: Groups of several clusters, nested or disjoint, of which exact evidence is likely to be needed:
  ///   it costs less than another pass.
  /// - Throws: ``BuildError``, ``LogitStreamError``
  package func scan(_ slices: [RowSlice], foreseen: [Group]) throws -> ScannedSegment {
    let plan = plan(slices)
    let format = slices.first.flatMap { sketchFormat(of: source.inputs[$0.input]) }
    let segment = spare.take(
      format, rows: plan.rows, clusters: source.clusters, foreseen, hasDenseSums: hasDenseSums)
    try RowPass(
      readers: readers, options: options, workers: workers, plan: plan, sums: segment.sums, sketches: segment.sketches,
      assigned: segment.assignments, assignments: nil, observer: observer
    ).run()
    return segment
  }

  /// As many of the groups that are foreseen, from the first on, as a scan is likely to have room for the sums of.
  ///
  /// - Parameter counts: Rows of each cluster, of all rows or of some.
  package func affordable(_ foreseen: [Group], counts: [Int]) -> [Group] {
    let segmentRows =
      sketchBytes
      / Self.segmentBytes(ofRow: source.inputs.first.flatMap { sketchFormat(of: $0) }, hasDenseSums: hasDenseSums)
    let all = max(1, counts.reduce(0, +))
    var room = options.memory / 8
    return Array(
      foreseen.prefix { group in
        let rows = group.clusters.reduce(0) { $0 + counts[$1] }
        let sums = min(Int(Double(segmentRows) * Double(rows) / Double(all)), source.clusters)
        room -=
          2 * group.byteCount
          + (hasDenseSums
            ? ReassignedSums.denseByteCount(targets: 1, clusters: source.clusters) : SparseSums.mostBytesPerSum * sums)
        return room >= 0
      })
  }

  /// Takes back a segment that was written, for its memory.
  package func recycle(_ segment: ScannedSegment) { spare.put(segment) }

  /// Lets go of the memory that was kept for segments to come.
  package func releaseSpareMemory() { spare.removeAll() }

  /// A later pass over a segment's rows, for exact evidence of groups.
  ///
  /// - Parameters:
  ///   - counts: The rows assigned to each cluster when the segment was scanned.
  ///   - assignments: The cluster each row was assigned to, −1 for rows left out, if that was kept: rows of other
  ///     clusters than the groups' are not read again then.
  /// - Throws: ``BuildError``, ``LogitStreamError``; an error if the rows are other than they were.
  package func sweep(
    _ slices: [RowSlice], for groups: [Group], counts: [Int], assignments: [Int32]?, observer: any BuildObserver
  ) throws -> Evidence {
    precondition(assignments.map { $0.count == slices.reduce(0) { $0 + $1.rows.count } } ?? true)
    let isDense = ReassignedSums.denseByteCount(targets: groups.count, clusters: source.clusters) <= options.memory / 16
    let sums = SharedSums(
      targets: PassTargets(groups, clusters: source.clusters), clusters: source.clusters, isDense: isDense)
    // In nested groups a row has a sum in each: so few rows at a time that these fit.
    let sumsPerRow = max(1, sums.targets.longestChain)
    let rows = isDense ? Int.max : max(1, options.memory / 8 / (sumsPerRow * SparseSums.mostBytesPerSum))
    var statistics = ClusterStatistics(clusters: source.clusters)
    var evidence: Evidence = [:]
    var done = 0
    for part in pieces(of: slices, capacity: { _ in rows }) {
      let plan = plan(part)
      try RowPass(
        readers: readers, options: options, workers: workers, plan: plan, sums: sums, sketches: nil, assigned: nil,
        assignments: assignments.map { Array($0[done..<done + plan.rows]) }, observer: observer
      ).run()
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

  private func plan(_ slices: [RowSlice]) -> BlockPlan {
    BlockPlan(source, slices, targetByteCount: options.blockByteCount, mostByteCount: mostBlockBytes)
  }
}

/// Memory of segments that were written, for those that come: fresh pages for each would take longer than its sums.
private final class SpareSegments: Sendable {
  private let segments = Mutex<[ScannedSegment]>([])

  func take(
    _ format: SketchFormat?, rows: Int, clusters: Int, _ foreseen: [Group], hasDenseSums: Bool
  ) -> ScannedSegment {
    let found = segments.withLock { segments in
      // Those for other groups are of no use any more.
      segments.removeAll { $0.sums.targets.groups[clusters...] != foreseen[...] }
      return segments.firstIndex { $0.sketches?.format == format && $0.assignments.capacity >= rows }
        .map { segments.remove(at: $0) }
    }
    guard let found else {
      return ScannedSegment(
        sums: SharedSums(
          targets: .singletons(clusters: clusters, and: foreseen), clusters: clusters, isDense: hasDenseSums),
        assignments: RowAssignments(capacity: rows), sketches: format.map { SketchRows($0, capacity: rows) })
    }
    found.sums.reset()
    found.assignments.reset(count: rows)
    return found
  }

  func put(_ segment: ScannedSegment) { segments.withLock { $0.append(segment) } }

  func removeAll() { segments.withLock { $0.removeAll() } }
}

extension SourceReaders {
  /// Makes sure that rows were written.
  ///
  /// - Throws: ``BuildError/neverWritten(location:rows:)`` for the first input with rows that were not; ``LogitStreamError``
  func checkWritten(_ slices: [RowSlice]) throws {
    for slice in slices {
      let unwritten = try unwritten(slice)
      guard unwritten.isEmpty else {
        throw BuildError.neverWritten(location: source.inputs[slice.input].location, rows: unwritten)
      }
    }
  }
}
