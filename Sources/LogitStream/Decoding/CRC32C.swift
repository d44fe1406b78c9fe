/// The checksum CRC-32C (Castagnoli's polynomial), as in RFC 3720, appendix B.4, eight bytes at a time.
enum CRC32C {
  /// Table t holds what a byte adds that t bytes follow.
  private static let tables: [[UInt32]] = {
    let first = (0..<256).map { byte -> UInt32 in
      (0..<8).reduce(UInt32(byte)) { rest, _ in rest & 1 == 0 ? rest >> 1 : rest >> 1 ^ 0x82F6_3B78 }
    }
    var tables = [first]
    for _ in 1..<8 {
      let last = tables[tables.count - 1]
      tables.append(last.map { $0 >> 8 ^ first[Int($0 & 0xFF)] })
    }
    return tables
  }()
  private static let flat: [UInt32] = tables.flatMap(\.self)

  static func of(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
    flat.withUnsafeBufferPointer { table in
      var rest: UInt32 = .max
      var position = 0
      while position &+ 8 <= bytes.count {
        let low = rest ^ UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: position, as: UInt32.self))
        let high = UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: position &+ 4, as: UInt32.self))
        let first = table[1792 &+ Int(low & 0xFF)] ^ table[1536 &+ Int(low >> 8 & 0xFF)]
        let second = table[1280 &+ Int(low >> 16 & 0xFF)] ^ table[1024 &+ Int(low >> 24)]
        let third = table[768 &+ Int(high & 0xFF)] ^ table[512 &+ Int(high >> 8 & 0xFF)]
        rest = first ^ second ^ third ^ table[256 &+ Int(high >> 16 & 0xFF)] ^ table[Int(high >> 24)]
        position &+= 8
      }
      while position < bytes.count {
        rest = rest >> 8 ^ table[Int((rest ^ UInt32(bytes[position])) & 0xFF)]
        position &+= 1
      }
      return ~rest
    }
  }

  /// The bytes before a checksum, which must be theirs.
  static func checked(_ input: UnsafeRawBufferPointer) throws(DecodingFailure) -> UnsafeRawBufferPointer {
    guard input.count >= 4 else { throw DecodingFailure(reason: "it is shorter than a checksum") }
    let content = UnsafeRawBufferPointer(rebasing: input[..<(input.count - 4)])
    let found = UInt32(littleEndian: input.loadUnaligned(fromByteOffset: content.count, as: UInt32.self))
    guard found == of(content) else { throw DecodingFailure(reason: "its checksum is wrong") }
    return content
  }
}
