/// Reads blocks of a source into its own buffers. Each worker has one.
package struct BlockReader: ~Copyable {
  private let readers: SourceReaders
  private var workspace = Workspace()
  /// The reader of the last block's input. The next block is mostly of the same input.
  private var current: (input: Int, reader: InputReader)?
  /// Whether the last block took so long that it must have come from the disk.
  private var isWaiting = false
  /// A speed in bytes a second. Reading from memory is faster, with or without decoding; reading from a disk is slower.
  private static let memorySpeed = 1e9

  package init(_ readers: SourceReaders) { self.readers = readers }

  /// Reads a slice, which is a block or a part of one, and passes its rows to `body` in the input's own format.
  ///
  /// - Parameters:
  ///   - wanted: The parts of the slice that are wanted, in order; nil for all of it. The block's other rows have no
  ///     meaningful content.
  ///   - later: A slice that this worker or another will read soon.
  /// - Throws: ``LogitStreamError`` if the rows can't be read, or if the array has changed; what `body` throws.
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
