import CHDF5

extension Dataset {
  /// Reads rows of numbers as they lie in the file: without conversion, in the file's byte order, row after row.
  ///
  /// Chunks that `rows` covers in part are read and decompressed as a whole, and may be so again by the next call:
  /// ranges that begin and end at chunk edges are cheapest.
  ///
  /// - Parameters:
  ///   - rows: Which rows, within `0..<rowCount`.
  ///   - buffer: At least `rows.count * rowByteCount` bytes. After an error its content is unspecified.
  /// - Throws: ``HDF5Error`` if elements aren't numbers, or a chunk is damaged or needs a filter that isn't there.
  public func readRows(_ rows: Range<Int>, into buffer: UnsafeMutableRawBufferPointer) throws(HDF5Error) {
    precondition(rows.lowerBound >= 0 && rows.upperBound <= rowCount, "rows \(rows) of \(rowCount)")
    let byteCount = rows.count * rowByteCount
    precondition(buffer.count >= byteCount, "\(byteCount) bytes into a buffer of \(buffer.count)")

    let operation = "read rows \(rows)"
    guard elementType.isNumber else {
      throw subject.error(operation, "elements are not numbers but of type \(elementType)")
    }
    guard byteCount > 0, let start = buffer.baseAddress else { return }
    try withLibrary { () throws(HDF5Error) in
      let selection = try select(rows, operation: operation)
      let block = try memorySpace(rowCount: rows.count, operation: operation)
      try read(selection.id, as: block.id, into: start, operation: operation)
    }
  }

  /// The dataset's dataspace with `rows` selected.
  private func select(_ rows: Range<Int>, operation: String) throws(HDF5Error) -> Handle {
    let subject = self.subject
    let space = try subject.open(operation, closingWith: H5Sclose, H5Dget_space(handle.id))
    guard !shape.isEmpty else { return space }
    let start = [hsize_t(rows.lowerBound)] + shape.dropFirst().map { _ in 0 }
    let count = [hsize_t(rows.count)] + shape.dropFirst().map { hsize_t($0) }
    try subject.check(operation, H5Sselect_hyperslab(space.id, H5S_SELECT_SET, start, nil, count, nil))
    return space
  }

  /// A dataspace for `rowCount` rows, one after the other.
  ///
  /// It has as many dimensions as the dataset: between selections of different rank the library copies by element.
  private func memorySpace(rowCount: Int, operation: String) throws(HDF5Error) -> Handle {
    let dimensions = shape.isEmpty ? [] : [hsize_t(rowCount)] + shape.dropFirst().map { hsize_t($0) }
    return try subject.open(
      operation, closingWith: H5Sclose, H5Screate_simple(Int32(dimensions.count), dimensions, nil))
  }
}
