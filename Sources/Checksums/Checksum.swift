import CDeflate

/// CRC-32 (ISO 3309, as in gzip), which finds every single flipped byte.
package enum Checksum {
  package static func of(_ bytes: UnsafeRawBufferPointer, continuing checksum: UInt32 = 0) -> UInt32 {
    libdeflate_crc32(checksum, bytes.baseAddress, bytes.count)
  }

  package static func of(_ bytes: some Collection<UInt8>, continuing checksum: UInt32 = 0) -> UInt32 {
    let sum = bytes.withContiguousStorageIfAvailable { of(UnsafeRawBufferPointer($0), continuing: checksum) }
    return sum ?? Array(bytes).withUnsafeBytes { of($0, continuing: checksum) }
  }

  package static func hexadecimal(_ checksum: UInt32) -> String {
    let digits = String(checksum, radix: 16)
    return String(repeating: "0", count: 8 - digits.count) + digits
  }
}

/// What the content of a file is told by: its size and its checksum.
package struct FileSum: Sendable, Hashable {
  package var byteCount: Int
  package var checksum: UInt32

  /// That of an empty file, to begin with.
  package init() { self.init(byteCount: 0, checksum: 0) }

  package init(byteCount: Int, checksum: UInt32) {
    self.byteCount = byteCount
    self.checksum = checksum
  }

  /// Takes in what comes next in the file.
  package mutating func append(_ bytes: UnsafeRawBufferPointer) {
    byteCount += bytes.count
    checksum = Checksum.of(bytes, continuing: checksum)
  }
}
