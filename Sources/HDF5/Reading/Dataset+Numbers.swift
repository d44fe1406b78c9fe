import CHDF5

extension Dataset {
  /// The elements of all rows or of some. The dataset must have exactly the type `Number` in the file.
  ///
  /// - Throws: ``HDF5Error`` if it has another type, or can't be read.
  package func readNumbers<Number: StoredNumber>(
    _: Number.Type, rows: Range<Int>? = nil
  ) throws(HDF5Error) -> [Number] {
    let operation = "read numbers"
    let isSameType = try withLibrary { () throws(HDF5Error) in
      try subject.check(operation, H5Tequal(type.id, chdf5_file_type(Number.kind.number)))
    }
    guard isSameType > 0 else { throw subject.error(operation, "elements are of another type, \(elementType)") }
    let rows = rows ?? 0..<rowCount
    let count = rows.count * (rowByteCount / elementByteCount)
    // A damaged header may claim elements that the file does not hold. The library would give fill values for them.
    guard case .contiguous = layout, count == 0 || isFull() else {
      throw subject.error(operation, "its elements are not all in the file")
    }
    var result = Result<Void, HDF5Error>.success(())
    let numbers = [Number](unsafeUninitializedCapacity: count) { buffer, initialized in
      result = Result { () throws(HDF5Error) in
        try readRows(rows, into: UnsafeMutableRawBufferPointer(buffer))
      }
      if case .success = result { initialized = count }
    }
    try result.get()
    return numbers
  }

  private func isFull() -> Bool {
    if case .full = try? allocation { return true }
    return false
  }

  /// The offset in bytes at which the elements of a contiguous dataset begin in the file; nil if they are not in it.
  package var fileOffset: Int? {
    guard case .contiguous = layout else { return nil }
    let offset = withLibrary { H5Dget_offset(handle.id) }
    return offset == haddr_t.max ? nil : Int(exactly: offset)
  }
}
