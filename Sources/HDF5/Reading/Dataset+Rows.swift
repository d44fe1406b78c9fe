import CHDF5

extension Dataset {
  /// Reads rows of numbers as they lie in the file: without conversion, in the file's byte order, row after row.
  ///
  /// A chunk is read and decompressed as a whole, even if `rows` covers only a part of it; the next call may have to do
  /// that again. So ranges that begin and end at chunk edges are cheapest.
  ///
  /// - Parameters:
  ///   - rows: Which rows, within `0..<rowCount`.
  ///   - buffer: At least `rows.count * rowByteCount` bytes. After an error its content is unspecified.
  /// - Throws: ``HDF5Error`` if elements aren't numbers, or a chunk is damaged or needs a filter that isn't there.
  package func readRows(_ rows: Range<Int>, into buffer: UnsafeMutableRawBufferPointer) throws(HDF5Error) {
    precondition(rows.lowerBound >= 0 && rows.upperBound <= rowCount, "rows \(rows) of \(rowCount)")
    try read(
      start: [rows.lowerBound] + shape.dropFirst().map { _ in 0 }, count: [rows.count] + shape.dropFirst(),
      into: buffer,
      operation: "read rows \(rows)")
  }

  /// Reads a box of numbers as they lie in the file. Neighbours in the last dimension are next to each other.
  ///
  /// - Parameters:
  ///   - start, count: The first index and the length along each dimension.
  ///   - buffer: At least as many bytes as the box has. After an error its content is unspecified.
  ///   - operation: What it is for, in words that follow "can't".
  /// - Throws: ``HDF5Error`` if elements aren't numbers, or a chunk is damaged or needs a filter that isn't there.
  package func read(
    start: [Int], count: [Int], into buffer: UnsafeMutableRawBufferPointer, operation: String
  ) throws(HDF5Error) {
    guard elementType.isNumber else {
      throw subject.error(operation, "elements are not numbers but of type \(elementType)")
    }
    let dimensions = shape.isEmpty ? [] : count.map { hsize_t($0) }
    precondition(buffer.count >= count.reduce(elementByteCount, *))
    guard count.allSatisfy({ $0 > 0 }), let first = buffer.baseAddress else { return }
    let subject = self.subject
    if let files = try externalFiles(operation) {
      return try files.read(
        start: shape.isEmpty ? [] : start, count: shape.isEmpty ? [] : count, of: shape,
        elementByteCount: elementByteCount, into: buffer, subject, operation)
    }
    try withLibrary { () throws(HDF5Error) in
      let selection = try subject.open(operation, closingWith: H5Sclose, H5Dget_space(handle.id))
      if !shape.isEmpty {
        try subject.check(
          operation,
          H5Sselect_hyperslab(selection.id, H5S_SELECT_SET, start.map { hsize_t($0) }, nil, dimensions, nil))
      }
      // It has as many dimensions as the dataset. Between selections of different rank the library copies element by
      // element.
      let block = try subject.open(
        operation, closingWith: H5Sclose, H5Screate_simple(Int32(dimensions.count), dimensions, nil))
      try read(selection.id, as: block.id, into: first, operation: operation)
    }
  }
  /// The files that the elements are in, if they are not in this one.
  private func externalFiles(_ operation: String) throws(HDF5Error) -> ExternalFiles? {
    guard case .contiguous = layout, indirection != nil else { return nil }
    let subject = self.subject
    return try withLibrary { () throws(HDF5Error) in
      let properties = try subject.open(operation, closingWith: H5Pclose, H5Dget_create_plist(handle.id))
      return try ExternalFiles(
        properties: properties.id, byteCount: rowCount * rowByteCount, subject, operation)
    }
  }
}
