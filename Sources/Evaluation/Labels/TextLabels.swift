import Texts

/// Labels that come as texts, one after another. Each different text is kept once, each row only as its code.
struct TextLabels {
  private(set) var texts: [ByteText] = []
  /// The index of each row's text in ``texts``.
  private(set) var codes: [Int32] = []
  private var codeOfText: [ByteText: Int32] = [:]

  var count: Int { codes.count }

  /// Appends the next row's label.
  mutating func append(_ text: String) {
    let text = ByteText(text)
    if let code = codeOfText[text] {
      codes.append(code)
      return
    }
    let code = Int32(texts.count)
    codeOfText[text] = code
    texts.append(text)
    codes.append(code)
  }

  /// What the labels are.
  ///
  /// Text may be names or numbers. It is names if it must be, and else what fits more of the different texts: names of
  /// clusters, or numbers of columns; of equals, names. Names that are the columns' numbers make no difference.
  ///
  /// - Parameters:
  ///   - clusterNames: What the clusters are called.
  ///   - areNumbers: Whether they must be numbers, since something else says what these are called.
  func reading(_ clusterNames: [String], areNumbers: Bool) -> LabelReading {
    let known = Set(clusterNames.lazy.map { ByteText($0) })
    let isNamed = texts.map(known.contains)
    let numbers = texts.map { Self.integer($0.string) }
    // A number below 0 is no label among names either.
    let isNegative = numbers.map { $0.map { $0 < 0 } ?? false }
    let isMissing = texts.indices.map {
      !isNamed[$0] && (isNegative[$0] || MissingValue.isMeant(by: texts[$0].string))
    }
    let given = texts.indices.filter { !isMissing[$0] }
    let areIntegers = !given.isEmpty && given.allSatisfy { numbers[$0] != nil }
    let named = given.count { isNamed[$0] }
    let columns = given.count { numbers[$0].map { (0..<Int64(clusterNames.count)).contains($0) } ?? false }
    let isNumbering = clusterNames.enumerated().allSatisfy { $1.hasSameBytes(as: String($0)) }
    let takesNumbers = areIntegers && (areNumbers || isNumbering || named == 0 || columns > named)

    var counts = [Int](repeating: 0, count: texts.count)
    for code in codes { counts[Int(code)] += 1 }
    func listed(_ isListed: (Int) -> Bool) -> [MissingText] {
      MissingText.sorted(
        Dictionary(uniqueKeysWithValues: texts.indices.filter(isListed).map { (texts[$0], counts[$0]) }))
    }
    return LabelReading(
      column: takesNumbers
        ? .values(codes.map { isMissing[Int($0)] ? -1 : numbers[Int($0)] ?? -1 })
        : .names(texts.map(\.string), codes: codes.map { isMissing[Int($0)] ? -1 : $0 }),
      missing: listed { isMissing[$0] && !texts[$0].isEmpty && !(takesNumbers && isNegative[$0]) },
      namedLikeMissing: listed { isNamed[$0] && MissingValue.isMeant(by: texts[$0].string) },
      namedColumns: takesNumbers && !isNumbering && !areNumbers ? listed { isNamed[$0] } : [],
      onlyWord: onlyWord(given.filter { numbers[$0] == nil && !isNamed[$0] }, of: given))
  }

  /// The text that alone is no integer, if there is just one such among several.
  private func onlyWord(_ words: [Int], of given: [Int]) -> LabelReading.Word? {
    guard words.count == 1, given.count > 2, let row = codes.firstIndex(of: Int32(words[0])) else { return nil }
    return LabelReading.Word(text: texts[words[0]].string, row: row)
  }

  /// The integer that a text is, which may be written as a floating-point number, as "3.0" or "3.000e+00"; nil for another
  /// text.
  private static func integer(_ text: String) -> Int64? {
    let text = text.withoutPadding
    if let integer = Int64(text) { return integer }
    guard text.utf8.allSatisfy({ "0123456789+-.eE".utf8.contains($0) }), let value = Double(text) else { return nil }
    // Above 2^53 not every integer is a double.
    return abs(value) <= 0x1p53 ? Int64(exactly: value) : nil
  }
}

/// What labels that came as texts are taken for.
package struct LabelReading {
  let column: LabelFile.Column
  /// Texts that say that there is no label, but for the empty one.
  let missing: [MissingText]
  /// Texts that would say so, were they not clusters' names.
  let namedLikeMissing: [MissingText]
  /// Numbers of columns that are also other clusters' names.
  let namedColumns: [MissingText]
  /// The one text that is no integer, where all others are.
  let onlyWord: Word?

  /// A text, and the first row that has it.
  package struct Word: Sendable, Equatable {
    package let text: String
    package let row: Int
  }
}
