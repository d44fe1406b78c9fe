import Files

/// Text that people write in files: UTF-8, with or without a byte order mark.
package struct TextFile: Sendable {
  package let path: String
  package let text: String

  /// - Throws: ``EvaluationError``
  package init(_ path: String) throws(EvaluationError) {
    let content: [UInt8]
    do throws(FileError) {
      content = try OpenFile.content(of: path)
    } catch {
      switch error.code {
      case .noSuchFileOrDirectory, .notDirectory: throw .noSuchFile(path)
      case .isDirectory: throw .isDirectory(path)
      default: throw .unreadable(error)
      }
    }
    guard var text = String(validating: content, as: UTF8.self) else {
      throw .badData(path, location: nil, reason: "is not UTF-8 text")
    }
    if text.unicodeScalars.first == "\u{FEFF}" { text.unicodeScalars.removeFirst() }
    self.path = path
    self.text = text
  }

  /// The lines, without their ends: LF, CR LF or CR. There is no empty line after the end of the last line.
  package var lines: [Substring] {
    var lines: [Substring] = []
    forEachLine { lines.append($0) }
    return lines
  }

  /// Passes the ``lines`` to `body` one by one. A list of all lines of a long file would be large.
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
  /// The records. Each has as many fields as the header; missing ones are empty. Fields have no blanks around them.
  package let rows: [[String]]

  /// Reads a table.
  ///
  /// - Parameter keepsBlankRecords: Whether records without any content count. They must if each record belongs to a
  ///   row of a data set.
  /// - Throws: ``EvaluationError`` if there is no header, a record has more fields than the header, or a quote is not
  ///   closed.
  package init(_ file: TextFile, keepsBlankRecords: Bool = false) throws(EvaluationError) {
    path = file.path
    guard file.text.unicodeScalars.count(where: { $0 == "\"" }).isMultiple(of: 2) else {
      throw .badData(file.path, location: nil, reason: "a quoted field is not closed")
    }
    let records: [[String]]
    do {
      records = try CSVReader.records(file.text)
    } catch {
      throw .badData(
        file.path, location: nil, reason: "is no comma-separated table: \"\(error.found)\" comes right after a quote")
    }
    header = (records.first ?? []).map(\.withoutOuterBlanks)
    guard !header.isEmpty, !header.contains("") else {
      throw .badData(file.path, location: "line 1", reason: "has no header that names each column")
    }
    var rows: [[String]] = []
    for (index, record) in records.dropFirst().enumerated() {
      let fields = record.map(\.withoutOuterBlanks)
      guard fields.dropFirst(header.count).allSatisfy(\.isEmpty) else {
        throw .badData(
          file.path, location: "record \(index + 1)", reason: "has more fields than the \(header.count) of the header")
      }
      // A blank line.
      guard keepsBlankRecords || fields.contains(where: { !$0.isEmpty }) else { continue }
      rows.append((0..<header.count).map { $0 < fields.count ? fields[$0] : "" })
    }
    self.rows = rows
  }
}
