/// Labels that come as texts, one after another. Each different text is kept once, each row only as its code.
struct TextLabels {
  private var names: [String] = []
  private var codes: [Int32] = []
  /// The code of each text; −1 for the empty text.
  private var codeOfText: [Substring: Int32] = ["": -1]

  var count: Int { codes.count }

  /// Appends the next row's label, without the blanks around it.
  mutating func append(_ text: Substring) {
    let text = Self.trimmed(text)
    if let code = codeOfText[text] {
      codes.append(code)
      return
    }
    let code = Int32(names.count)
    codeOfText[text] = code
    names.append(String(text))
    codes.append(code)
  }

  static func trimmed(_ text: Substring) -> Substring {
    let isBlank: (UInt8) -> Bool = { $0 == 0x20 || $0 == 0x09 }
    let bytes = text.utf8.drop(while: isBlank)
    guard let last = bytes.lastIndex(where: { !isBlank($0) }) else { return "" }
    return text[bytes.startIndex..<bytes.index(after: last)]
  }

  /// The labels. They are integers if all texts but empty ones are.
  var column: LabelFile.Column {
    let integers = names.compactMap { Int64($0) }
    guard !names.isEmpty, integers.count == names.count else { return .names(names, codes: codes) }
    return .values(codes.map { $0 < 0 ? -1 : integers[Int($0)] })
  }
}
