import HDF5

/// An array in a file, as its headers describe it.
package struct StoredArray: Sendable {
  /// How the elements are read.
  package enum Access: Sendable, Equatable {
    /// One after another, beginning at this offset in the file.
    case contiguous(offset: Int)
    /// One after another, beginning at this offset of what comes out of a part that is compressed as a whole.
    case deflated(DeflatedPart, offset: Int)
    /// In chunks that are read and decoded here, by undoing these filters.
    case chunked([ChunkFilter])
    /// Through the HDF5 library, for a reason in a few words.
    case library(reason: String)
    /// Not in the file: nothing was ever written.
    case unwritten
    /// Not at all, for want of a filter.
    case unreadable(filter: String)
  }

  package let file: String
  /// In HDF5 the path of the dataset, which begins with "/"; else the name of the tensor, member or array; in .npy the
  /// empty string.
  package let name: String
  package let shape: [Int]
  /// The elements' type in plain words.
  package let type: String
  /// The elements' type if they are floating-point numbers.
  package let format: LogitFormat?
  /// The elements' type if they are integers.
  package var integerFormat: IntegerFormat?
  /// The elements' type if they are strings in a `.npy` file.
  var stringFormat: StringFormat?
  /// Whether the elements are Python's objects in a `.npy` file.
  var isOfObjects = false
  /// Whether the first dimension changes fastest from element to element.
  package let isColumnMajor: Bool
  package let chunkShape: [Int]?
  /// The layout in plain words: "contiguous", "chunks of 256 × 1000".
  package let layout: String
  /// The filters in plain words: "gzip 4", "blosc (not available)".
  package var filters: [String]
  /// How many buffers it takes to decode a chunk.
  var decodingBuffers = ChunkDecoder.leastBuffers
  /// The number of bytes that the array takes in the file.
  package var storedByteCount: Int
  package var access: Access
  /// The distances of neighbours along each dimension, in elements, if they lie neither row after row nor column after column.
  var strides: [Int]?
  /// What the part of the file that the elements are in is checked by.
  var checksum: PartChecksum?
  /// What a chunk went through that is not known here.
  var unknownCodec: String?
  /// What the chunks of a Zarr array are, and where.
  var zarr: ZarrChunks?
  /// The file that the elements are in, if a link leads to another one than ``file``.
  var otherFile: String?
  /// What a number reads as that was never written: 0, unless the file says otherwise.
  var fillBytes: [UInt8] = []
  /// What is missing of an array whose elements are in other files, in a few words.
  package var missingParts: String?
  /// What a virtual array is made of.
  var virtual: VirtualSources?
  /// Files that the elements are in besides this one.
  var otherFiles: [String] = []
  /// Whether another process is writing the file, so that the array may grow.
  var isBeingWritten = false

  /// Whether reading any part of a chunk costs as much as reading all of it.
  var readsWholeChunks: Bool {
    switch access {
    case .chunked(let filters): !filters.isEmpty || zarr?.strides != nil
    case .library: chunkShape != nil
    case .contiguous, .deflated, .unwritten, .unreadable: false
    }
  }
}

extension StoredArray {
  /// Whether the elements are strings.
  package var isOfStrings: Bool { stringFormat != nil || type == ElementType.string.description }

  /// The number of elements, if they are one after another along one dimension; else nil.
  package var columnLength: Int? {
    guard let length = shape.first, shape.dropFirst().allSatisfy({ $0 == 1 }) else { return nil }
    return length
  }

  /// The values that a row has throughout if nobody wrote it.
  var fillValues: [Double] {
    guard let format, fillBytes.count == format.byteCount else { return [0] }
    let own = fillBytes.withUnsafeBytes { $0.baseAddress.map(format.logit) ?? 0 }
    return [own] + (virtual?.fillValues ?? []).filter { !($0 == own || $0.isNaN && own.isNaN) }
  }

  /// How many rows there are from one place at which the reading of a compressed array can begin to the next.
  func rowsBetweenStops(rowByteCount: Int) -> Int? {
    guard case .deflated(let part, _) = access else { return nil }
    return InflatedBytes.rows(between: part.byteCount, rowByteCount: rowByteCount)
  }

  /// Describes a dataset of an HDF5 file.
  init(_ dataset: borrowing Dataset) throws(LogitStreamError) {
    let chunkShape: [Int]?
    if case .chunked(let shape) = dataset.layout { chunkShape = shape } else { chunkShape = nil }
    do throws(HDF5Error) {
      var shape = dataset.shape
      if dataset.isBeingWritten, let first = shape.indices.first {
        shape[first] = try LibraryRows.completeRows(of: dataset)
      }
      let virtual = dataset.layout == .virtual ? try VirtualSources(dataset) : nil
      try self.init(
        file: dataset.file, name: dataset.path, shape: shape, type: dataset.elementType.description,
        format: LogitFormat(dataset.elementType), integerFormat: IntegerFormat(dataset.elementType),
        isColumnMajor: false, chunkShape: chunkShape,
        layout: dataset.layout.description,
        filters: dataset.filters.map { filter in
          filter.description + (filter.isAvailable || ChunkFilter(filter) != nil ? "" : " (not available)")
        },
        decodingBuffers: ChunkDecoder.buffers(dataset.filters),
        storedByteCount: dataset.storageBytes, access: Self.access(of: dataset),
        otherFile: dataset.storage.file == dataset.file ? nil : dataset.storage.file, fillBytes: dataset.fillValue,
        missingParts: virtual == nil ? dataset.missingExternalPart : virtual?.problem, virtual: virtual,
        otherFiles: dataset.otherFiles + (virtual?.files ?? []), isBeingWritten: dataset.isBeingWritten)
    } catch {
      throw .library(error)
    }
  }

  private static func access(of dataset: borrowing Dataset) -> Access {
    let filters = dataset.filters
    if let missing = filters.first(where: { ChunkFilter($0) == nil && !$0.isAvailable }) {
      return .unreadable(filter: missing.name)
    }
    if let indirection = dataset.indirection { return .library(reason: indirection) }
    if case .contiguous = dataset.layout { return dataset.fileOffset.map { .contiguous(offset: $0) } ?? .unwritten }
    if let foreign = filters.first(where: { ChunkFilter($0) == nil }) {
      return .library(reason: "the filter \(foreign.name)")
    }
    return .chunked(filters.compactMap(ChunkFilter.init))
  }
}
