import HDF5
import Synchronization

/// An open input, which any number of workers can read at once.
final class InputReader: Sendable {
  let input: LogitInput
  /// Files that the elements are in besides the input's own.
  var otherFiles: [String] { ownFiles + zarr.flatMap { $0.files() } }
  private let ownFiles: [String]
  private let zarr: [ZarrChunks]
  /// Whether another process appends rows.
  let isBeingWritten: Bool
  private let rows: any RowReading
  /// nil for a top-k dump, whose rows are looked at as they are put together.
  private let fill: FillTest?
  private let checksums: [PartChecksum]

  /// Opens an input that was described before.
  ///
  /// - Throws: ``LogitStreamError/changed(file:dataset:)`` if it is no longer what it was.
  init(opening input: LogitInput) throws(LogitStreamError) {
    self.input = input
    guard !input.isStream else { throw .streamEnded(input.location) }
    let container = try ArrayContainer(opening: input.specification)
    let array = try container.array(named: input.dataset)
    let found: LogitInput
    let arrays: [StoredArray]
    if let dump = input.specification.topK {
      found = try LogitInput(dump, values: array, in: container)
      arrays =
        try [array]
        + (found.topK?.parts ?? []).map { part throws(LogitStreamError) in
          try container.array(named: part.name.string)
        }
    } else {
      found = try LogitInput(input.raw, array, isTransposed: input.isTransposed)
      arrays = [array]
    }
    guard input.isContained(in: found) else { throw .changed(file: input.file, dataset: input.dataset) }
    ownFiles = arrays.flatMap(\.otherFiles)
    zarr = arrays.compactMap(\.zarr)
    checksums = arrays.compactMap(\.checksum)
    isBeingWritten = array.isBeingWritten
    if found.topK?.record != nil {
      let (file, offset) = try Self.bytes(of: array, found.layout)
      rows = ContiguousRows(file: file, offset: offset, rowByteCount: found.rowByteCount)
      fill = nil
    } else if let topK = found.topK {
      rows = try Self.rows(of: found, topK, arrays, in: container)
      fill = nil
    } else {
      let virtual = Self.virtualRows(of: array, found)
      rows = if let virtual { virtual } else { try Self.rows(of: array, found.layout, in: container) }
      fill = FillTest(format: found.format, clusters: found.clusters, values: array.fillValues)
    }
  }

  /// The rows of a top-k dump.
  ///
  /// - Parameter arrays: Those of the values, then the others'.
  private static func rows(
    of input: LogitInput, _ topK: TopKArrays, _ arrays: [StoredArray], in container: borrowing ArrayContainer
  ) throws(LogitStreamError) -> TopKRows {
    let layouts = [input.layout] + topK.parts.map { $0.layout(in: input.file) }
    var parts: [TopKRows.Part] = []
    for (array, layout) in zip(arrays, layouts) {
      // Rows' log-sum-exp come last, and tell nothing of whether rows were written.
      parts.append(
        TopKRows.Part(try rows(of: array, layout, in: container), layout, fillOf: parts.count < 2 ? array : nil))
    }
    return TopKRows(parts)
  }

  /// The rows of a virtual array as rows of its sources; nil where that can't be.
  private static func virtualRows(of array: StoredArray, _ input: LogitInput) -> VirtualRows? {
    guard case .library = array.access, let virtual = array.virtual else { return nil }
    return VirtualRows(input, virtual, fill: FillPattern(element: array.fillBytes))
  }

  /// The rows of a stream.
  init(_ stream: RowStream) {
    input = stream.input
    ownFiles = []
    zarr = []
    checksums = []
    isBeingWritten = false
    rows = StreamRows(stream: stream)
    fill = input.topK == nil ? FillTest(format: input.format, clusters: input.clusters, values: [0]) : nil
  }

  private static func rows(
    of array: StoredArray, _ input: RowLayout, in container: borrowing ArrayContainer
  ) throws(LogitStreamError) -> any RowReading {
    switch array.access {
    case .contiguous, .deflated:
      let (file, offset) = try bytes(of: array, input)
      if let strides = input.strides {
        return StridedRows(
          file: file, offset: offset, elementByteCount: input.elementByteCount, geometry: input.geometry,
          strides: strides)
      }
      guard input.geometry.clustersComeFirst else {
        return ContiguousRows(file: file, offset: offset, rowByteCount: input.rowByteCount)
      }
      return ColumnRows(
        file: file, offset: offset, elementByteCount: input.elementByteCount, clusters: input.columns,
        arrayRows: input.arrayRows)
    case .chunked:
      let fill = FillPattern(element: array.fillBytes)
      let chunkShape = array.chunkShape ?? []
      if let zarr = array.zarr {
        return ChunkedRows(input, try ZarrChunkIndex(input, chunkShape: chunkShape, zarr), fill: fill)
      }
      return ChunkedRows(
        input, try ChunkIndex(input, chunkShape: chunkShape, dataset: container.dataset(array.name)), fill: fill)
    case .library:
      let dataset = try container.dataset(array.name)
      if let chunkShape = array.chunkShape {
        return ChunkedRows(
          input, try ChunkIndex(input, chunkShape: chunkShape, dataset: dataset),
          fill: FillPattern(element: array.fillBytes))
      }
      if array.virtual != nil { try ChunkCheck.check(dataset) }
      return LibraryRows(input, dataset: dataset)
    case .unwritten, .unreadable:
      return UnwrittenRows(rowByteCount: input.rowByteCount, fill: FillPattern(element: array.fillBytes))
    }
  }

  /// The bytes that elements are in, one after another, and where they begin.
  private static func bytes(
    of array: StoredArray, _ input: RowLayout
  ) throws(LogitStreamError) -> (any ByteReading, offset: Int) {
    switch array.access {
    case .deflated(let part, let offset):
      let rows = input.rowsBetweenStops ?? 1
      let bytes = try InflatedBytes.of(
        part, in: array.file, offset: offset, spacing: rows * input.rowByteCount,
        isScattered: input.isScattered)
      return (bytes, offset)
    case .contiguous(let offset): return (try PlainFile(array.otherFile ?? array.file), offset)
    default: preconditionFailure("the elements are not one after another")
    }
  }

  /// Makes sure, if the file has a checksum for what it holds, that this is what it was. Takes one more reading of it, the
  /// first time.
  func checkContent() throws(LogitStreamError) {
    for checksum in checksums { try checksum.check(in: input.file) }
  }

  /// Reads rows, at least those that are wanted.
  func read(
    _ rows: Range<Int>, wanted: [Range<Int>]? = nil, into workspace: inout Workspace
  ) throws(LogitStreamError) -> RowBlock {
    var block = try self.rows.read(rows, wanted: wanted ?? [rows], into: &workspace)
    block.fill = fill
    return block
  }

  func willNeed(_ rows: Range<Int>) { self.rows.willNeed(rows) }

  /// The rows among `rows` that were never written, in order.
  func unwritten(_ rows: Range<Int>) throws(LogitStreamError) -> [Range<Int>] { try self.rows.unwritten(rows) }
}

/// Rows of an array that is not in its file.
private struct UnwrittenRows: RowReading {
  let rowByteCount: Int
  let fill: FillPattern

  func read(
    _ rows: Range<Int>, wanted: [Range<Int>], into workspace: inout Workspace
  ) throws(LogitStreamError) -> RowBlock {
    let buffer = workspace.rows.bytes(rows.count * rowByteCount)
    fill.write(to: buffer)
    return RowBlock(start: UnsafeRawPointer(buffer.start), rowStride: rowByteCount, rows: rows, unwritten: [rows])
  }

  func unwritten(_ rows: Range<Int>) throws(LogitStreamError) -> [Range<Int>] { [rows] }
}

/// Readers of inputs, opened when they are needed, of which those that were used last stay open. A data set may have more
/// files than a process may open.
final class RecentReaders: Sendable {
  private let inputs: [LogitInput]
  /// The last of the inputs, if that is a stream which has yet to be read.
  private let stream: RowStream?
  /// The latest at the end.
  private let recent = Mutex<[(index: Int, reader: InputReader)]>([])
  private static let mostOpen = 16

  init(_ inputs: [LogitInput], stream: RowStream? = nil) {
    self.inputs = inputs
    self.stream = stream
  }

  func reader(_ index: Int) throws(LogitStreamError) -> InputReader {
    // While one thread opens an input, the others wait. They would have to anyway, since the library lets in one at a
    // time.
    try recent.withLock { recent throws(LogitStreamError) in
      if let position = recent.firstIndex(where: { $0.index == index }) {
        let found = recent.remove(at: position)
        recent.append(found)
        return found.reader
      }
      let reader: InputReader
      if let stream, index == inputs.count - 1 {
        reader = InputReader(stream)
      } else {
        reader = try InputReader(opening: inputs[index])
        // Whoever takes some of the rows, one of many machines perhaps, does not read the others for that.
        if inputs[index].selection == nil { try reader.checkContent() }
      }
      if recent.count >= Self.mostOpen { recent.removeFirst() }
      recent.append((index, reader))
      return reader
    }
  }
}

/// The readers of a source's inputs. All workers share them.
package final class SourceReaders: Sendable {
  package let source: LogitSource
  private let recent: RecentReaders

  package init(_ source: LogitSource) {
    self.source = source
    recent = RecentReaders(source.inputs, stream: source.stream)
  }

  func reader(_ index: Int) throws(LogitStreamError) -> InputReader { try recent.reader(index) }

  /// The rows of a slice that were never written, in order.
  ///
  /// - Throws: ``LogitStreamError`` if the input can't be opened.
  package func unwritten(_ slice: RowSlice) throws(LogitStreamError) -> [Range<Int>] {
    try reader(slice.input).unwritten(slice.rows)
  }
}
