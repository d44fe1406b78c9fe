import FoundationEssentials

/// JSON that people can read too. Keys are in order, and a newline is at the end.
enum JSONText {
  /// A value as JSON. Its keys are in snake case, as is usual in Python.
  static func of(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.keyEncodingStrategy = .convertToSnakeCase
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(value), as: UTF8.self) + "\n"
  }
}
