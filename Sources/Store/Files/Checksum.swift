import CDeflate
import Foundation

/// CRC-32 (ISO 3309, as in gzip), which finds every single flipped byte.
enum Checksum {
  static func of(_ bytes: some ContiguousBytes, continuing checksum: UInt32 = 0) -> UInt32 {
    bytes.withUnsafeBytes { libdeflate_crc32(checksum, $0.baseAddress, $0.count) }
  }

  /// The size and checksum of a file's content, read in pieces.
  static func ofFile(_ path: String) throws(StoreError) -> (byteCount: Int, checksum: UInt32) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .cannotRead(path, reason: FileOperations.lastError) }
    defer { close(descriptor) }
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 64)
    defer { buffer.deallocate() }
    var byteCount = 0
    var checksum: UInt32 = 0
    while true {
      let count = read(descriptor, buffer.baseAddress, buffer.count)
      if count == 0 { return (byteCount, checksum) }
      if count < 0 {
        if errno == EINTR { continue }
        throw .cannotRead(path, reason: FileOperations.lastError)
      }
      byteCount += count
      checksum = of(UnsafeRawBufferPointer(rebasing: buffer[..<count]), continuing: checksum)
    }
  }

  static func hexadecimal(_ checksum: UInt32) -> String {
    let digits = String(checksum, radix: 16)
    return String(repeating: "0", count: 8 - digits.count) + digits
  }
}
