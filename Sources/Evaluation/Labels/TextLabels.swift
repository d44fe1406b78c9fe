/// Labels that come as texts, one after another, and are kept as numbers of different ones.
struct TextLabels {
  private var names: [String] = []
  private var codes: [Int32] = []
  /// The code of each text; of none, −1.
  private var codeOfText: [Substring: Int32] = ["": -1]

  var count: Int { codes.count }

  /// Takes in the next row's label; blanks around it are taken away.
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

  /// The labels: integers if all texts are, apart from empty ones.
  var column: LabelFile.Column {
    let integers = names.compactMap { Int64($0) }
    guard !names.isEmpty, integers.count == names.count else { return .names(names, codes: codes) }
    return .values(codes.map { $0 < 0 ? -1 : integers[Int($0)] })
  }
}
