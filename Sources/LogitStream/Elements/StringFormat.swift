/// How a string lies in a `.npy` file: in as many bytes as any other, the last of which are zero if it is shorter.
struct StringFormat: Sendable, Hashable {
  enum Encoding: String {
    case utf8 = "UTF-8"
    case utf32 = "UTF-32"
  }

  let byteCount: Int
  let encoding: Encoding
  let isBigEndian: Bool

  /// The string, without zeros at its end as in NumPy; nil if it is no text in its encoding.
  func string(_ bytes: ArraySlice<UInt8>) -> String? {
    switch encoding {
    case .utf8: return String(validating: Self.trimmed(bytes), as: UTF8.self)
    case .utf32:
      let codes = bytes.withUnsafeBytes { bytes in
        (0..<bytes.count / 4).map { index in
          let code = bytes.loadUnaligned(fromByteOffset: 4 * index, as: UInt32.self)
          return isBigEndian ? UInt32(bigEndian: code) : UInt32(littleEndian: code)
        }
      }
      return String(validating: Self.trimmed(codes[...]), as: UTF32.self)
    }
  }

  private static func trimmed<Code: BinaryInteger>(_ codes: ArraySlice<Code>) -> ArraySlice<Code> {
    codes[..<(codes.lastIndex { $0 != 0 }.map { $0 + 1 } ?? codes.startIndex)]
  }
}
