/// Names of files, as strings. To the system they are bytes, and need not be UTF-8.
///
/// A byte that is no part of valid UTF-8 becomes a character of its own, one that Unicode leaves to private use. Such a
/// character that a name has already is taken byte by byte likewise. So each name has a string of its own, and the
/// string gives back the name. Strings of this kind go through all of the program, and into manifests; only where the
/// system is called they are bytes again.
extension String {
  /// The string for bytes that the system gave.
  package init(systemBytes bytes: some Sequence<UInt8>) {
    let bytes = Array(bytes)
    // As nearly all are.
    if let text = String(validating: bytes, as: UTF8.self), !text.unicodeScalars.contains(where: \.standsForByte) {
      self = text
      return
    }
    var scalars = String.UnicodeScalarView()
    var rest = bytes[...]
    while !rest.isEmpty {
      let scalar = Unicode.Scalar(beginning: rest)
      if let scalar, !scalar.standsForByte {
        scalars.append(scalar)
        rest = rest.dropFirst(UTF8.width(scalar))
      } else {
        let count = scalar == nil ? 1 : 4
        scalars.append(contentsOf: rest.prefix(count).compactMap(Unicode.Scalar.init(standingFor:)))
        rest = rest.dropFirst(count)
      }
    }
    self.init(scalars)
  }

  /// The string for bytes up to a zero.
  package init(systemCharacters characters: UnsafePointer<CChar>) {
    self.init(
      systemBytes: UnsafeBufferPointer(start: characters, count: Self.length(characters)).map(UInt8.init(bitPattern:)))
  }

  private static func length(_ characters: UnsafePointer<CChar>) -> Int {
    var length = 0
    while characters[length] != 0 { length += 1 }
    return length
  }

  /// The bytes that the string stands for.
  package var systemBytes: [UInt8] {
    guard unicodeScalars.contains(where: \.standsForByte) else { return Array(utf8) }
    return unicodeScalars.flatMap { scalar in
      scalar.byte.map { [$0] } ?? Array(String(scalar).utf8)
    }
  }

  /// Passes the string to the system, as bytes with a zero after them.
  package func withSystemCharacters<Result, Failure>(
    _ body: (UnsafePointer<CChar>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let characters = systemBytes.map(CChar.init(bitPattern:)) + [0]
    // Typed errors don't pass through the closures of an array.
    var result: Swift.Result<Result, Failure>?
    characters.withUnsafeBufferPointer { buffer in
      guard let start = buffer.baseAddress else { return }
      result = Swift.Result { () throws(Failure) in try body(start) }
    }
    guard let result else { preconditionFailure("there is a zero") }
    return try result.get()
  }
}

extension Unicode.Scalar {
  /// The first of the characters that stand for bytes, less the byte.
  private static var base: UInt32 { 0x10_FE00 }

  /// The character for a byte that is none by itself.
  fileprivate init?(standingFor byte: UInt8) { self.init(Self.base + UInt32(byte)) }

  /// The byte that the character stands for, if it is such a character.
  package var byte: UInt8? { standsForByte ? UInt8(value - Self.base) : nil }

  /// Whether it is a character that stands for a byte of a name that is no UTF-8.
  package var standsForByte: Bool { (Self.base + 0x80...Self.base + 0xFF).contains(value) }

  /// The character at the beginning of bytes; nil if they don't begin with valid UTF-8.
  fileprivate init?(beginning bytes: ArraySlice<UInt8>) {
    var parser = Unicode.UTF8.ForwardParser()
    var iterator = bytes.makeIterator()
    guard case .valid(let encoded) = parser.parseScalar(from: &iterator) else { return nil }
    self = Unicode.UTF8.decode(encoded)
  }
}
