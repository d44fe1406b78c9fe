import Synchronization

/// Rows in the chunks of an HDF5 dataset or a Zarr array, filters and all undone here.
///
/// What is found wrong here is wrong. The library would be no second opinion: it does not look how many bytes come out of
/// a chunk, and reads beyond what did.
final class ChunkedRows: RowReading {
  private let input: RowLayout
  private let chunks: any ChunkSource
  private let grid: ChunkGrid
  private var steps: [DecodingStep] { chunks.steps }
  private let fill: FillPattern
  /// No other reader's. An address would not do: readers come and go.
  private let number = ChunkedRows.nextNumber.add(1, ordering: .relaxed).newValue

  private static let nextNumber = Atomic(0)

  private var elementByteCount: Int { input.elementByteCount }
  private var chunkByteCount: Int { grid.elementCount * elementByteCount }

  init(_ input: RowLayout, _ chunks: any ChunkSource, fill: FillPattern) {
    self.input = input
    self.chunks = chunks
    self.fill = fill
    grid = chunks.grid
  }

  func read(
    _ rows: Range<Int>, wanted: [Range<Int>], into workspace: inout Workspace
  ) throws(LogitStreamError) -> RowBlock {
    let parts = grid.parts(of: rows)
    if parts.count == 1, parts[0].runs.count == 1, grid.hasRows, let chunk = try chunks.find(parts[0]),
      plainPlace(chunk, parts[0]) == nil
    {
      // One chunk has all the rows. They can stay where they were decoded.
      let elements = try decodedElements(of: chunk, for: parts[0], using: &workspace.decoder)
      return RowBlock(
        start: elements + parts[0].runs[0].element * elementByteCount, rowStride: grid.rowStride * elementByteCount,
        rows: rows)
    }
    let target = workspace.rows.bytes(rows.count * input.rowByteCount)
    var unwritten: [Range<Int>] = []
    var reads = JoinedReads(target)
    for part in parts where part.runs.contains(where: { !wanted.clamped(to: $0.rows).isEmpty }) {
      guard let chunk = try chunks.find(part) else {
        unwritten += part.runs.map(\.rows)
        writeFill(part, rows, into: target)
        continue
      }
      guard let place = plainPlace(chunk, part) else {
        scatter(try decodedElements(of: chunk, for: part, using: &workspace.decoder), part, rows, into: target)
        continue
      }
      if grid.hasWholeRows {
        try readRows(of: part, at: place, rows, wanted, &reads)
      } else {
        scatter(try plainElements(at: place, for: part, into: &workspace.parts), part, rows, into: target)
      }
    }
    try reads.finish()
    return RowBlock(
      start: UnsafeRawPointer(target.start), rowStride: input.rowByteCount, rows: rows,
      unwritten: Range<Int>.joined(unwritten))
  }

  func willNeed(_ rows: Range<Int>) { chunks.willNeed(rows) }

  func unwritten(_ rows: Range<Int>) throws(LogitStreamError) -> [Range<Int>] { try chunks.unwritten(rows) }

  // MARK: Chunks

  /// Where a chunk's elements are, if they can be read where they are, and are stored without filters.
  private func plainPlace(_ chunk: StoredChunk, _ part: ChunkGrid.Part) -> StoredChunk.Place? {
    guard let place = chunk.place else { return nil }
    return skipped(place.skippedFilters, part) == allFilters ? place : nil
  }

  private var allFilters: UInt32 { steps.count >= 32 ? .max : 1 << UInt32(steps.count) - 1 }

  /// The filters that were not applied to a chunk: those of its mask, and all of them where chunks at the edge have none.
  private func skipped(_ mask: UInt32, _ part: ChunkGrid.Part) -> UInt32 {
    chunks.leavesEdgesUnfiltered && grid.reachesBeyondEdge(part) ? allFilters : mask & allFilters
  }

  private func damaged(_ part: ChunkGrid.Part, _ reason: String) -> LogitStreamError {
    let rows = grid.rows(ofChunkAt: part.offset)
    let first = rows.first?.lowerBound ?? 0
    return .damagedChunk(
      file: input.file, dataset: input.dataset, rows: first..<(rows.last?.upperBound ?? first), reason: reason)
  }

  /// Reads a chunk and decodes it. The result is valid until the decoder is used again.
  ///
  /// A chunk that does not fit into a block is wanted several times, one time after the other: it is decoded once.
  private func decodedElements(
    of chunk: StoredChunk, for part: ChunkGrid.Part, using decoder: inout ChunkDecoder
  ) throws(LogitStreamError) -> UnsafeRawPointer {
    let key = ChunkDecoder.Key(reader: number, chunk: chunk.offset)
    if let elements = decoder.decoded(key) { return elements }
    guard chunk.byteCount <= ChunkDecoder.mostStored(steps, chunkByteCount: chunkByteCount) else {
      throw damaged(part, "it takes \(chunk.byteCount) bytes, where its elements take \(chunkByteCount)")
    }
    guard let mask = try chunks.read(chunk, into: decoder.stored(byteCount: chunk.byteCount)) else {
      throw damaged(part, "it takes other than \(chunk.byteCount) bytes")
    }
    do {
      return try decoder.decode(steps, skipping: skipped(mask, part), chunkByteCount: chunkByteCount, key)
    } catch {
      throw damaged(part, error.reason)
    }
  }

  /// Reads the bytes of an unfiltered chunk that a part needs. Returns the address at which the chunk's first element
  /// would be.
  private func plainElements(
    at place: StoredChunk.Place, for part: ChunkGrid.Part, into buffer: inout GrowingBuffer
  ) throws(LogitStreamError) -> UnsafeRawPointer {
    try checkPlain(place, part)
    var needed = 0..<chunkByteCount
    if grid.hasRows, let first = part.runs.first, let last = part.runs.last {
      needed =
        first.element * elementByteCount..<(last.element + last.count * grid.rowStride) * elementByteCount
    }
    let bytes = buffer.bytes(needed.count)
    try place.read(from: needed.lowerBound, into: bytes)
    return UnsafeRawPointer(bytes.start) - needed.lowerBound
  }

  /// Reads a part of an unfiltered chunk of whole rows straight into these rows.
  private func readRows(
    of part: ChunkGrid.Part, at place: StoredChunk.Place, _ rows: Range<Int>, _ wanted: [Range<Int>],
    _ reads: inout JoinedReads
  ) throws(LogitStreamError) {
    try checkPlain(place, part)
    let rowByteCount = input.rowByteCount
    for run in part.runs {
      let ranges = wanted.clamped(to: run.rows).bridged(upTo: ContiguousRows.bridgedByteCount / rowByteCount)
      for range in ranges {
        let start = (range.lowerBound - rows.lowerBound) * rowByteCount
        try reads.add(
          place.file, at: place.address + run.element * elementByteCount + (range.lowerBound - run.row) * rowByteCount,
          to: start..<start + range.count * rowByteCount)
      }
    }
  }

  private func checkPlain(_ place: StoredChunk.Place, _ part: ChunkGrid.Part) throws(LogitStreamError) {
    guard place.byteCount == chunkByteCount else {
      throw damaged(part, "it takes \(place.byteCount) bytes, where its elements take \(chunkByteCount)")
    }
  }

  /// Writes the fill value where a part's elements would be.
  private func writeFill(_ part: ChunkGrid.Part, _ rows: Range<Int>, into target: UnsafeMutableRawBufferPointer) {
    for run in part.runs {
      for row in run.rows {
        let start = (row - rows.lowerBound) * input.rowByteCount + part.clusters.lowerBound * elementByteCount
        fill.write(
          to: UnsafeMutableRawBufferPointer(rebasing: target[start..<start + part.clusters.count * elementByteCount]))
      }
    }
  }

  /// Copies a part's elements into the rows of a block.
  private func scatter(
    _ elements: UnsafeRawPointer, _ part: ChunkGrid.Part, _ rows: Range<Int>,
    into target: UnsafeMutableRawBufferPointer
  ) {
    for run in part.runs {
      let from = elements + run.element * elementByteCount
      let to =
        target.start + (run.row - rows.lowerBound) * input.rowByteCount + part.clusters.lowerBound * elementByteCount
      if !grid.hasRows {
        Transposition(elementByteCount: elementByteCount).perform(
          from: from, columnStride: grid.clusterStride * elementByteCount, columns: part.clusters.count,
          rows: run.count, step: grid.rowStride * elementByteCount, to: to, rowStride: input.rowByteCount)
      } else {
        let byteCount = part.clusters.count * elementByteCount
        let stride = grid.rowStride * elementByteCount
        for row in 0..<run.count {
          (to + row &* input.rowByteCount).copyMemory(from: from + row &* stride, byteCount: byteCount)
        }
      }
    }
  }
}

/// Bytes of files that are read into a buffer. What lies one after another in both is read at once: chunks of short rows are small,
/// and mostly follow one another.
private struct JoinedReads {
  private let buffer: UnsafeMutableRawBufferPointer
  /// What was asked for, and was not read yet.
  private var waiting: (file: PlainFile, offset: Int, target: Range<Int>)?

  init(_ buffer: UnsafeMutableRawBufferPointer) { self.buffer = buffer }

  /// Asks for the bytes of a file from `offset` on.
  mutating func add(_ file: PlainFile, at offset: Int, to target: Range<Int>) throws(LogitStreamError) {
    if let before = waiting, before.file === file, before.target.upperBound == target.lowerBound,
      before.offset + before.target.count == offset
    {
      waiting = (file, before.offset, before.target.lowerBound..<target.upperBound)
    } else {
      try finish()
      waiting = (file, offset, target)
    }
  }

  /// Reads what was asked for.
  mutating func finish() throws(LogitStreamError) {
    guard let (file, offset, target) = waiting.take() else { return }
    try file.read(at: offset, into: UnsafeMutableRawBufferPointer(rebasing: buffer[target]))
  }
}
