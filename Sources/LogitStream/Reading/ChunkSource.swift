import Synchronization

/// A chunk as it is stored.
struct StoredChunk {
  /// The indices of its first element.
  let offset: [Int]
  let byteCount: Int
  /// Where its bytes are; nil if only the HDF5 library can get at them.
  let place: Place?

  struct Place {
    let file: PlainFile
    /// The offset in the file.
    let address: Int
    let byteCount: Int
    /// Bit i is set if filter i was not applied to this chunk.
    let skippedFilters: UInt32

    /// Reads some of the bytes.
    func read(from first: Int, into buffer: UnsafeMutableRawBufferPointer) throws(LogitStreamError) {
      try file.read(at: address + first, into: buffer)
    }
  }
}

/// Where the chunks of an array are, and what they went through.
protocol ChunkSource: Sendable {
  var grid: ChunkGrid { get }
  /// The filters that chunks went through, in that order.
  var steps: [DecodingStep] { get }
  /// Whether chunks that reach beyond the array's edge went through no filter.
  var leavesEdgesUnfiltered: Bool { get }
  var alignment: RowAlignment { get }
  /// The number of chunks that are there.
  var present: Int { get }
  /// Whether there may be more of them any moment.
  var mayGrow: Bool { get }
  var touched: TouchedRows { get }

  /// A part's chunk; nil if it was never written.
  func find(_ part: ChunkGrid.Part) throws(LogitStreamError) -> StoredChunk?

  /// Reads all bytes of a chunk that has no place. The result is as that of ``read(_:into:)``.
  func readThroughLibrary(
    _ chunk: StoredChunk, into buffer: UnsafeMutableRawBufferPointer
  ) throws(LogitStreamError) -> UInt32?

  /// The indices of the first elements of the chunks that are there, which are few.
  func offsets() throws(LogitStreamError) -> [[Int]]
}

/// The rows of the chunks that are there, once these were listed.
final class TouchedRows: Sendable {
  private let rows = Mutex<[Range<Int>]?>(nil)

  func found(_ list: () throws(LogitStreamError) -> [Range<Int>]) throws(LogitStreamError) -> [Range<Int>] {
    try rows.withLock { (rows) throws(LogitStreamError) in
      if let rows { return rows }
      let found = try list()
      rows = found
      return found
    }
  }
}

extension ChunkSource {
  /// Reads all bytes of a chunk.
  ///
  /// - Returns: Bit i is set if filter i was not applied to this chunk. Nil if it takes another number of bytes than the buffer
  ///   has.
  func read(_ chunk: StoredChunk, into buffer: UnsafeMutableRawBufferPointer) throws(LogitStreamError) -> UInt32? {
    guard let place = chunk.place else { return try readThroughLibrary(chunk, into: buffer) }
    try place.read(from: 0, into: buffer)
    return place.skippedFilters
  }

  func willNeed(_ rows: Range<Int>) {
    for part in grid.parts(of: rows) {
      // If the index is damaged, reading the rows gives the error.
      guard let place = try? find(part)?.place else { continue }
      place.file.willNeed(place.address..<place.address + place.byteCount)
    }
  }

  /// The number of chunks that a complete array has.
  private var needed: Int { grid.chunkCount }

  /// The rows among `rows` that lie in chunks that were never written.
  ///
  /// A few bytes can claim any number of rows. So the time depends on the chunks that are there, where these are few.
  func unwritten(_ rows: Range<Int>) throws(LogitStreamError) -> [Range<Int>] {
    if present >= needed { return [] }
    if present == 0 { return [rows] }
    guard needed / 16 > present, present <= TouchedRows.fewChunks else { return try missing(rows) }
    let touched = try touchedRows().clamped(to: rows)
    var unwritten = touched.gaps(in: rows)
    for part in touched { unwritten += try missing(part) }
    return Range<Int>.joined(unwritten)
  }

  /// The rows of the chunks that are there, which are few.
  private func touchedRows() throws(LogitStreamError) -> [Range<Int>] {
    try touched.found { () throws(LogitStreamError) in
      Range<Int>.joined(try offsets().flatMap { grid.rows(ofChunkAt: $0) })
    }
  }

  /// The same, looking for one chunk after the other, until all that are there were found.
  private func missing(_ rows: Range<Int>) throws(LogitStreamError) -> [Range<Int>] {
    var missing: [Range<Int>] = []
    var found = 0
    // Some rows at a time, since the parts of a whole array can be many.
    var next = rows.lowerBound
    while next < rows.upperBound {
      if found == present, !mayGrow {
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

extension TouchedRows {
  /// As many chunks as can be listed in a second.
  static var fewChunks: Int { 1 << 11 }
}
