import Texts

/// A table with a header, read record by record: comma-separated values, or such with another separator.
struct TableReader {
  let header: [String]
  private let records: CSVReader

  var path: String { records.path }

  /// - Throws: ``EvaluationError`` if there is no header.
  init(_ reader: TextReader, separator: UInt8? = nil) throws(EvaluationError) {
    records = try CSVReader(reader, separator: separator)
    guard let first = try records.next(), !first.isBlank else {
      throw .badData(records.path, location: "line 1", reason: "has no header that names each column")
    }
    header = first.fields
  }

  /// The name of what separates fields, if it is not the comma.
  var otherSeparator: String? {
    switch records.separator {
    case UInt8(ascii: ";"): "semicolons"
    case UInt8(ascii: "\t"): "tabs"
    case UInt8(ascii: "|"): "bars"
    default: nil
    }
  }

  /// The next record; nil at the end. Blank lines are skipped, unless the table has but one column: there they are empty
  /// fields.
  ///
  /// - Throws: ``EvaluationError`` if it has not as many fields as the header.
  func next() throws(EvaluationError) -> CSVReader.Record? {
    while let record = try records.next() {
      if record.isBlank, header.count > 1 { continue }
      guard record.fields.count == header.count else {
        let (found, needed) = (record.fields.count, header.count)
        throw .badData(
          path, location: "line \(record.line)",
          reason: "has \(found) \(found == 1 ? "field" : "fields"), and the header has \(needed)"
            + (otherSeparator.map { ", with \($0) between" } ?? ""))
      }
      return record
    }
    return nil
  }
}

/// A whole table with a header.
package struct TextTable: Sendable {
  package let path: String
  package let header: [String]
  /// The records. Each has as many fields as the header.
  package let rows: [[String]]
  /// The line that each record begins in, counted from 1.
  package let lines: [Int]

  /// Reads a table whose columns all have names. A first column that has none is left out if it only numbers the rows, as
  /// pandas and R write it.
  ///
  /// - Throws: ``EvaluationError`` if there is no header, or if a record has not as many fields.
  package init(reading path: String) throws(EvaluationError) { try self.init(TextReader(path)) }

  init(_ reader: TextReader) throws(EvaluationError) {
    let table = try TableReader(reader)
    var (rows, lines): ([[String]], [Int]) = ([], [])
    while let record = try table.next() {
      rows.append(record.fields)
      lines.append(record.line)
    }
    var header = table.header
    if header.count > 2, header[0].isEmpty, Self.areNumbered(rows) {
      header.removeFirst()
      for index in rows.indices { rows[index].removeFirst() }
    }
    // Without a name, a first column can still be what it is in the place of. Another can't.
    guard !header.dropFirst().contains("") else {
      throw .badData(table.path, location: "line 1", reason: "has no header that names each column")
    }
    path = table.path
    self.header = header
    self.rows = rows
    self.lines = lines
  }

  /// Whether the first fields are 0, 1, 2 … or 1, 2, 3 …
  private static func areNumbered(_ rows: [[String]]) -> Bool {
    [0, 1].contains { first in rows.enumerated().allSatisfy { $1[0].hasSameBytes(as: String($0 + first)) } }
  }
}

extension TextTable {
  /// A table with other fields in the place of these.
  init(_ table: TextTable, rows: [[String]]) {
    path = table.path
    header = table.header
    lines = table.lines
    self.rows = rows
  }

  /// A table of its first column, and another one of its columns.
  init(_ table: TextTable, column: Int) {
    path = table.path
    header = [table.header[0], table.header[column]]
    lines = table.lines
    rows = table.rows.map { [$0[0], $0[column]] }
  }
}
