/// Reads JSON as it goes, strictly by RFC 8259, for who knows what must come next.
///
/// Nothing is dropped or repaired. A decoder that takes one of two equal keys would read another file than a decoder that
/// takes the other.
package struct JSONScanner {
  /// What is wrong with a text, and at which byte that was seen, from 0.
  package struct Failure: Error, Equatable {
    let position: Int
    let reason: String
    package var description: String { "at byte \(position), \(reason)" }
  }

  private let bytes: [UInt8]
  private var position = 0
  private static let blanks = Array(" \t\n\r".utf8)

  package init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// The next byte, if there is one.
  var next: UInt8? { position < bytes.count ? bytes[position] : nil }

  package func failure(_ reason: String) -> Failure { Failure(position: position, reason: reason) }

  // MARK: Values

  /// Reads an object; `member` reads the value of a key.
  package mutating func object(_ member: (inout JSONScanner, _ key: String) throws(Failure) -> Void) throws(Failure) {
    try expect("{")
    guard !skip("}") else { return }
    repeat {
      let key = try text()
      try expect(":")
      try member(&self, key)
    } while skip(",")
    try expect("}")
  }

  /// Reads an array; `element` reads an element.
  package mutating func array(_ element: (inout JSONScanner) throws(Failure) -> Void) throws(Failure) {
    try expect("[")
    guard !skip("]") else { return }
    repeat { try element(&self) } while skip(",")
    try expect("]")
  }

  /// Whether a character is the next one, but for blanks before it.
  package mutating func isNext(_ character: Unicode.Scalar) -> Bool {
    skipBlanks()
    return next == UInt8(ascii: character)
  }

  /// Reads a value of any kind, and drops it.
  ///
  /// - Parameter depth: How many objects and arrays may stand in one another.
  package mutating func anyValue(depth: Int = 256) throws(Failure) {
    guard depth > 0 else { throw failure("values stand in one another too deeply") }
    if isNext("{") {
      try object { scanner, _ throws(Failure) in try scanner.anyValue(depth: depth - 1) }
    } else if isNext("[") {
      try array { scanner throws(Failure) in try scanner.anyValue(depth: depth - 1) }
    } else if isNext("\"") {
      _ = try text()
    } else {
      _ = try word()
    }
  }

  /// Reads a number, true, false or null, as it is written.
  mutating func word() throws(Failure) -> String {
    skipBlanks()
    let start = position
    while let byte = next, !Self.blanks.contains(byte), !",]}".utf8.contains(byte) { position += 1 }
    let word = String(decoding: bytes[start..<position], as: UTF8.self)
    guard
      word.wholeMatch(of: /true|false|null|-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?/) != nil
        // What Python writes for numbers that JSON has not.
        || ["NaN", "Infinity", "-Infinity"].contains(word)
    else {
      position = start
      throw failure("a value should be there")
    }
    return word
  }

  /// Reads an array of integers from 0 on, of which there are no more than `most`.
  mutating func integers(most: Int) throws(Failure) -> [Int] {
    try expect("[")
    var numbers: [Int] = []
    guard !skip("]") else { return numbers }
    repeat {
      guard numbers.count < most else { throw failure("there are more than \(most) numbers") }
      numbers.append(try integer())
    } while skip(",")
    try expect("]")
    return numbers
  }

  private mutating func integer() throws(Failure) -> Int {
    skipBlanks()
    let start = position
    while let byte = next, Self.isDigit(byte) { position += 1 }
    let digits = bytes[start..<position]
    guard let number = Int(String(decoding: digits, as: UTF8.self)), digits.first != UInt8(ascii: "0") || number == 0,
      digits.count == 1 || number > 0
    else {
      position = start
      throw failure("an integer from 0 on should be there")
    }
    return number
  }

  /// Reads a text.
  package mutating func text() throws(Failure) -> String {
    try expect("\"")
    var content: [UInt8] = []
    var start = position
    while let byte = next, byte >= 0x20 {
      if byte == UInt8(ascii: "\"") {
        content += bytes[start..<position]
        position += 1
        guard let text = String(validating: content, as: UTF8.self) else { throw failure("a text is not UTF-8") }
        return text
      }
      position += 1
      guard byte == UInt8(ascii: "\\") else { continue }
      content += bytes[start..<position - 1]
      content += String(try escaped()).utf8
      start = position
    }
    throw failure("a text has no end")
  }

  /// The character that the part of a text after a backslash stands for.
  private mutating func escaped() throws(Failure) -> Unicode.Scalar {
    let letter = next
    position += 1
    switch letter {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(letter ?? 0)
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{C}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"):
      let high = try codeUnit()
      guard UTF16.isLeadSurrogate(high) else {
        guard let scalar = Unicode.Scalar(high) else { throw failure("a text has half a character") }
        return scalar
      }
      guard next == UInt8(ascii: "\\"), position + 1 < bytes.count, bytes[position + 1] == UInt8(ascii: "u") else {
        throw failure("a text has half a character")
      }
      position += 2
      let low = try codeUnit()
      guard UTF16.isTrailSurrogate(low) else { throw failure("a text has half a character") }
      return Unicode.Scalar(0x10000 + ((UInt32(high) - 0xD800) << 10 | (UInt32(low) - 0xDC00))) ?? "\u{FFFD}"
    default:
      throw failure("a backslash stands before what JSON does not know")
    }
  }

  private mutating func codeUnit() throws(Failure) -> UInt16 {
    let digits = bytes[position...].prefix(4)
    guard digits.count == 4, digits.allSatisfy({ Unicode.Scalar($0).properties.isASCIIHexDigit }),
      let unit = UInt16(String(decoding: digits, as: UTF8.self), radix: 16)
    else { throw failure("four hexadecimal digits should be there") }
    position += 4
    return unit
  }

  /// Makes sure that nothing follows but blanks.
  package mutating func end() throws(Failure) {
    skipBlanks()
    guard position == bytes.count else { throw failure("there is more after the end") }
  }

  // MARK: Bytes

  private mutating func skipBlanks() {
    while let byte = next, Self.blanks.contains(byte) { position += 1 }
  }

  /// Skips a character, with blanks before it, if it is the next one.
  private mutating func skip(_ character: Unicode.Scalar) -> Bool {
    skipBlanks()
    guard next == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  private mutating func expect(_ character: Unicode.Scalar) throws(Failure) {
    guard skip(character) else { throw failure("\(character) is missing") }
  }

  private static func isDigit(_ byte: UInt8) -> Bool { UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte }
}
