import CHDF5

extension Dataset {
  /// The most bytes of fixed-length strings that are read. Only a damaged header claims more.
  private static var largestTextByteCount: Int { 1 << 30 }

  /// All elements of a one-dimensional dataset of strings. Their length is fixed or variable, their encoding ASCII or
  /// UTF-8. Only what ends or pads strings is left out: a zero byte between others is part of a string that is padded.
  ///
  /// - Throws: ``HDF5Error`` if that is not what the dataset holds.
  package func readStrings() throws(HDF5Error) -> [String] {
    let operation = "read strings"
    guard elementType == .string else {
      throw subject.error(operation, "elements are of type \(elementType)")
    }
    guard shape.count == 1 else {
      throw subject.error(operation, "one dimension is needed, the shape is \(shape)")
    }
    guard rowCount * rowByteCount <= Self.largestTextByteCount else {
      throw subject.error(operation, "\(rowCount) strings of \(rowByteCount) bytes are too much")
    }
    guard rowCount > 0 else { return [] }
    return try withLibrary { () throws(HDF5Error) in
      let isVariable = try subject.check(operation, H5Tis_variable_str(type.id)) > 0
      return try isVariable ? readVariableStrings(operation) : readFixedStrings(operation)
    }
  }

  private func readVariableStrings(_ operation: String) throws(HDF5Error) -> [String] {
    let subject = self.subject
    let space = try subject.open(operation, closingWith: H5Sclose, H5Dget_space(handle.id))
    var pointers = [UnsafeMutablePointer<CChar>?](repeating: nil, count: rowCount)
    try readAll(into: &pointers, operation)
    defer { _ = chdf5_reclaim(type.id, space.id, &pointers) }

    var strings: [String] = []
    for pointer in pointers {
      // An element that was never written is a null pointer.
      guard let pointer else {
        strings.append("")
        continue
      }
      guard let string = String(validatingCString: pointer) else {
        throw subject.error(operation, "string \(strings.count) is not valid UTF-8")
      }
      strings.append(string)
    }
    return strings
  }

  private func readFixedStrings(_ operation: String) throws(HDF5Error) -> [String] {
    var bytes = [UInt8](repeating: 0, count: rowCount * elementByteCount)
    try readAll(into: &bytes, operation)

    let padding = H5Tget_strpad(type.id)
    var strings: [String] = []
    for start in stride(from: 0, to: bytes.count, by: elementByteCount) {
      var field = bytes[start..<start + elementByteCount]
      if padding == H5T_STR_NULLTERM { field = field.prefix { $0 != 0 } }
      // What was never written is zeros, however strings are padded.
      let end =
        field.lastIndex { $0 != 0 && !(padding == H5T_STR_SPACEPAD && $0 == UInt8(ascii: " ")) }.map { $0 + 1 } ?? start
      guard let string = String(validating: field[..<end], as: UTF8.self) else {
        throw subject.error(operation, "string \(strings.count) is not valid UTF-8")
      }
      strings.append(string)
    }
    return strings
  }

  private func readAll(into buffer: UnsafeMutableRawPointer, _ operation: String) throws(HDF5Error) {
    try read(CHDF5_WHOLE_DATASPACE, as: CHDF5_WHOLE_DATASPACE, into: buffer, operation: operation)
  }
}
