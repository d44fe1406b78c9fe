/// A worker's end of a source: reads blocks into buffers of its own.
package struct BlockReader: ~Copyable {
  private let readers: SourceReaders
  private var workspace = Workspace()
  /// The reader of the last block's input, since neighbouring blocks are mostly of the same one.
  private var current: (input: Int, reader: InputReader)?
  /// Whether the last block took so long that the disk must have been waited for.
  private var isWaiting = false
  /// Memory is read faster than this, in bytes a second, and so is what decodes into rows; disks are slower.
  private static let memorySpeed = 1e9

  package init(_ readers: SourceReaders) { self.readers = readers }

  /// Reads a slice, of a block at most, and passes its rows on in the input's own format.
  ///
  /// - Parameters:
  ///   - wanted: The parts of the slice that are wanted, in order, if not all of it. What the block holds in the place
  ///     of other rows means nothing then.
  ///   - later: A slice that will be read soon, by this worker or another.
  /// - Throws: ``LogitStreamError`` if the rows can't be read, or the array is no longer what it was; and what `body` throws.
  package mutating func read<Result>(
    _ slice: RowSlice, wanted: [Range<Int>]? = nil, later: RowSlice? = nil,
    _ body: (RowBlock, LogitInput) throws -> Result
  ) throws -> Result {
    let reader = try reader(slice.input)
    if isWaiting, let later { try self.reader(later.input).willNeed(later.rows) }
    let start = ContinuousClock.now
    let block = try reader.read(slice.rows, wanted: wanted, into: &workspace)
    let seconds = (ContinuousClock.now - start) / .seconds(1)
    isWaiting = Double(slice.rows.count * reader.input.rowByteCount) < seconds * Self.memorySpeed
    return try body(block, reader.input)
  }

  private mutating func reader(_ input: Int) throws(LogitStreamError) -> InputReader {
    if let current, current.input == input { return current.reader }
    let reader = try readers.reader(input)
    current = (input, reader)
    return reader
  }
}
