import Files

/// An input as it is named on the command line: `FILE`, `FILE:/dataset`, or `FILE:tensor`.
public struct InputSpecification: Sendable, Hashable {
  public let file: String
  /// The name of the array in the file; nil if it has yet to be found.
  public let dataset: String?
  /// Whether the first dimension is that of the clusters.
  public var isTransposed: Bool
  /// The arrays of a top-k dump; nil for an array of logits of all clusters.
  public var topK: TopKSpecification?
  /// How the numbers are read if there is no header to tell; nil if there is.
  public var raw: RawFormat?
  /// How many rows are taken of those that come once; nil for all.
  public var streamedRows: Int?

  public init(file: String, dataset: String? = nil, isTransposed: Bool = false, raw: RawFormat? = nil) {
    self.file = file
    self.dataset = dataset
    self.isTransposed = isTransposed
    self.raw = raw
  }

  /// Standard input, as it is named on the command line.
  package static let standardInput = "-"

  /// Whether the rows come once: from standard input or a pipe.
  package var isStream: Bool { file == Self.standardInput || FileSystem.isPipe(file) }

  /// What messages call the file.
  package var name: String { file == Self.standardInput ? "standard input" : file }

  /// Reads `FILE`, `FILE:/dataset` or, if `FILE` exists, `FILE:name`. If there is a file whose name is the whole text,
  /// it is that file.
  public init(parsing text: String) {
    if text != Self.standardInput, !FileSystem.isThere(text) {
      let colons = text.utf8.indices.filter { text.utf8[$0] == UInt8(ascii: ":") }
      let beforePath = colons.last { text.utf8[$0...].starts(with: ":/".utf8) }
      if let colon = beforePath ?? colons.first(where: { FileSystem.isThere(String(text[..<$0])) }) {
        self.init(file: String(text[..<colon]), dataset: String(text[text.utf8.index(after: colon)...]))
        return
      }
    }
    self.init(file: text)
  }
}
