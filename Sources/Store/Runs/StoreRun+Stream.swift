import LogitStream
import LogitsToHierarchy
import Threads

extension StoreRun {
  /// Scans the rows of the stream, if there is one: segment by segment, until no more come. Returns the number of passes.
  ///
  /// They do not come twice. So what will be asked of them is foreseen from those that have come, again and again, and computed
  /// on the way.
  mutating func scanStream() throws -> Int {
    guard let stream = passes.source.stream else { return 0 }
    let index = passes.source.inputs.count - 1
    let keepsRows = stream.input.topK == nil
    let kept = keepsRows ? max(1, min(passes.memory.kept / stream.input.rowByteCount, Int(Int32.max))) : 0
    try stream.prepare(keeping: kept, spool: spool) { [observer] in observer.shouldStop }
    // An interrupted run had at least so many.
    let spooled = try spool.map { $0.isSource ? 0 : try $0.byteCount() / stream.input.rowByteCount } ?? 0
    try stream.skipSpooled(manifest.sources[index].input.rows)
    observer.willStart(.stream)
    // An update knows from the store, and a file is read again as fast as this time.
    let looksAhead =
      foreseen.isEmpty && options.sketchWidth > 0 && spool?.isSource != true && keepsRows
    var nextLook = looksAhead ? min(kept, Self.rowsBeforeFirstLook) : .max
    var isChecked = false
    var segments = StreamSegments(passes, stream)
    do {
      while !stream.hasEnded {
        let start = stream.rows
        if start >= nextLook {
          try takeWritten()
          passes.releaseSpareMemory()
          foreseen = try foresee(readableSample(of: stream))
          nextLook = 4 * start
        }
        // A segment can be read again if all of its rows can.
        let end = start < kept ? min(nextLook, kept) : nextLook
        let segment = try segments.scan(upTo: end, foreseen: foreseen)
        guard !observer.shouldStop else { throw Interrupted() }
        let rows = start..<stream.rows
        if !rows.isEmpty { try write(segment, of: [RowSlice(input: index, rows: rows)]) }
        if !isChecked {
          isChecked = true
          try passes.checkKind(ofStreamed: rows)
        }
      }
    } catch {
      // What was finished before is kept, if its rows are, whatever went wrong after it.
      try? takeWritten()
      throw error
    }
    try takeWritten()
    passes.releaseSpareMemory()
    try stream.checkEnd(spooled)
    guard stream.rows > 0 else { throw LogitStreamError.noRows(file: stream.input.location, dataset: "") }
    manifest.sources[index].fingerprint = stream.fingerprint
    try directory.saveBuilding(manifest)
    return 1
  }

  /// The rows that what is asked of others is foreseen from for the first time. It is done again whenever there are four times as many:
  /// the more rows there are, the more their tree is that of all.
  private static var rowsBeforeFirstLook: Int { 1 << 14 }

  /// The first segments of the stream that can be read again: so few of them that this takes little time.
  private func readableSample(of stream: RowStream) -> [Int] {
    var room = max(Self.rowsBeforeFirstLook, stream.rows / Self.sampleInterval)
    let index = passes.source.inputs.count - 1
    let mine = manifest.segments.indices.filter { manifest.segments[$0].slices.allSatisfy { $0.input == index } }
    return readable(mine).prefix { segment in
      room -= manifest.segments[segment].rows
      return room >= 0
    }
  }

  /// Why rows can't be read again; nil if they can.
  func unreadable(_ slice: RowSlice) -> LogitStreamError? {
    if let failure = goneSources[slice.input] { return failure }
    guard let stream = passes.source.stream, slice.input == passes.source.inputs.count - 1,
      !stream.canReadAgain(slice.rows)
    else { return nil }
    return .streamEnded(stream.input.location)
  }
}

/// How the rows of a stream are cut into segments, which grow with the rows that have come.
private struct StreamSegments {
  private let passes: SourcePasses
  private let stream: RowStream
  private var count = 0
  private var mostRows = 0

  init(_ passes: SourcePasses, _ stream: RowStream) {
    self.passes = passes
    self.stream = stream
  }

  /// Scans the next rows.
  ///
  /// - Parameter end: Where the segment ends at the latest.
  /// - Returns: What they tell; of no rows, if none have come.
  mutating func scan(upTo end: Int, foreseen: [Group]) throws -> ScannedSegment {
    let start = stream.rows
    let rows = min(
      passes.memory.segmentRows(passes.sketchFormat(of: stream.input), after: count), end - start)
    if rows > mostRows {
      // Segments of before are too small to be used again.
      passes.releaseSpareMemory()
      mostRows = rows
    }
    count += 1
    let index = passes.source.inputs.count - 1
    let segment = try passes.scan([RowSlice(input: index, rows: start..<start + rows)], foreseen: foreseen)
    segment.truncate(to: stream.rows - start)
    return segment
  }
}
