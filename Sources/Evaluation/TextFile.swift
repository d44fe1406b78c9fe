import FoundationEssentials
import SwiftCSV

/// Text that people write in files: UTF-8, with or without a byte order mark.
package struct TextFile: Sendable {
  package let path: String
  package let text: String

  /// - Throws: ``EvaluationError``
  package init(_ path: String) throws(EvaluationError) {
    var isDirectory = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else { throw .noSuchFile(path) }
    guard !isDirectory else { throw .unreadable(path, reason: "is a directory") }
    guard let data = FileManager.default.contents(atPath: path) else {
      throw .unreadable(path, reason: "can't be read")
    }
    guard var text = String(validating: data, as: UTF8.self) else {
      throw .badData(path, location: nil, reason: "is not UTF-8 text")
    }
    if text.unicodeScalars.first == "\u{FEFF}" { text.unicodeScalars.removeFirst() }
    self.path = path
    self.text = text
  }

  /// The lines, without what ends them: LF, CR LF or CR; nothing after the last line's end.
  package var lines: [Substring] {
    var lines: [Substring] = []
    forEachLine { lines.append($0) }
    return lines
  }

  /// Gives the ``lines`` one by one, for files so long that a list of them would be large.
  package func forEachLine(_ body: (Substring) -> Void) {
    let bytes = text.utf8
    var start = bytes.startIndex
    while start < bytes.endIndex {
      let end = bytes[start...].firstIndex { $0 == 0x0A || $0 == 0x0D } ?? bytes.endIndex
      body(text[start..<end])
      guard end < bytes.endIndex else { return }
      start = bytes.index(after: end)
      if bytes[end] == 0x0D, start < bytes.endIndex, bytes[start] == 0x0A { start = bytes.index(after: start) }
    }
  }
}

/// Comma-separated values (RFC 4180) with a header.
package struct TextTable: Sendable {
  package let path: String
  package let header: [String]
  /// The records, each with as many fields as the header: missing ones are empty. Blanks around fields are taken away.
  package let rows: [[String]]

  /// Reads a table.
  ///
  /// - Parameter keepsBlankRecords: Whether records without any content count, as they do where each is of a row of
  ///   something else.
  /// - Throws: ``EvaluationError`` if it has no header, a record has more fields than that, or a quote is not closed.
  package init(_ file: TextFile, keepsBlankRecords: Bool = false) throws(EvaluationError) {
    path = file.path
    guard file.text.unicodeScalars.count(where: { $0 == "\"" }).isMultiple(of: 2) else {
      throw .badData(file.path, location: nil, reason: "a quoted field is not closed")
    }
    let table: SwiftCSV.CSV<Enumerated>
    do {
      table = try .init(string: file.text, delimiter: .comma)
    } catch {
      throw .badData(file.path, location: nil, reason: "is no comma-separated table: \(error)")
    }
    header = table.header.map { $0.withoutOuterBlanks }
    guard !header.isEmpty, !header.contains("") else {
      throw .badData(file.path, location: "line 1", reason: "has no header that names each column")
    }
    var rows: [[String]] = []
    for (index, record) in table.rows.enumerated() {
      let fields = record.map { $0.withoutOuterBlanks }
      // The library fills up short records with empty fields, to the length of the longest.
      guard fields.dropFirst(header.count).allSatisfy(\.isEmpty) else {
        throw .badData(
          file.path, location: "record \(index + 1)", reason: "has more fields than the \(header.count) of the header")
      }
      // A blank line.
      guard keepsBlankRecords || fields.contains(where: { !$0.isEmpty }) else { continue }
      rows.append(Array(fields.prefix(header.count)))
    }
    self.rows = rows
  }
}
