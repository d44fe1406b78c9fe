import CHDF5
import Texts

/// How much of a dataset is in its file. What is not there reads as the fill value, mostly 0.
package enum Allocation: Sendable {
  case none, partial, full
}

extension Dataset {
  /// Where an open dataset is, whatever links led to it.
  static func storage(of id: hid_t, _ subject: Subject) -> Storage {
    let named = Storage(file: subject.file, path: subject.object ?? "/")
    // The name of a family's first file is not that of the family.
    guard !File.isFamily(subject.file) else { return named }
    var file = [CChar](repeating: 0, count: 1 << 14)
    var path = file
    guard H5Fget_name(id, &file, file.count) > 0, !String(systemCharacters: file).hasSameBytes(as: subject.file),
      H5Iget_name(id, &path, path.count) > 0
    else { return named }
    return Storage(file: String(systemCharacters: file), path: text(upToZero: path))
  }

  /// Why the elements of an open dataset have no locations in the file that it is in; nil if they have.
  static func indirection(
    properties: hid_t, _ layout: Layout, _ storage: Storage, subject: Subject, isBeingWritten: Bool
  ) throws(HDF5Error) -> String? {
    switch layout {
    case .virtual: return "a virtual dataset"
    case .compact: return "a compact dataset"
    case .contiguous, .chunked: break
    }
    if isBeingWritten { return "a file that is being written" }
    if try subject.check("open dataset", H5Pget_external_count(properties)) > 0 { return "data in external files" }
    return File.isFamily(subject.file) ? "a family of files" : nil
  }

  /// Makes sure that elements that lie one after another take as many bytes as the shape says. Otherwise the header is
  /// damaged: the library would read beyond the end, or leave out the rest.
  static func checkSize(
    of id: hid_t, _ properties: hid_t, _ layout: Layout, needed: Int, _ subject: Subject, _ operation: String
  ) throws(HDF5Error) {
    switch layout {
    case .chunked, .virtual: return
    case .compact: break
    case .contiguous:
      var status = H5D_SPACE_STATUS_ERROR
      try subject.check(operation, H5Dget_space_status(id, &status))
      guard status == H5D_SPACE_STATUS_ALLOCATED, try subject.check(operation, H5Pget_external_count(properties)) == 0
      else { return }
    }
    let found = H5Dget_storage_size(id)
    guard found == needed else {
      throw subject.error(operation, "it has \(found) bytes, where its shape takes \(needed)")
    }
  }

  /// The fill value of numbers that take `byteCount` bytes.
  static func fillValue(_ properties: hid_t, _ type: hid_t, _ byteCount: Int) -> [UInt8] {
    var status = H5D_FILL_VALUE_UNDEFINED
    var value = [UInt8](repeating: 0, count: byteCount)
    guard byteCount > 0, H5Pfill_value_defined(properties, &status) >= 0, status != H5D_FILL_VALUE_UNDEFINED else {
      return value
    }
    if H5Pget_fill_value(properties, type, &value) < 0 { value = [UInt8](repeating: 0, count: byteCount) }
    return value
  }

  /// Whether chunks that go beyond the dataset's edge were written without filters.
  package var leavesEdgesUnfiltered: Bool {
    get throws(HDF5Error) {
      guard case .chunked = layout else { return false }
      return try withLibrary { () throws(HDF5Error) in
        let operation = "open dataset"
        let properties = try subject.open(operation, closingWith: H5Pclose, H5Dget_create_plist(handle.id))
        var options: UInt32 = 0
        try subject.check(operation, H5Pget_chunk_opts(properties.id, &options))
        return options & UInt32(H5D_CHUNK_DONT_FILTER_PARTIAL_CHUNKS) != 0
      }
    }
  }

  /// The number of bytes that the elements take in the file: those after compression.
  ///
  /// - Complexity: O(1), and O(number of chunks) for a chunked dataset.
  package var storageBytes: Int {
    get throws(HDF5Error) {
      try withLibrary { () throws(HDF5Error) in
        let bytes = H5Dget_storage_size(handle.id)
        // 0 may be a size or mean a failure.
        guard bytes > 0 || H5Eget_num(CHDF5_DEFAULT_ERROR_STACK) == 0, let bytes = Int(exactly: bytes) else {
          throw subject.failure("measure storage")
        }
        return bytes
      }
    }
  }

  /// How much of the dataset is in the file. Not all of it is if a writer stopped early.
  ///
  /// - Complexity: O(1), and O(number of chunks) for a chunked dataset.
  package var allocation: Allocation {
    get throws(HDF5Error) {
      if case .chunked(let chunkShape) = layout { return try chunkAllocation(chunkShape) }
      return try withLibrary { () throws(HDF5Error) in
        var status = H5D_SPACE_STATUS_ERROR
        try subject.check("measure storage", H5Dget_space_status(handle.id, &status))
        return switch status {
        case H5D_SPACE_STATUS_ALLOCATED: .full
        case H5D_SPACE_STATUS_PART_ALLOCATED: .partial
        default: .none
        }
      }
    }
  }

  /// Counts chunks. The library's own status compares bytes, so that compressed data always seems incomplete.
  private func chunkAllocation(_ chunkShape: [Int]) throws(HDF5Error) -> Allocation {
    let operation = "count chunks"
    let subject = self.subject
    guard let needed = product(zip(shape, chunkShape).map { $0 / $1 + ($0 % $1 > 0 ? 1 : 0) }) else {
      throw subject.error(operation, "impossible size: shape \(shape) in chunks of \(chunkShape)")
    }
    var present: hsize_t = 0
    try withLibrary { () throws(HDF5Error) in
      let space = try subject.open(operation, closingWith: H5Sclose, H5Dget_space(handle.id))
      try subject.check(operation, H5Dget_num_chunks(handle.id, space.id, &present))
    }
    if present >= needed { return .full }
    return present == 0 ? .none : .partial
  }

  /// How many rows, from the first on, are in the file with all their chunks. Without chunks, all rows count as such.
  ///
  /// - Complexity: O(number of missing chunks); it goes backwards from the end.
  package func leadingRowsInFile() throws(HDF5Error) -> Int {
    guard case .chunked(let chunkShape) = layout, let chunkRows = chunkShape.first else { return rowCount }
    var rows = rowCount
    while rows > 0 {
      let first = (rows - 1) / chunkRows * chunkRows
      if try chunksAreInFile(row: first, chunkShape) { return rows }
      rows = first
    }
    return 0
  }

  /// Whether all chunks that begin with a row, side by side, are in the file.
  private func chunksAreInFile(row: Int, _ chunkShape: [Int]) throws(HDF5Error) -> Bool {
    var coordinates = [hsize_t](repeating: 0, count: shape.count)
    coordinates[0] = hsize_t(row)
    while true {
      var mask: UInt32 = 0
      var address = haddr_t.max
      var size: hsize_t = 0
      try withLibrary { () throws(HDF5Error) in
        try subject.check(
          "find chunk", H5Dget_chunk_info_by_coord(handle.id, coordinates, &mask, &address, &size))
      }
      guard address != haddr_t.max else { return false }
      // On to the next chunk. The last dimension changes fastest.
      var dimension = shape.count - 1
      while dimension > 0 {
        coordinates[dimension] += hsize_t(chunkShape[dimension])
        if coordinates[dimension] < hsize_t(shape[dimension]) { break }
        coordinates[dimension] = 0
        dimension -= 1
      }
      guard dimension > 0 else { return true }
    }
  }
}
