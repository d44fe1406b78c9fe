/// Texts and integers in a Python literal.
extension PythonLiteralParser {
  // MARK: Integers

  /// An integer in any of Python's notations: 60, 6_000, 0x3C, 0o74, 0b111100. nil if it has more than 64 bits.
  mutating func integer() throws(Failure) -> Int? {
    let number: Int?
    switch (next, peek(1)) {
    case ("0", "x"), ("0", "X"): number = try digits(radix: 16)
    case ("0", "o"), ("0", "O"): number = try digits(radix: 8)
    case ("0", "b"), ("0", "B"): number = try digits(radix: 2)
    case ("0", _):
      number = try digits(radix: 10)
      guard number == 0 else { throw failure("a number begins with 0") }
    default: number = try digits(radix: 10)
    }
    guard let scalar = next else { return number }
    let isFloat = scalar == "." || ["e", "E", "j", "J"].contains(scalar)
    guard !isFloat else { throw failure("a number is no integer") }
    guard !scalar.isDecimalDigit, scalar != "_" else { throw failure("a number is misspelt") }
    return number
  }

  /// Digits, between which single underscores may stand; before those of other radices than 10 is what names the radix.
  private mutating func digits(radix: Int) throws(Failure) -> Int? {
    if radix != 10 { advance(2) }
    var number: Int? = 0
    var count = 0
    while let scalar = next {
      let start = position
      if scalar == "_", radix != 10 || count > 0 { advance() }
      guard let digit = next?.digit, digit < radix else {
        position = start
        break
      }
      advance()
      count += 1
      number = number.flatMap { number in
        let (product, overflow) = number.multipliedReportingOverflow(by: radix)
        let (sum, carry) = product.addingReportingOverflow(digit)
        return overflow || carry ? nil : sum
      }
    }
    guard count > 0 else { throw failure("a number has no digits") }
    return number
  }

  // MARK: Texts

  /// Whether a text begins here, which may have a letter before its quotes.
  var beginsText: Bool { quoteOffset != nil }

  /// How many letters are before the quotes of a text that begins here.
  private var quoteOffset: Int? {
    func isQuote(_ scalar: Unicode.Scalar?) -> Bool { scalar == "'" || scalar == "\"" }
    if isQuote(next) { return 0 }
    guard let next, ["r", "R", "u", "U"].contains(next), isQuote(peek(1)) else { return nil }
    return 1
  }

  /// Texts one after another, which are one.
  mutating func texts() throws(Failure) -> String {
    var content = String.UnicodeScalarView()
    while let offset = quoteOffset {
      let isRaw = offset == 1 && (next == "r" || next == "R")
      advance(offset)
      try text(into: &content, isRaw: isRaw)
      skipSpace()
    }
    return String(content)
  }

  private mutating func text(into content: inout String.UnicodeScalarView, isRaw: Bool) throws(Failure) {
    guard let quote = next else { return }
    let isLong = peek(1) == quote && peek(2) == quote
    advance(isLong ? 3 : 1)
    while let scalar = next {
      if scalar == quote, !isLong || peek(1) == quote && peek(2) == quote {
        advance(isLong ? 3 : 1)
        return
      }
      guard isLong || scalar != "\n" else { break }
      advance()
      if scalar != "\\" {
        content.append(scalar)
      } else if isRaw {
        content.append(scalar)
        if let escaped = next { content.append(escaped) }
        advance()
      } else {
        try escape(into: &content)
      }
    }
    throw failure("a text has no end")
  }

  /// What stands after a backslash.
  private mutating func escape(into content: inout String.UnicodeScalarView) throws(Failure) {
    guard let letter = next else { return }
    advance()
    switch letter {
    case "\n": break
    case "\\", "'", "\"": content.append(letter)
    case "a": content.append("\u{7}")
    case "b": content.append("\u{8}")
    case "f": content.append("\u{C}")
    case "n": content.append("\n")
    case "r": content.append("\r")
    case "t": content.append("\t")
    case "v": content.append("\u{B}")
    case "0"..."7":
      advance(-1)
      content.append(try scalar(radix: 8, digits: 1...3))
    case "x": content.append(try scalar(radix: 16, digits: 2...2))
    case "u": content.append(try scalar(radix: 16, digits: 4...4))
    case "U": content.append(try scalar(radix: 16, digits: 8...8))
    case "N": throw failure("it has a character by its name, which is not read here")
    default:
      // Python warns, and takes both as they are.
      content.append("\\")
      content.append(letter)
    }
  }

  /// A character by its number.
  private mutating func scalar(radix: Int, digits: ClosedRange<Int>) throws(Failure) -> Unicode.Scalar {
    var number = 0
    var count = 0
    while count < digits.upperBound, let digit = next?.digit, digit < radix {
      number = number * radix + digit
      count += 1
      advance()
    }
    guard count >= digits.lowerBound, let scalar = Unicode.Scalar(UInt32(number)) else {
      throw failure("a character is given by a number that none has")
    }
    return scalar
  }
}

extension Unicode.Scalar {
  /// What it stands for as a digit of a number, of a radix up to 16.
  fileprivate var digit: Int? { isASCII ? Character(self).hexDigitValue : nil }
}
