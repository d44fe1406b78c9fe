/// A table of text in columns, with a header.
struct AlignedTable {
  enum Side { case left, right }

  struct Column {
    let title: String
    let side: Side
    /// The most characters; longer texts are cut short.
    let most: Int

    init(_ title: String, _ side: Side = .left, most: Int = .max) {
      self.title = title
      self.side = side
      self.most = most
    }
  }

  private let columns: [Column]
  /// Fields, and lines that follow them.
  private var rows: [(fields: [String], below: [String])] = []

  init(_ columns: [Column]) { self.columns = columns }

  /// Adds a row; fields missing at its end are left empty.
  mutating func add(_ fields: [String], below lines: [String] = []) {
    rows.append((zip(fields, columns).map { Self.shortened(Text.onOneLine($0), to: $1.most) }, lines))
  }

  /// The table, a newline after each line, with columns that are empty left out.
  func text() -> String {
    let shown = columns.indices.filter { column in
      rows.contains { column < $0.fields.count && !$0.fields[column].isEmpty }
    }
    let widths = columns.indices.map { column in
      rows.reduce(columns[column].title.count) { column < $1.fields.count ? max($0, $1.fields[column].count) : $0 }
    }
    func line(_ fields: [String]) -> String {
      let cells = shown.map { column in
        let field = column < fields.count ? fields[column] : ""
        let blanks = String(repeating: " ", count: widths[column] - field.count)
        return columns[column].side == .left ? field + blanks : blanks + field
      }
      let text = cells.joined(separator: "  ")
      return text.prefix(text.count - text.reversed().prefix { $0 == " " }.count) + "\n"
    }
    return line(columns.map(\.title)) + rows.map { line($0.fields) + $0.below.map { $0 + "\n" }.joined() }.joined()
  }

  private static func shortened(_ text: String, to most: Int) -> String {
    text.count <= most ? text : text.prefix(most - 1) + "…"
  }
}
