import HDF5
import Synchronization

/// A chunk in its file.
struct StoredChunk {
  /// The indices of its first element.
  let offset: [Int]
  let byteCount: Int
  /// Where its bytes are; nil if only the library can get at them.
  let location: ChunkLocation?
}

/// A dataset's chunks as they are stored, and the rows that were never written.
final class ChunkIndex: Sendable {
  let grid: ChunkGrid
  private let alignment: RowAlignment
  private let dataset: Dataset
  /// Finds bytes that the file itself has; nil if they are in a family of files, or in a file that is being written.
  private let locator: ChunkLocator?
  private let file: PlainFile?
  /// The chunks that are in the file, and those that a complete dataset has.
  private let present: Int
  private let needed: Int

  /// The rows of the chunks that are in the file, once they were listed.
  private let touched = Mutex<[Range<Int>]?>(nil)

  /// As many chunks as can be listed in a second.
  private static let fewChunks = 1 << 11

  /// Opens the index of the chunks of `dataset`, which is not virtual.
  init(_ input: LogitInput, chunkShape: [Int], dataset: consuming Dataset) throws(LogitStreamError) {
    grid = ChunkGrid(input.geometry, chunkShape: chunkShape)
    alignment = input.alignment
    let isDirect = dataset.indirection == nil
    file = isDirect ? try PlainFile(dataset.storage.file) : nil
    do {
      locator = isDirect ? try ChunkLocator(dataset) : nil
      present = try dataset.chunkCount
    } catch {
      throw .library(error)
    }
    needed = zip(dataset.shape, chunkShape).reduce(1) { count, side in
      let (product, overflow) = count.multipliedReportingOverflow(by: (side.0 - 1) / side.1 + 1)
      return overflow ? Int.max : product
    }
    self.dataset = dataset
  }

  /// Whether the bytes of chunks can be read apart from the library.
  var isDirect: Bool { locator != nil }

  /// A part's chunk; nil if it was never written.
  func find(_ part: ChunkGrid.Part) throws(LogitStreamError) -> StoredChunk? {
    do {
      if locator != nil {
        return try locator?.location(of: part.offset).map { location in
          StoredChunk(offset: part.offset, byteCount: location.byteCount, location: location)
        }
      }
      return try dataset.storedByteCount(ofChunk: part.offset).map { byteCount in
        StoredChunk(offset: part.offset, byteCount: byteCount, location: nil)
      }
    } catch {
      throw .library(error)
    }
  }

  /// Reads all bytes of a chunk.
  ///
  /// - Returns: Bit i is set if the dataset's filter i was not applied to this chunk. Nil if it takes another number of bytes
  ///   than the buffer has.
  func read(_ chunk: StoredChunk, into buffer: UnsafeMutableRawBufferPointer) throws(LogitStreamError) -> UInt32? {
    guard let location = chunk.location, let file else {
      do { return try dataset.readStoredChunk(chunk.offset, into: buffer) } catch { throw .library(error) }
    }
    try file.read(at: location.address, into: buffer)
    return location.skippedFilters
  }

  /// Reads some bytes of a chunk that has a location.
  func read(_ location: ChunkLocation, from first: Int, into buffer: UnsafeMutableRawBufferPointer)
    throws(LogitStreamError)
  {
    try file?.read(at: location.address + first, into: buffer)
  }

  func willNeed(_ rows: Range<Int>) {
    guard let file else { return }
    for part in grid.parts(of: rows) {
      // If the index is damaged, reading the rows gives the error.
      guard let location = try? find(part)?.location else { continue }
      file.willNeed(location.address..<location.address + location.byteCount)
    }
  }
}

extension ChunkIndex {
  /// The rows among `rows` that lie in chunks that were never written.
  ///
  /// A few bytes can claim any number of rows. So the time depends on the chunks that are there, where these are few.
  func unwritten(_ rows: Range<Int>) throws(LogitStreamError) -> [Range<Int>] {
    if present >= needed { return [] }
    if present == 0 { return [rows] }
    guard needed / 16 > present, present <= Self.fewChunks else { return try missing(rows) }
    let touched = try touchedRows().clamped(to: rows)
    var unwritten = touched.gaps(in: rows)
    for part in touched { unwritten += try missing(part) }
    return Range<Int>.joined(unwritten)
  }

  /// The rows of the chunks that are in the file, which are few.
  private func touchedRows() throws(LogitStreamError) -> [Range<Int>] {
    try touched.withLock { (touched) throws(LogitStreamError) in
      if let touched { return touched }
      let offsets: [[Int]]
      do throws(HDF5Error) { offsets = try dataset.chunkOffsets(count: present) } catch { throw .library(error) }
      let found = Range<Int>.joined(offsets.flatMap { grid.rows(ofChunkAt: $0) })
      touched = found
      return found
    }
  }

  /// The same, looking for one chunk after the other, until all that are in the file were found.
  private func missing(_ rows: Range<Int>) throws(LogitStreamError) -> [Range<Int>] {
    var missing: [Range<Int>] = []
    var found = 0
    // Some rows at a time, since the parts of a whole array can be many.
    var next = rows.lowerBound
    while next < rows.upperBound {
      if found == present, !dataset.isBeingWritten {
        missing.append(next..<rows.upperBound)
        break
      }
      let most = min(rows.upperBound, next + (1 << 16))
      let cut = alignment.cut(before: most)
      let end = cut > next ? cut : most
      for part in grid.parts(of: next..<end) {
        if try find(part) == nil { missing += part.runs.map(\.rows) } else if cut > next { found += 1 }
      }
      missing = Range<Int>.joined(missing)
      next = end
    }
    return Range<Int>.joined(missing)
  }
}
