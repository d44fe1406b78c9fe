extension UnsafeRawBufferPointer {
  /// A number that is stored with its lowest byte first; nil if it is not all there.
  func little<Number: FixedWidthInteger & BitwiseCopyable>(_: Number.Type, at offset: Int) -> Number? {
    number(Number.self, at: offset).map { Number(littleEndian: $0) }
  }

  /// A number that is stored with its highest byte first; nil if it is not all there.
  func big<Number: FixedWidthInteger & BitwiseCopyable>(_: Number.Type, at offset: Int) -> Number? {
    number(Number.self, at: offset).map { Number(bigEndian: $0) }
  }

  private func number<Number: FixedWidthInteger & BitwiseCopyable>(_: Number.Type, at offset: Int) -> Number? {
    guard offset >= 0, offset <= count - MemoryLayout<Number>.size else { return nil }
    return loadUnaligned(fromByteOffset: offset, as: Number.self)
  }

  /// `byteCount` bytes from `offset` on; nil if they are not all there.
  func part(at offset: Int, _ byteCount: Int) -> UnsafeRawBufferPointer? {
    guard offset >= 0, byteCount >= 0, offset <= count, byteCount <= count - offset else { return nil }
    return UnsafeRawBufferPointer(rebasing: self[offset..<offset + byteCount])
  }
}

extension UnsafeMutableRawBufferPointer {
  /// The bytes from `offset` on, which must be there.
  func part(at offset: Int, _ byteCount: Int) -> UnsafeMutableRawBufferPointer {
    UnsafeMutableRawBufferPointer(rebasing: self[offset..<offset + byteCount])
  }
}
