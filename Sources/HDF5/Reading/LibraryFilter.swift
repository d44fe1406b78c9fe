import CHDF5

/// A filter that only the library, or a plugin of it, can undo: applied to bytes alone, so that it can be seen how many
/// come out.
///
/// The library does not look at that when it reads a dataset: it takes as many bytes as a chunk has, however few there are.
/// It has no function to call a filter by itself either. So there is a file in memory with one dataset. Its chunk has gone
/// through two filters, it says: one of ours, then the one that is wanted. Ours is undone last, and takes what comes out.
package final class LibraryFilter: Sendable {
  private let subject: Subject
  private let file: Handle
  private let dataset: Handle

  private static let operation = "undo a filter"
  /// In the range that the format leaves for tests.
  private static let captureID: H5Z_filter_t = 411
  /// A number that no filter has. In its place comes the wanted one's, behind the library's back: as it creates a dataset,
  /// it would let the filter change its parameters.
  private static let placeholder: UInt16 = 0xFEED

  private static let isRegistered = withLibrary { chdf5_register_filter(captureID, capture) >= 0 }

  /// - Throws: ``HDF5Error`` if the library can't be made to use it.
  package init(_ filter: Filter, in dataset: borrowing Dataset) throws(HDF5Error) {
    let subject = dataset.subject
    let image = try withLibrary { () throws(HDF5Error) in try Self.image(filter, subject) }
    self.subject = subject
    let file = try withLibrary { () throws(HDF5Error) in
      var image = image
      return try subject.open(
        Self.operation, closingWith: H5Fclose, chdf5_open_in_memory(&image, image.count))
    }
    self.dataset = try withLibrary { () throws(HDF5Error) in
      let access = try subject.open(Self.operation, closingWith: H5Pclose, H5Pcreate(chdf5_dataset_access()))
      // No chunk is kept: each is another one.
      try subject.check(Self.operation, H5Pset_chunk_cache(access.id, 1, 0, 1))
      return try subject.open(Self.operation, closingWith: H5Dclose, H5Dopen2(file.id, "x", access.id))
    }
    self.file = file
  }

  /// The bytes of a file with a dataset whose chunk goes through both filters.
  private static func image(_ filter: Filter, _ subject: Subject) throws(HDF5Error) -> [UInt8] {
    guard isRegistered else { throw subject.error(operation, "the library takes no filter") }
    let file = try subject.open(operation, closingWith: H5Fclose, chdf5_open_in_memory(nil, 0))
    try create(filter, in: file, subject)
    try subject.check(operation, H5Fflush(file.id, H5F_SCOPE_LOCAL))
    let count = try subject.check(operation, H5Fget_file_image(file.id, nil, 0))
    var bytes = [UInt8](repeating: 0, count: count)
    try subject.check(operation, H5Fget_file_image(file.id, &bytes, count))
    // Number, length of the name, flags, number of parameters: each of 16 bits.
    func record(_ id: UInt16, flags: UInt16) -> [UInt8] {
      [id, 0, flags, UInt16(clamping: filter.parameters.count)].flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
    }
    let places = bytes.ranges(of: record(placeholder, flags: UInt16(H5Z_FLAG_OPTIONAL)))
    guard places.count == 1, let id = UInt16(exactly: filter.id) else {
      throw subject.error(operation, "the filter \(filter.name) can't be used by itself")
    }
    bytes.replaceSubrange(places[0], with: record(id, flags: 0))
    return bytes
  }

  private static func create(_ filter: Filter, in file: borrowing Handle, _ subject: Subject) throws(HDF5Error) {
    let properties = try subject.open(operation, closingWith: H5Pclose, chdf5_dataset_properties())
    // The library refuses a stored chunk of far more bytes than a chunk has elements. Of these it asks for one.
    var side: hsize_t = 1 << 31
    try subject.check(operation, H5Pset_chunk(properties.id, 1, &side))
    try subject.check(
      operation, H5Pset_filter(properties.id, captureID, UInt32(H5Z_FLAG_MANDATORY), 0, nil))
    try subject.check(
      operation,
      H5Pset_filter(
        properties.id, H5Z_filter_t(placeholder), UInt32(H5Z_FLAG_OPTIONAL), filter.parameters.count,
        filter.parameters))
    var (length, most) = (hsize_t(1), CHDF5_UNLIMITED)
    let space = try subject.open(operation, closingWith: H5Sclose, H5Screate_simple(1, &length, &most))
    _ = try subject.open(
      operation, closingWith: H5Dclose,
      H5Dcreate2(
        file.id, "x", chdf5_byte_type(), space.id, CHDF5_DEFAULT_PROPERTIES, properties.id, CHDF5_DEFAULT_PROPERTIES))
  }

  /// Undoes the filter.
  ///
  /// - Returns: The number of bytes that came out, of which no more are written than `output` has.
  /// - Throws: ``HDF5Error`` if it can't.
  package func undo(
    _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
  ) throws(HDF5Error) -> Int {
    try withLibrary { () throws(HDF5Error) in
      var start: hsize_t = 0
      try subject.check(
        Self.operation,
        H5Dwrite_chunk(dataset.id, CHDF5_DEFAULT_PROPERTIES, 0, &start, input.count, input.baseAddress))
      captured = Captured(target: output, count: nil)
      defer { captured = Captured() }
      var nothing: UInt8 = 0
      try subject.check(
        Self.operation,
        H5Dread(
          dataset.id, chdf5_byte_type(), CHDF5_WHOLE_DATASPACE, CHDF5_WHOLE_DATASPACE, CHDF5_DEFAULT_PROPERTIES,
          &nothing))
      guard let count = captured.count else { throw subject.error(Self.operation, "nothing came out") }
      return count
    }
  }
}

/// What came out of a filter.
private struct Captured {
  var target = UnsafeMutableRawBufferPointer(start: nil, count: 0)
  var count: Int?
}

// Filters are functions of C, which know nothing but the bytes. The library's lock is held by who sets it and by who is
// called.
private nonisolated(unsafe) var captured = Captured()

/// The filter that takes what came out of the one before. For the library one byte is left, which is all that it expects.
private let capture: H5Z_func_t = { flags, _, _, count, _, buffer in
  guard flags & UInt32(H5Z_FLAG_REVERSE) != 0, let bytes = buffer?.pointee else { return count }
  // What a function of zstd's returns for failure is a number too, below 0 or beyond all memory.
  guard count >= 0 else { return 0 }
  captured.count = count
  UnsafeMutableRawBufferPointer(rebasing: captured.target[..<min(count, captured.target.count)])
    .copyMemory(from: UnsafeRawBufferPointer(start: bytes, count: min(count, captured.target.count)))
  return 1
}
