import HDF5

/// Rows in the chunks of an HDF5 dataset. They are read and decoded here, without the library.
final class ChunkedRows: RowReading {
  private let input: LogitInput
  private let index: ChunkIndex
  private let filters: [ChunkFilter]
  private let leavesEdgesUnfiltered: Bool
  private let file: PlainFile
  /// Reads what can't be decoded here. If that fails too, its error says why.
  private let library: LibraryRows

  private var grid: ChunkGrid { index.grid }
  private var elementByteCount: Int { input.format.byteCount }
  private var chunkByteCount: Int { grid.elementCount * elementByteCount }

  init(
    _ input: LogitInput, chunkShape: [Int], filters: [ChunkFilter], dataset: consuming Dataset
  ) throws(LogitStreamError) {
    self.input = input
    self.filters = filters
    index = try ChunkIndex(input, chunkShape: chunkShape, dataset: dataset)
    file = try PlainFile(input.file)
    do { leavesEdgesUnfiltered = try dataset.leavesEdgesUnfiltered } catch { throw .library(error) }
    library = LibraryRows(input, index: nil, dataset: dataset)
  }

  func read(
    _ rows: Range<Int>, wanted: [Range<Int>], into workspace: inout Workspace
  ) throws(LogitStreamError) -> RowBlock {
    do {
      return try decode(rows, wanted, into: &workspace)
    } catch {
      // The library may read what can't be decoded here. It does not know LZF, so its error would be no help there.
      guard case .damagedChunk = error, !filters.contains(.lzf) else { throw error }
      return try library.read(rows, wanted: wanted, into: &workspace)
    }
  }

  private func decode(
    _ rows: Range<Int>, _ wanted: [Range<Int>], into workspace: inout Workspace
  ) throws(LogitStreamError) -> RowBlock {
    let parts = grid.parts(of: rows)
    if parts.count == 1, parts[0].runs.count == 1, !grid.geometry.clustersComeFirst,
      let location = try index.locate(parts[0]), !isPlain(location, parts[0])
    {
      // One chunk has all the rows. They can stay where they were decoded.
      let elements = try decodedElements(of: location, for: parts[0], using: &workspace.decoder)
      return RowBlock(
        start: elements + parts[0].runs[0].element * elementByteCount, rowStride: grid.rowStride * elementByteCount,
        rows: rows)
    }
    let target = workspace.rows.bytes(rows.count * input.rowByteCount)
    var unwritten: [Range<Int>] = []
    for part in parts where part.runs.contains(where: { !wanted.clamped(to: $0.rows).isEmpty }) {
      guard let location = try index.locate(part) else {
        unwritten += part.runs.map(\.rows)
        continue
      }
      if !isPlain(location, part) {
        scatter(try decodedElements(of: location, for: part, using: &workspace.decoder), part, rows, into: target)
      } else if grid.hasWholeRows {
        try readRows(of: part, at: location, rows, wanted, into: target)
      } else {
        scatter(try plainElements(of: location, for: part, into: &workspace.parts), part, rows, into: target)
      }
    }
    return RowBlock(
      start: UnsafeRawPointer(target.start), rowStride: input.rowByteCount, rows: rows,
      unwritten: Range<Int>.joined(unwritten))
  }

  func willNeed(_ rows: Range<Int>) {
    for part in grid.parts(of: rows) {
      // If the index is damaged, reading the rows gives the error.
      guard let location = try? index.locate(part) else { continue }
      file.willNeed(location.address..<location.address + location.byteCount)
    }
  }

  func unwritten(_ rows: Range<Int>) throws(LogitStreamError) -> [Range<Int>] { try index.unwritten(rows) }

  // MARK: Chunks

  /// Whether a chunk's elements are stored as they are, without filters.
  private func isPlain(_ location: ChunkLocation, _ part: ChunkGrid.Part) -> Bool {
    if leavesEdgesUnfiltered, grid.reachesBeyondEdge(part) { return true }
    return filters.indices.allSatisfy { $0 < 32 && location.skippedFilters >> UInt32($0) & 1 == 1 }
  }

  private func damaged(_ part: ChunkGrid.Part, _ reason: String) -> LogitStreamError {
    let first = part.runs.first?.row ?? 0
    let end = part.runs.last.map { $0.row + $0.count } ?? first
    return .damagedChunk(file: input.file, dataset: input.dataset, rows: first..<end, reason: reason)
  }

  /// Reads a chunk and decodes it. The result is valid until the decoder is used again.
  private func decodedElements(
    of location: ChunkLocation, for part: ChunkGrid.Part, using decoder: inout ChunkDecoder
  ) throws(LogitStreamError) -> UnsafeRawPointer {
    guard location.byteCount <= chunkByteCount + ChunkDecoder.slack else {
      throw damaged(part, "it takes \(location.byteCount) bytes, where its elements take \(chunkByteCount)")
    }
    try file.read(at: location.address, into: decoder.stored(byteCount: location.byteCount))
    let elements: UnsafeRawBufferPointer
    do {
      elements = try decoder.decode(filters, skipping: location.skippedFilters, chunkByteCount: chunkByteCount)
    } catch {
      throw damaged(part, error.reason)
    }
    guard let start = elements.baseAddress else { throw damaged(part, "it is empty") }
    return start
  }

  /// Reads the bytes of an unfiltered chunk that a part needs. Returns the address at which the chunk's first element
  /// would be.
  private func plainElements(
    of location: ChunkLocation, for part: ChunkGrid.Part, into buffer: inout GrowingBuffer
  ) throws(LogitStreamError) -> UnsafeRawPointer {
    try checkPlain(location, part)
    var needed = 0..<chunkByteCount
    if !grid.geometry.clustersComeFirst, let first = part.runs.first, let last = part.runs.last {
      needed =
        first.element * elementByteCount..<(last.element + last.count * grid.rowStride) * elementByteCount
    }
    let bytes = buffer.bytes(needed.count)
    try file.read(at: location.address + needed.lowerBound, into: bytes)
    return UnsafeRawPointer(bytes.start) - needed.lowerBound
  }

  /// Reads a part of an unfiltered chunk of whole rows straight into these rows.
  private func readRows(
    of part: ChunkGrid.Part, at location: ChunkLocation, _ rows: Range<Int>, _ wanted: [Range<Int>],
    into target: UnsafeMutableRawBufferPointer
  ) throws(LogitStreamError) {
    try checkPlain(location, part)
    let rowByteCount = input.rowByteCount
    for run in part.runs {
      let ranges = wanted.clamped(to: run.rows).bridged(upTo: ContiguousRows.bridgedByteCount / rowByteCount)
      for range in ranges {
        let start = (range.lowerBound - rows.lowerBound) * rowByteCount
        try file.read(
          at: location.address + run.element * elementByteCount + (range.lowerBound - run.row) * rowByteCount,
          into: UnsafeMutableRawBufferPointer(rebasing: target[start..<start + range.count * rowByteCount]))
      }
    }
  }

  private func checkPlain(_ location: ChunkLocation, _ part: ChunkGrid.Part) throws(LogitStreamError) {
    guard location.byteCount == chunkByteCount else {
      throw damaged(part, "it takes \(location.byteCount) bytes, where its elements take \(chunkByteCount)")
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
      if grid.geometry.clustersComeFirst {
        Transposition(elementByteCount: elementByteCount).perform(
          from: from, columnStride: grid.clusterStride * elementByteCount, columns: part.clusters.count,
          rows: run.count, to: to, rowStride: input.rowByteCount)
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
