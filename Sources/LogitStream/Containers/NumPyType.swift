/// The type of the elements of a `.npy` file, by its description, as `numpy.dtype` takes it: "<f4", "|u1", "float32".
///
/// All descriptions are known that stand for floating-point numbers, integers and strings, but for those of small arrays such as
/// "()f4", which NumPy never writes. Others are named as they are.
struct NumPyType {
  enum Kind { case float, signedInteger, unsignedInteger, void, bytes, text, object, other }

  let kind: Kind
  /// The number of bytes in an element; nil for types of other kinds.
  let byteCount: Int?
  let isBigEndian: Bool
  /// As the header has it.
  private let text: String

  init(_ text: String) {
    self.text = text
    let order = text.unicodeScalars.first.flatMap { "<>=|".unicodeScalars.contains($0) ? $0 : nil }
    let name = String(text.unicodeScalars.dropFirst(order == nil ? 0 : 1))
    // Words take no byte order before them, letters do.
    let found = Self.letters[name] ?? Self.sized(name) ?? (order == nil ? Self.words[name] : nil)
    (kind, byteCount) = found.map { ($0.0, $0.1) } ?? (.other, nil)
    isBigEndian = order == ">" && kind != .void && kind != .bytes && byteCount ?? 1 > 1
  }

  /// Any type that is described by more than a text: with fields, or with arrays as elements.
  static let records = NumPyType("")

  private typealias Known = (Kind, Int?)

  /// A letter is that of a type in C. NumPy also takes the type's number as a character.
  private static let letters: [String: Known] = [
    "e": (.float, 2), "f": (.float, 4), "d": (.float, 8), "\u{17}": (.float, 2), "\u{B}": (.float, 4),
    "\u{C}": (.float, 8),
    "b": (.signedInteger, 1), "h": (.signedInteger, 2), "i": (.signedInteger, 4), "l": (.signedInteger, 8),
    "q": (.signedInteger, 8), "p": (.signedInteger, 8), "n": (.signedInteger, 8),
    "B": (.unsignedInteger, 1), "H": (.unsignedInteger, 2), "I": (.unsignedInteger, 4), "L": (.unsignedInteger, 8),
    "Q": (.unsignedInteger, 8), "P": (.unsignedInteger, 8), "N": (.unsignedInteger, 8),
    "S": (.bytes, 0), "U": (.text, 0), "O": (.object, nil),
  ]

  private static let words: [String: Known] = [
    "half": (.float, 2), "float16": (.float, 2), "single": (.float, 4), "float32": (.float, 4), "float": (.float, 8),
    "double": (.float, 8), "float64": (.float, 8),
    "byte": (.signedInteger, 1), "int8": (.signedInteger, 1), "short": (.signedInteger, 2),
    "int16": (.signedInteger, 2),
    "intc": (.signedInteger, 4), "int32": (.signedInteger, 4), "int": (.signedInteger, 8), "int_": (.signedInteger, 8),
    "long": (.signedInteger, 8), "longlong": (.signedInteger, 8), "intp": (.signedInteger, 8),
    "int64": (.signedInteger, 8),
    "ubyte": (.unsignedInteger, 1), "uint8": (.unsignedInteger, 1), "ushort": (.unsignedInteger, 2),
    "uint16": (.unsignedInteger, 2), "uintc": (.unsignedInteger, 4), "uint32": (.unsignedInteger, 4),
    "uint": (.unsignedInteger, 8), "ulong": (.unsignedInteger, 8), "ulonglong": (.unsignedInteger, 8),
    "uintp": (.unsignedInteger, 8), "uint64": (.unsignedInteger, 8),
  ]

  /// A letter of a kind with the number of bytes: "f4", and, since NumPy reads the number as C does, "f 4", "f+04".
  private static func sized(_ name: String) -> Known? {
    guard
      let match = name.wholeMatch(
        of: /([fiuVSU])[ \t\n\u{B}\u{C}\r]*\+?([0-9]{1,9})/.matchingSemantics(.unicodeScalar)),
      let size = Int(match.2)
    else { return nil }
    switch (match.1, size) {
    case ("f", 2), ("f", 4), ("f", 8): return (.float, size)
    case ("i", 1), ("i", 2), ("i", 4), ("i", 8): return (.signedInteger, size)
    case ("u", 1), ("u", 2), ("u", 4), ("u", 8): return (.unsignedInteger, size)
    case ("V", _): return (.void, size)
    case ("S", _): return (.bytes, size)
    // A character is a 32-bit code.
    case ("U", _): return (.text, 4 * size)
    default: return nil
    }
  }
}

extension NumPyType {
  /// The elements' type if they are logits.
  ///
  /// bfloat16 is no type of NumPy's own. Arrays of `ml_dtypes.bfloat16` are saved as what NumPy knows of them, two bytes
  /// without a meaning, in the processor's order.
  var format: LogitFormat? {
    switch (kind, byteCount) {
    case (.float, 2): LogitFormat(precision: .float16, isBigEndian: isBigEndian)
    case (.float, 4): LogitFormat(precision: .float32, isBigEndian: isBigEndian)
    case (.float, 8): LogitFormat(precision: .float64, isBigEndian: isBigEndian)
    case (.void, 2): LogitFormat(precision: .bfloat16)
    default: nil
    }
  }

  var integerFormat: IntegerFormat? {
    guard kind == .signedInteger || kind == .unsignedInteger, let byteCount else { return nil }
    return IntegerFormat(byteCount: byteCount, isSigned: kind == .signedInteger, isBigEndian: isBigEndian)
  }

  /// Strings of more bytes are neither labels nor names.
  private static let mostStringBytes = 1 << 20

  var stringFormat: StringFormat? {
    guard kind == .bytes || kind == .text, let byteCount, byteCount <= Self.mostStringBytes else { return nil }
    return StringFormat(byteCount: byteCount, encoding: kind == .text ? .utf32 : .utf8, isBigEndian: isBigEndian)
  }

  /// In plain words.
  var description: String {
    let order = isBigEndian ? "big-endian " : ""
    switch (kind, byteCount) {
    case (.signedInteger, let bytes?): return "\(order)integers (int\(8 * bytes))"
    case (.unsignedInteger, let bytes?): return "\(order)integers (uint\(8 * bytes))"
    case (.void, let bytes?): return format?.description ?? "opaque elements of \(bytes) bytes (V\(bytes))"
    default: return format?.description ?? (text.isEmpty ? "records" : "NumPy's type \"\(text)\"")
    }
  }
}
