/// Text whose identity is its bytes: names of classes, labels, datasets, tensors, columns.
///
/// Swift's own strings are equal if they are canonically equivalent: U+90CE and U+F92C, Å and Å, é and e with an accent
/// after it. In the files that names come from these are different, so as keys of a dictionary, in a set, in order and
/// in comparisons names are `ByteText`.
///
///     ByteText("\u{E9}") == ByteText("e\u{301}")   // false
///     [ByteText: Int](uniqueKeysWithValues: …)
///
/// The order is that of the bytes in UTF-8, which is that of Unicode's scalars.
package struct ByteText: Sendable {
  package let string: String

  package init(_ string: some StringProtocol) {
    var string = String(string)
    string.makeContiguousUTF8()
    self.string = string
  }

  package var utf8: String.UTF8View { string.utf8 }

  package var isEmpty: Bool { string.isEmpty }
}

extension ByteText: Hashable {
  package static func == (first: ByteText, second: ByteText) -> Bool { first.string.hasSameBytes(as: second.string) }

  package func hash(into hasher: inout Hasher) {
    let isWhole: Void? = string.utf8.withContiguousStorageIfAvailable {
      hasher.combine(bytes: UnsafeRawBufferPointer($0))
    }
    if isWhole == nil { for byte in string.utf8 { hasher.combine(byte) } }
    // No byte of UTF-8: where this text ends, and another begins.
    hasher.combine(0xFF as UInt8)
  }
}

extension ByteText: Comparable {
  package static func < (first: ByteText, second: ByteText) -> Bool { first.string.precedesByBytes(second.string) }
}

extension ByteText: CustomStringConvertible, ExpressibleByStringLiteral {
  package var description: String { string }

  package init(stringLiteral string: String) { self.init(string) }
}

extension ByteText: Codable {
  package init(from decoder: any Decoder) throws { self.init(try String(from: decoder)) }

  package func encode(to encoder: any Encoder) throws { try string.encode(to: encoder) }
}

extension StringProtocol {
  /// Whether two texts are the same, byte by byte.
  package func hasSameBytes(as other: some StringProtocol) -> Bool { utf8.elementsEqual(other.utf8) }

  /// Whether this text comes before another in the order of bytes.
  package func precedesByBytes(_ other: some StringProtocol) -> Bool { utf8.lexicographicallyPrecedes(other.utf8) }

  /// Whether the bytes of this text begin with those of another. A mark after them that combines with the last character
  /// makes no difference.
  package func hasBytePrefix(_ other: some StringProtocol) -> Bool { utf8.starts(with: other.utf8) }

  /// Whether the bytes of this text end with those of another.
  package func hasByteSuffix(_ other: some StringProtocol) -> Bool {
    utf8.reversed().starts(with: other.utf8.reversed())
  }
}

extension Sequence<String> {
  /// Whether one of the texts is this one, byte by byte.
  package func containsBytes(of text: some StringProtocol) -> Bool { contains { $0.hasSameBytes(as: text) } }
}

extension [String] {
  /// Whether both have the same texts in the same order, byte by byte.
  package func hasSameBytes(as other: [String]) -> Bool {
    count == other.count && zip(self, other).allSatisfy { $0.hasSameBytes(as: $1) }
  }
}
