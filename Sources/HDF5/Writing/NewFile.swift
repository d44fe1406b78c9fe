import CHDF5
import Checksums
import SystemPackage

/// A number type that datasets are written in, little-endian in the file.
package protocol StoredNumber: BitwiseCopyable, Sendable {
  static var kind: NumberKind { get }
}

/// The number types that can be written.
package enum NumberKind: Sendable, Hashable {
  case float32, float64, uint8, uint16, uint32, uint64, int32, int64

  package var byteCount: Int {
    switch self {
    case .uint8: 1
    case .uint16: 2
    case .float32, .uint32, .int32: 4
    case .float64, .uint64, .int64: 8
    }
  }

  var number: chdf5_number {
    switch self {
    case .float32: CHDF5_FLOAT32
    case .float64: CHDF5_FLOAT64
    case .uint8: CHDF5_UINT8
    case .uint16: CHDF5_UINT16
    case .uint32: CHDF5_UINT32
    case .uint64: CHDF5_UINT64
    case .int32: CHDF5_INT32
    case .int64: CHDF5_INT64
    }
  }
}

extension Float: StoredNumber { package static var kind: NumberKind { .float32 } }
extension Double: StoredNumber { package static var kind: NumberKind { .float64 } }
extension UInt8: StoredNumber { package static var kind: NumberKind { .uint8 } }
extension UInt16: StoredNumber { package static var kind: NumberKind { .uint16 } }
extension UInt32: StoredNumber { package static var kind: NumberKind { .uint32 } }
extension UInt64: StoredNumber { package static var kind: NumberKind { .uint64 } }
extension Int32: StoredNumber { package static var kind: NumberKind { .int32 } }
extension Int64: StoredNumber { package static var kind: NumberKind { .int64 } }

/// An HDF5 file that is being written: datasets of numbers and of text, and attributes.
///
///     let file = try NewFile("numbers.h5")
///     try file.write([1, 2, 3] as [Int64], to: "/counts")
///     let sum = try file.close()
///
/// It counts once it is closed: what is written may be lost until then.
package struct NewFile: ~Copyable, Sendable {
  let path: String
  let storage: NewFileStorage
  let handle: Handle

  /// Creates a file, or empties the one that is there. Nothing keeps others from writing to it at the same time.
  package init(_ path: String) throws(HDF5Error) {
    let operation = "create file"
    let subject = Subject(file: path)
    let storage: NewFileStorage
    do throws(Errno) { storage = try NewFileStorage(creating: path) } catch { throw subject.failure(operation, error) }
    handle = try storage.withLibrary(subject, operation) { () throws(HDF5Error) in
      try subject.open(operation, closingWith: H5Fclose, storage.createFile(named: path))
    }
    self.path = path
    self.storage = storage
  }

  /// Creates a dataset, and the groups on the way to it.
  ///
  /// - Parameter chunks: How to cut the dataset into chunks and compress them; nil for no chunks. Only a dataset of one
  ///   dimension can have chunks.
  package func createDataset(
    _ name: String, _ kind: NumberKind, shape: [Int], chunks: NewChunks? = nil
  ) throws(HDF5Error) -> NewDataset {
    let subject = Subject(file: path, object: name)
    let dataset = try storage.withLibrary(subject, "create dataset") { () throws(HDF5Error) in
      try createDataset(name, type: chdf5_file_type(kind.number), shape: shape, chunks: chunks)
    }
    return NewDataset(subject: subject, storage: storage, handle: dataset, kind: kind, shape: shape)
  }

  /// Creates a dataset of a type of the library's. To be called inside ``withLibrary(_:)``.
  func createDataset(_ name: String, type: hid_t, shape: [Int], chunks: NewChunks?) throws(HDF5Error) -> Handle {
    let subject = Subject(file: path, object: name)
    let operation = "create dataset"
    let dimensions = shape.map { hsize_t($0) }
    let space = try subject.open(
      operation, closingWith: H5Sclose, H5Screate_simple(Int32(dimensions.count), dimensions, nil))
    let properties = try subject.open(operation, closingWith: H5Pclose, chdf5_dataset_properties())
    // No fill values, since everything is written. The library insists on them for text, whose elements it may have to
    // free.
    if H5Tget_class(type) != H5T_STRING {
      try subject.check(operation, H5Pset_fill_time(properties.id, H5D_FILL_TIME_NEVER))
    }
    if let chunks { try chunks.set(in: properties.id, subject, operation) }
    let links = try subject.open(operation, closingWith: H5Pclose, chdf5_link_properties())
    return try subject.open(
      operation, closingWith: H5Dclose,
      H5Dcreate2(handle.id, name, type, space.id, links.id, properties.id, CHDF5_DEFAULT_PROPERTIES))
  }

  /// Creates a dataset with all its content. It has one dimension if no `shape` is given.
  package func write<Number: StoredNumber>(
    _ numbers: [Number], to name: String, shape: [Int]? = nil
  ) throws(HDF5Error) {
    let shape = shape ?? [numbers.count]
    precondition(shape.reduce(1, *) == numbers.count, "\(numbers.count) numbers for shape \(shape)")
    let dataset = try createDataset(name, Number.kind, shape: shape)
    // A closure that throws a typed error can't be passed on here, so the error is carried out by hand.
    let result = numbers.withUnsafeBytes { bytes in
      Result { () throws(HDF5Error) in try dataset.write(0..<shape[0], from: bytes) }
    }
    try result.get()
    try dataset.close()
  }

  /// Writes what is still in memory, waits until all is on disk, and closes the file. All its datasets must have been
  /// closed.
  ///
  /// - Returns: What the file is meant to hold: all that was ever written to it.
  /// - Throws: ``HDF5Error`` if anything of it was lost, now or before.
  @discardableResult
  package consuming func close() throws(HDF5Error) -> FileSum {
    let operation = "write file"
    let (subject, storage) = (Subject(file: path), storage)
    try storage.withLibrary(subject, operation) { () throws(HDF5Error) in
      try subject.check(operation, H5Fflush(handle.id, H5F_SCOPE_GLOBAL))
    }
    try handle.close(subject, operation)
    do throws(Errno) { return try storage.close() } catch { throw subject.failure(operation, error) }
  }
}

/// A dataset that is being written. It must be closed: what is written may be lost until then.
package struct NewDataset: ~Copyable, Sendable {
  let subject: Subject
  let storage: NewFileStorage
  let handle: Handle
  let kind: NumberKind
  let shape: [Int]

  /// Writes rows of numbers that lie one after the other in memory, in this machine's byte order.
  package func write(_ rows: Range<Int>, from bytes: UnsafeRawBufferPointer) throws(HDF5Error) {
    let rowByteCount = shape.dropFirst().reduce(kind.byteCount, *)
    precondition(rows.lowerBound >= 0 && rows.upperBound <= shape[0] && bytes.count >= rows.count * rowByteCount)
    guard rows.count * rowByteCount > 0 else { return }
    let operation = "write rows \(rows)"
    try storage.withLibrary(subject, operation) { () throws(HDF5Error) in
      let space = try subject.open(operation, closingWith: H5Sclose, H5Dget_space(handle.id))
      let rest = shape.dropFirst().map { hsize_t($0) }
      let start = [hsize_t(rows.lowerBound)] + rest.map { _ in 0 }
      let count = [hsize_t(rows.count)] + rest
      try subject.check(operation, H5Sselect_hyperslab(space.id, H5S_SELECT_SET, start, nil, count, nil))
      let block = try subject.open(operation, closingWith: H5Sclose, H5Screate_simple(Int32(count.count), count, nil))
      try subject.check(
        operation,
        H5Dwrite(
          handle.id, chdf5_memory_type(kind.number), block.id, space.id, CHDF5_DEFAULT_PROPERTIES, bytes.baseAddress))
    }
  }

  /// Writes one row.
  package func write<Number: StoredNumber>(row: Int, _ numbers: [Number]) throws(HDF5Error) {
    precondition(Number.kind == kind && numbers.count == shape.dropFirst().reduce(1, *))
    let result = numbers.withUnsafeBytes { bytes in
      Result { () throws(HDF5Error) in try write(row..<row + 1, from: bytes) }
    }
    try result.get()
  }
  /// Writes what is still in memory.
  package consuming func close() throws(HDF5Error) {
    let (subject, storage, operation) = (subject, storage, "write dataset")
    try handle.close(subject, operation)
    try storage.check(subject, operation)
  }
}
