import HDF5

extension Dataset {
  /// The bytes of some rows, or of all.
  func bytes(ofRows rows: Range<Int>? = nil) throws(HDF5Error) -> [UInt8] {
    let rows = rows ?? 0..<rowCount
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: rows.count * rowByteCount, alignment: 16)
    defer { buffer.deallocate() }
    try readRows(rows, into: buffer)
    return [UInt8](buffer)
  }
}
