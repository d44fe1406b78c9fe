/// Reads records of fields with separators between (RFC 4180), byte by byte.
///
/// A field is in quotes, in which two quotes are one and anything else may be, or it has no quotes at all. Blanks belong
/// to fields. Besides a comma, the separator may be a semicolon, a tab or a bar, and lines may end as in any text.
struct CSVReader {
  /// A record as it is in the file.
  struct Record {
    /// The line that it begins in, counted from 1.
    let line: Int
    let fields: [String]

    /// Whether nothing is there but a line end.
    var isBlank: Bool { fields.count == 1 && fields[0].isEmpty }
  }

  private let reader: TextReader
  let separator: UInt8

  /// What separates fields, in the order of preference.
  static let separators = [",", ";", "\t", "|"].flatMap(\.utf8)

  var path: String { reader.path }

  /// - Parameter separator: What comes between fields; nil to tell it by the header.
  init(_ reader: TextReader, separator: UInt8? = nil) throws(EvaluationError) {
    self.separator = separator ?? Self.separator(of: reader.next)
    self.reader = reader
  }

  /// The next record; nil at the end.
  func next() throws(EvaluationError) -> Record? {
    let line = reader.line
    guard var byte = try reader.byte() else { return nil }
    var fields: [String] = []
    while true {
      var field: [UInt8] = []
      let end: UInt8?
      if byte == UInt8(ascii: "\"") {
        end = try takeQuoted(into: &field)
      } else {
        end = try takePlain(byte, into: &field)
      }
      fields.append(try reader.text(field))
      if end == separator {
        // A separator at the end of the text has an empty field after it.
        guard let next = try reader.byte() else {
          fields.append("")
          return Record(line: line, fields: fields)
        }
        byte = next
        continue
      }
      if end == 0x0D { try reader.takeLineFeed() }
      if end != nil { reader.countLine() }
      return Record(line: line, fields: fields)
    }
  }

  private func isEnd(_ byte: UInt8) -> Bool { byte == separator || byte == 0x0A || byte == 0x0D }

  /// Takes a field without quotes, from its first byte on, and returns what ended it; nil for the end of the text.
  private func takePlain(_ first: UInt8, into field: inout [UInt8]) throws(EvaluationError) -> UInt8? {
    var byte = first
    while !isEnd(byte) {
      if byte == UInt8(ascii: "\"") {
        throw .badData(
          path, location: "line \(reader.line)",
          reason: "a quote within a field; such fields go in quotes, with two quotes for one")
      }
      field.append(byte)
      guard let next = try reader.byte() else { return nil }
      byte = next
    }
    return byte
  }

  /// Takes a field in quotes whose first quote was taken, and returns what ended it; nil for the end of the text.
  private func takeQuoted(into field: inout [UInt8]) throws(EvaluationError) -> UInt8? {
    let line = reader.line
    var wasReturn = false
    while let byte = try reader.byte() {
      if byte == UInt8(ascii: "\"") {
        guard let next = try reader.byte() else { return nil }
        if isEnd(next) { return next }
        guard next == UInt8(ascii: "\"") else {
          throw .badData(
            path, location: "line \(reader.line)", reason: "something comes right after the quote that ends a field")
        }
      }
      if byte == 0x0D || byte == 0x0A && !wasReturn { reader.countLine() }
      wasReturn = byte == 0x0D
      field.append(byte)
    }
    throw .badData(path, location: "line \(line)", reason: "a quoted field begins here that is not closed")
  }
}

extension CSVReader {
  /// What separates the fields of a table, told by its beginning.
  ///
  /// It is in the header, outside of quotes, and as often in the records after it. If the header has several such, and
  /// none is in all records alike, the first in order of preference is taken, so that the first record that does not fit
  /// is an error. A header without any is that of a single column.
  private static func separator(of beginning: ArraySlice<UInt8>) -> UInt8 {
    let found = separators.filter { counts(of: $0, in: beginning.prefix(1 << 16)).first ?? 0 > 0 }
    let regular = found.filter { separator in
      let counts = counts(of: separator, in: beginning.prefix(1 << 16))
      return counts.allSatisfy { $0 == counts[0] }
    }
    return regular.first ?? found.first ?? separators[0]
  }

  /// How often a separator is in each record outside of quotes, but for blank lines and a last record that may go on.
  private static func counts(of separator: UInt8, in bytes: ArraySlice<UInt8>) -> [Int] {
    var counts: [Int] = []
    var count = 0
    var isQuoted = false
    var isBlank = true
    for byte in bytes {
      switch byte {
      case UInt8(ascii: "\""):
        isQuoted.toggle()
        isBlank = false
      case separator where !isQuoted:
        count += 1
        isBlank = false
      case 0x0A where !isQuoted, 0x0D where !isQuoted:
        if !isBlank { counts.append(count) }
        (count, isBlank) = (0, true)
      default: isBlank = false
      }
    }
    // A header may be all there is.
    return counts.isEmpty ? [count] : counts
  }
}
