/// Reads comma-separated values (RFC 4180), and some that are not quite that.
///
/// Blanks before a field, and blanks around a quoted one, are skipped. In a field without quotes around it, two quotes
/// are one as well.
struct CSVReader {
  /// A character that comes after a quote and can't.
  struct SyntaxError: Error {
    let found: Character
  }

  private enum State {
    /// Before a field.
    case start
    /// In a field without quotes around it.
    case plain
    /// After a quote in such a field.
    case plainQuote
    /// Inside the quotes around a field.
    case quoted
    /// After a quote in such a field: its end, or the first of two.
    case quote
  }

  private var state = State.start
  private var field = ""
  private var fields: [String] = []
  private var records: [[String]] = []

  /// The records of a text. They have as many fields as they are written with.
  static func records(_ text: String) throws(SyntaxError) -> [[String]] {
    var reader = CSVReader()
    for character in text { try reader.take(character) }
    // The last record may have no line end.
    if !reader.field.isEmpty { reader.finishField() }
    if !reader.fields.isEmpty { reader.records.append(reader.fields) }
    return reader.records
  }

  private mutating func take(_ character: Character) throws(SyntaxError) {
    switch (state, character) {
    case (.start, "\""): state = .quoted
    case (.plain, "\""): state = .plainQuote
    case (.quoted, "\""): state = .quote
    case (.plainQuote, "\""): append("\"", .plain)
    case (.quote, "\""): append("\"", .quoted)
    case (.quoted, _): append(character, .quoted)
    case (.plainQuote, _): throw SyntaxError(found: character)
    case (_, ","): finishField()
    case (_, _) where character.isNewline: finishRecord()
    case (.start, _) where character.isWhitespace, (.quote, _) where character.isWhitespace: break
    case (.quote, _): throw SyntaxError(found: character)
    case (.start, _), (.plain, _): append(character, .plain)
    }
  }

  private mutating func append(_ character: Character, _ next: State) {
    field.append(character)
    state = next
  }

  private mutating func finishField() {
    fields.append(field)
    field = ""
    state = .start
  }

  private mutating func finishRecord() {
    finishField()
    records.append(fields)
    fields = []
  }
}
