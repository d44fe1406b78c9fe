import HDF5

/// How an integer lies in a file: two's complement in 1, 2, 4 or 8 bytes.
package struct IntegerFormat: Sendable, Hashable, Codable {
  package let byteCount: Int
  package let isSigned: Bool
  package let isBigEndian: Bool

  /// The format of a dataset's elements; nil if they are no integers.
  package init?(_ type: ElementType) {
    guard case .integer(let bytes, let isSigned, let order) = type else { return nil }
    byteCount = bytes
    self.isSigned = isSigned
    isBigEndian = order == .bigEndian
  }

  package init(byteCount: Int, isSigned: Bool, isBigEndian: Bool) {
    self.byteCount = byteCount
    self.isSigned = isSigned
    self.isBigEndian = isBigEndian
  }

  /// The integers that lie one after another in `bytes`; nil in place of those above 2^63 − 1.
  package func decode(_ bytes: [UInt8]) -> [Int64?] {
    switch (byteCount, isSigned) {
    case (1, true): decode(bytes, Int8.self)
    case (1, false): decode(bytes, UInt8.self)
    case (2, true): decode(bytes, Int16.self)
    case (2, false): decode(bytes, UInt16.self)
    case (4, true): decode(bytes, Int32.self)
    case (4, false): decode(bytes, UInt32.self)
    case (_, true): decode(bytes, Int64.self)
    case (_, false): decode(bytes, UInt64.self)
    }
  }

  /// Gives the integers that begin at an address, one by one; nil in place of those above 2^63 − 1.
  @inline(__always)
  package func forEachInteger(_ pointer: UnsafeRawPointer, count: Int, _ body: (Int64?) -> Void) {
    // The type is asked for here, not for each integer.
    switch (byteCount, isSigned) {
    case (1, true): forEach(pointer, count, Int8.self, body)
    case (1, false): forEach(pointer, count, UInt8.self, body)
    case (2, true): forEach(pointer, count, Int16.self, body)
    case (2, false): forEach(pointer, count, UInt16.self, body)
    case (4, true): forEach(pointer, count, Int32.self, body)
    case (4, false): forEach(pointer, count, UInt32.self, body)
    case (_, true): forEach(pointer, count, Int64.self, body)
    case (_, false): forEach(pointer, count, UInt64.self, body)
    }
  }

  @inline(__always)
  private func forEach<Number: FixedWidthInteger & BitwiseCopyable>(
    _ pointer: UnsafeRawPointer, _ count: Int, _: Number.Type, _ body: (Int64?) -> Void
  ) {
    for index in 0..<count {
      let number = pointer.loadUnaligned(fromByteOffset: index * MemoryLayout<Number>.size, as: Number.self)
      body(Int64(exactly: isBigEndian ? Number(bigEndian: number) : Number(littleEndian: number)))
    }
  }

  private func decode<Number: FixedWidthInteger & BitwiseCopyable>(
    _ bytes: [UInt8], _: Number.Type
  ) -> [Int64?] {
    bytes.withUnsafeBytes { bytes in
      (0..<bytes.count / byteCount).map { index in
        let number = bytes.loadUnaligned(fromByteOffset: index * byteCount, as: Number.self)
        return Int64(exactly: isBigEndian ? Number(bigEndian: number) : Number(littleEndian: number))
      }
    }
  }
}
