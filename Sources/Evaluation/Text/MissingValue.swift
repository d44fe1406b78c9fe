import Texts

/// How programs write that there is no value.
enum MissingValue {
  /// What pandas reads as missing unless told otherwise, which has what NumPy, R and SQL write, and what databases dump.
  private static let texts: Set<ByteText> = [
    "", "#N/A", "#N/A N/A", "#NA", "-1.#IND", "-1.#QNAN", "-NaN", "-nan", "1.#IND", "1.#QNAN", "\\N",
  ]

  /// Words for it that programs and people write in letters of either case.
  private static let words: Set<ByteText> = ["<na>", "n/a", "na", "nan", "none", "null"]

  /// Whether a text says that there is no value. A class may be called so all the same: who asks knows the classes.
  static func isMeant(by text: String) -> Bool {
    let text = String(text.withoutPadding)
    return texts.contains(ByteText(text)) || words.contains(ByteText(text.lowercased()))
  }
}

extension TextTable {
  /// Empties the fields that say that there is no value, in all columns but the first, unless the first column has a class
  /// or node of that name.
  ///
  /// - Returns: How often each such text was there, in the order of texts. Empty fields don't count.
  func withoutMissingValues() -> (table: TextTable, missing: [MissingText]) {
    let names = Set(rows.lazy.map { ByteText($0[0]) })
    var counts: [ByteText: Int] = [:]
    let cleared = rows.map { row in
      row.indices.map { column in
        let text = row[column]
        guard column > 0, MissingValue.isMeant(by: text), !names.contains(ByteText(text)) else { return text }
        if !text.isEmpty { counts[ByteText(text), default: 0] += 1 }
        return ""
      }
    }
    return (TextTable(self, rows: cleared), MissingText.sorted(counts))
  }
}

/// A text that was taken for a missing value, and how often.
package struct MissingText: Sendable, Equatable {
  package let text: String
  package let count: Int

  static func sorted(_ counts: [ByteText: Int]) -> [MissingText] {
    counts.sorted { $0.key < $1.key }.map { MissingText(text: $0.key.string, count: $0.value) }
  }
}
