import CDeflate
import Files
import FoundationEssentials

/// CRC-32 (ISO 3309, as in gzip), which finds every single flipped byte.
enum Checksum {
  static func of(_ bytes: some ContiguousBytes, continuing checksum: UInt32 = 0) -> UInt32 {
    bytes.withUnsafeBytes { libdeflate_crc32(checksum, $0.baseAddress, $0.count) }
  }

  /// The size and checksum of a file's content, which is read in parts.
  static func ofFile(_ path: String) throws(FileError) -> (byteCount: Int, checksum: UInt32) {
    var (byteCount, checksum) = (0, UInt32(0))
    try OpenFile(path).forEachPart { part in
      byteCount += part.count
      checksum = of(part, continuing: checksum)
    }
    return (byteCount, checksum)
  }

  /// Copies a file, in parts, and returns the size and checksum of what was copied.
  ///
  /// - Parameter name: What errors call the copy.
  static func ofFile(
    _ source: String, copiedTo path: String, named name: String
  ) throws(FileError) -> (byteCount: Int, checksum: UInt32) {
    let file = try OpenFile(source)
    let copy = try FileWriter(creating: path, named: name)
    var (byteCount, checksum) = (0, UInt32(0))
    try file.forEachPart { part throws(FileError) in
      byteCount += part.count
      checksum = of(part, continuing: checksum)
      try copy.write(part)
    }
    return (byteCount, checksum)
  }

  static func hexadecimal(_ checksum: UInt32) -> String {
    let digits = String(checksum, radix: 16)
    return String(repeating: "0", count: 8 - digits.count) + digits
  }
}
