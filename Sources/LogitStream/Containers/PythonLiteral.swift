/// A literal as Python writes it: what the headers of `.npy` files are made of.
///
/// Of all that `ast.literal_eval` takes these are the kinds that a header can be made of; bytes, floating-point numbers,
/// sets and `None` have no place there, and are refused as what can't be understood is.
enum PythonLiteral {
  case text(String)
  /// nil for one that is beyond 64 bits.
  case integer(Int?)
  case boolean(Bool)
  case tuple([PythonLiteral])
  case list([PythonLiteral])
  /// Keys and values in their order. If a key is there twice, the last one counts.
  case dictionary([(key: PythonLiteral, value: PythonLiteral)])

  /// Why a text is no literal, and at which of its characters that was seen, from 0.
  struct Failure: Error, Equatable {
    let position: Int
    let reason: String
  }

  /// Reads a text that is one literal, with blanks and comments around it.
  ///
  /// - Parameter allowsLongIntegers: Whether integers may have an L after them, as in Python 2.
  init(parsing text: some StringProtocol, allowsLongIntegers: Bool) throws(Failure) {
    var parser = PythonLiteralParser(text, allowsLongIntegers: allowsLongIntegers)
    self = try parser.whole()
  }
}

/// Reads a literal, scalar by scalar, by Python's grammar of expressions.
struct PythonLiteralParser {
  typealias Failure = PythonLiteral.Failure

  /// The text; Python takes each kind of line end for a line feed before all else.
  private let scalars: [Unicode.Scalar]
  var position = 0
  private let allowsLongIntegers: Bool
  /// The brackets that are open. Between brackets a line may end anywhere.
  private var depth = 0
  /// Whether the last literal was a number without a sign, in brackets or not: only then it may have one.
  private var isUnsignedNumber = false
  /// Python's own limit.
  private static let mostBrackets = 199

  init(_ text: some StringProtocol, allowsLongIntegers: Bool) {
    var scalars: [Unicode.Scalar] = []
    var previous: Unicode.Scalar?
    for scalar in text.unicodeScalars {
      if scalar == "\r" { scalars.append("\n") } else if scalar != "\n" || previous != "\r" { scalars.append(scalar) }
      previous = scalar
    }
    self.scalars = scalars
    self.allowsLongIntegers = allowsLongIntegers
  }

  // MARK: Characters

  var next: Unicode.Scalar? { position < scalars.count ? scalars[position] : nil }

  func peek(_ offset: Int) -> Unicode.Scalar? {
    position + offset < scalars.count ? scalars[position + offset] : nil
  }

  mutating func advance(_ count: Int = 1) { position += count }

  /// Skips a character if it is the next one.
  mutating func skip(_ scalar: Unicode.Scalar) -> Bool {
    guard next == scalar else { return false }
    position += 1
    return true
  }

  func failure(_ reason: String) -> Failure { Failure(position: min(position, scalars.count), reason: reason) }

  /// Skips blanks within a line. A line that ends in a backslash goes on in the next.
  private mutating func skipBlanks() {
    while true {
      if next == " " || next == "\t" || next == "\u{C}" {
        position += 1
      } else if next == "\\", peek(1) == "\n" {
        position += 2
      } else {
        return
      }
    }
  }

  private mutating func skipComment() {
    guard next == "#" else { return }
    while let scalar = next, scalar != "\n" { position += 1 }
  }

  /// Skips what may stand between two parts of an expression.
  mutating func skipSpace() {
    skipBlanks()
    while depth > 0, next == "#" || next == "\n" {
      skipComment()
      _ = skip("\n")
      skipBlanks()
    }
  }

  // MARK: The whole

  /// The literal that the text is.
  mutating func whole() throws(Failure) -> PythonLiteral {
    try skipEmptyLines()
    let literal = try expression()
    skipBlanks()
    while next == "#" || next == "\n" {
      skipComment()
      _ = skip("\n")
      skipBlanks()
    }
    guard next == nil else { throw failure("there is more after it") }
    return literal
  }

  /// Skips lines without content. The first line with content must not be indented, unless it is the first of all.
  private mutating func skipEmptyLines() throws(Failure) {
    // What NumPy does about Python 2 also makes blanks of form feeds.
    while next == " " || next == "\t" || allowsLongIntegers && next == "\u{C}" { position += 1 }
    var lineStart = position
    while let scalar = next {
      switch scalar {
      case " ", "\t": position += 1
      case "#": skipComment()
      case "\n", "\u{C}":
        position += 1
        lineStart = position
      default:
        guard position == lineStart else { throw failure("its first line is indented") }
        return
      }
    }
  }

  /// A literal. It recurses over brackets, of which Python allows no more than 199 within one another.
  private mutating func expression() throws(Failure) -> PythonLiteral {
    isUnsignedNumber = false
    switch next {
    case "(", "[", "{":
      depth += 1
      defer { depth -= 1 }
      guard depth <= Self.mostBrackets else { throw failure("it has too many brackets within one another") }
      return try bracketed()
    case "+", "-":
      return try signedNumber()
    case .some(let digit) where digit.isDecimalDigit:
      let number = try integer()
      if allowsLongIntegers { skipLongSuffix() }
      isUnsignedNumber = true
      return .integer(number)
    case .some where beginsText:
      return .text(try texts())
    case .some(let letter) where letter.isIdentifierPart:
      return try constant()
    default:
      throw failure("a value should be there")
    }
  }

  private mutating func signedNumber() throws(Failure) -> PythonLiteral {
    let isNegative = next == "-"
    position += 1
    skipSpace()
    let operand = try expression()
    guard isUnsignedNumber, case .integer(let number) = operand else {
      throw failure("a number should be there, after the sign")
    }
    isUnsignedNumber = false
    return .integer(isNegative ? number.map { -$0 } : number)
  }

  private mutating func constant() throws(Failure) -> PythonLiteral {
    let word = scalars[position...].prefix { $0.isIdentifierPart }
    for value in [true, false] where word.elementsEqual((value ? "True" : "False").unicodeScalars) {
      position = word.endIndex
      return .boolean(value)
    }
    throw failure("a word has no place in it")
  }

  /// In Python 2 an integer may have an L after it. As NumPy does, one is skipped wherever it follows a number.
  private mutating func skipLongSuffix() {
    while true {
      let start = position
      skipBlanks()
      guard next == "L", peek(1)?.isIdentifierPart != true else {
        position = start
        return
      }
      position += 1
    }
  }

  // MARK: Brackets

  private mutating func bracketed() throws(Failure) -> PythonLiteral {
    let isDictionary = next == "{"
    let isList = next == "["
    position += 1
    skipSpace()
    if isDictionary { return .dictionary(try pairs()) }
    let closing: Unicode.Scalar = isList ? "]" : ")"
    var elements: [PythonLiteral] = []
    while !skip(closing) {
      elements.append(try expression())
      skipSpace()
      if skip(",") {
        skipSpace()
      } else {
        guard skip(closing) else { throw failure("a comma or bracket is missing") }
        // Brackets without a comma make no tuple.
        return isList ? .list(elements) : elements.count == 1 ? elements[0] : .tuple(elements)
      }
    }
    isUnsignedNumber = false
    return isList ? .list(elements) : .tuple(elements)
  }

  private mutating func pairs() throws(Failure) -> [(key: PythonLiteral, value: PythonLiteral)] {
    var pairs: [(key: PythonLiteral, value: PythonLiteral)] = []
    while !skip("}") {
      let key = try expression()
      skipSpace()
      guard skip(":") else { throw failure("a colon is missing") }
      skipSpace()
      pairs.append((key, try expression()))
      skipSpace()
      if skip(",") {
        skipSpace()
      } else {
        guard skip("}") else { throw failure("a comma or bracket is missing") }
        break
      }
    }
    isUnsignedNumber = false
    return pairs
  }
}

extension Unicode.Scalar {
  var isDecimalDigit: Bool { ("0"..."9").contains(self) }

  /// Whether it belongs to a word, where it is not at its beginning.
  var isIdentifierPart: Bool {
    isDecimalDigit || ("a"..."z").contains(self) || ("A"..."Z").contains(self) || self == "_" || value >= 0x80
  }
}
