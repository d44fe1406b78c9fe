/// The hash FNV-1a of 64 bits: it tells bytes that are not the same from one another in next to no code, and depends on nothing
/// but them. It finds no damage on purpose.
package struct FNV1a: Sendable, Equatable {
  package private(set) var value: UInt64 = 0xCBF2_9CE4_8422_2325

  package init() {}

  /// That of a text's bytes.
  package init(_ text: String) {
    for byte in text.utf8 { add(byte) }
  }

  /// Takes in what comes next.
  package mutating func add(_ bytes: UnsafeRawBufferPointer) {
    for byte in bytes { add(byte) }
  }

  /// Takes in as many bytes that are 0.
  package mutating func add(zeros count: Int) {
    for _ in 0..<count { add(0) }
  }

  private mutating func add(_ byte: UInt8) { value = (value ^ UInt64(byte)) &* 0x100_0000_01B3 }

  package var hexadecimal: String { String(value, radix: 16) }
}
