import HDF5

/// A worker's end of a source: reads blocks into a buffer of its own.
public struct BlockReader: ~Copyable {
  private let source: LogitSource
  private let buffer: UnsafeMutableRawBufferPointer
  /// The input that is open, since neighbouring blocks are mostly of the same one.
  private var open: OpenInput?

  private struct OpenInput: ~Copyable {
    let index: Int
    let dataset: Dataset
  }

  /// A reader of blocks of up to `blockByteCount` bytes.
  public init(_ source: LogitSource, blockByteCount: Int) {
    self.source = source
    buffer = .allocate(byteCount: blockByteCount, alignment: 64)
  }

  deinit { buffer.deallocate() }

  /// Reads a slice, of a block at most, and passes its rows on, as they lie in the dataset: row by row, in the input's own format.
  ///
  /// - Throws: ``LogitStreamError`` if the rows can't be read, or the dataset is no longer what it was; and what `body` throws.
  public mutating func read<Result>(
    _ slice: RowSlice, _ body: (UnsafeRawBufferPointer, LogitInput) throws -> Result
  ) throws -> Result {
    let input = source.inputs[slice.input]
    let bytes = UnsafeMutableRawBufferPointer(rebasing: buffer[..<(slice.rows.count * input.rowByteCount)])
    if open?.index != slice.input {
      open = nil
      let dataset = try LogitInput.openDataset(input.dataset, in: LogitInput.open(input.file))
      guard input.isContained(in: try LogitInput(describing: dataset)) else {
        throw LogitStreamError.changed(file: input.file, dataset: input.dataset)
      }
      open = OpenInput(index: slice.input, dataset: dataset)
    }
    do {
      try open?.dataset.readRows(slice.rows, into: bytes)
    } catch {
      throw LogitStreamError.library(error)
    }
    return try body(UnsafeRawBufferPointer(bytes), input)
  }
}
