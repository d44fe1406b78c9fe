/// A table of text in aligned columns, with a header. Characters are one or two columns of the terminal wide.
///
///     var table = AlignedTable([.init("cluster"), .init("rows", .right)])
///     table.add(["Danish", "60"])
package struct AlignedTable {
  package enum Side: Sendable { case left, right }

  package struct Column: Sendable {
    let title: String
    let side: Side
    /// The most columns of the terminal that a text takes. A longer text ends in an ellipsis.
    let most: Int

    package init(_ title: String, _ side: Side = .left, most: Int = .max) {
      self.title = Text.shown(title)
      self.side = side
      self.most = most
    }
  }

  private var columns: [Column]
  /// For each row, a field for each column, and lines that follow below.
  private var rows: [(fields: [String], below: [String])] = []
  /// The columns of the terminal that each column takes.
  private var widths: [Int]

  package init(_ columns: [Column]) {
    self.columns = columns
    widths = columns.map { DisplayWidth.columns($0.title) }
  }

  /// Adds a row. Fields that are missing at its end are empty.
  package mutating func add(_ fields: [String], below lines: [String] = []) {
    precondition(fields.count <= columns.count, "\(fields.count) fields for \(columns.count) columns")
    var row = zip(fields, columns).map { DisplayWidth.fitted(Text.shown($0), columns: $1.most) }
    row += Array(repeating: "", count: columns.count - row.count)
    for (column, field) in row.enumerated() { widths[column] = max(widths[column], DisplayWidth.columns(field)) }
    rows.append((row, lines))
  }

  /// Removes the last column.
  mutating func removeLastColumn() {
    columns.removeLast()
    widths.removeLast()
    for index in rows.indices { rows[index].fields.removeLast() }
  }

  var columnCount: Int { columns.count }

  /// The header, the rows, and the lines below them. Columns that are empty in all rows are left out.
  package var lines: [String] {
    let shown = columns.indices.filter { column in rows.contains { !$0.fields[column].isEmpty } }
    func line(_ fields: [String]) -> String {
      let cells = shown.map { column in
        let blanks = String(repeating: " ", count: widths[column] - DisplayWidth.columns(fields[column]))
        return columns[column].side == .left ? fields[column] + blanks : blanks + fields[column]
      }
      let text = cells.joined(separator: "  ")
      return String(text.prefix(text.count - text.reversed().prefix { $0 == " " }.count))
    }
    return [line(columns.map(\.title))] + rows.flatMap { [line($0.fields)] + $0.below }
  }

  /// The lines, with a newline after each.
  package var text: String { lines.map { $0 + "\n" }.joined() }

  /// The number of columns of the terminal that a row takes, if no column is empty.
  var width: Int { widths.reduce(0, +) + 2 * max(0, widths.count - 1) }
}
