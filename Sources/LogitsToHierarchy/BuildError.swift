import LogitStream

/// Why a hierarchy can't be built from a source that could be opened.
public enum BuildError: Error, Sendable, Equatable {
  /// A logit that is none.
  case invalidLogit(file: String, dataset: String, row: Int, column: Int, value: Double, kind: LogitKind)
  /// A row without a finite logit (without a probability above 0).
  case noFiniteLogit(file: String, dataset: String, row: Int, kind: LogitKind)
  /// All rows were skipped.
  case noValidRows
  case changedBetweenPasses
  case notEnoughMemory(needed: Int, given: Int, clusters: Int)
  case interrupted
}

extension BuildError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .invalidLogit(let file, let dataset, let row, let column, let value, let kind):
      "\(file):\(dataset): row \(row), column \(column) is \(value), which is no "
        + (kind == .probabilities ? "probability (has the file logits? then leave --kind away)" : "logit")
        + "; --on-invalid skip leaves such rows out"
    case .noFiniteLogit(let file, let dataset, let row, let kind):
      "\(file):\(dataset): row \(row) has "
        + (kind == .probabilities ? "no probability above 0" : "no finite logit")
        + "; --on-invalid skip leaves such rows out"
    case .noValidRows:
      "all rows are invalid, so there is nothing to build from"
    case .changedBetweenPasses:
      "the input changed while it was being read; run again when nothing writes to it"
    case .notEnoughMemory(let needed, let given, let clusters):
      "\(clusters) clusters need at least \(ByteCount(needed)) of memory, and --memory gives \(ByteCount(given))"
    case .interrupted:
      "interrupted; what was finished is kept. Run the same again, and it goes on from there"
    }
  }
}
