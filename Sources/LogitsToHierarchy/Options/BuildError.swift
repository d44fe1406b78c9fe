import Errors
import LogitStream

/// Why a hierarchy can't be built from a source that could be opened.
public enum BuildError: CategorizedError, Sendable, Equatable {
  /// A logit that is none.
  case invalidLogit(location: String, row: String, column: Int, value: Double, kind: LogitKind)
  /// A row without a finite logit (without a probability above 0).
  case noFiniteLogit(location: String, row: String, kind: LogitKind)
  /// Rows that have no place in the file, or are fill value throughout; perhaps not all of them.
  case neverWritten(location: String, rows: [Range<Int>])
  /// More rows that have no place in the file than may be left out or read.
  case tooManyUnwritten(location: String, rows: [Range<Int>])
  /// Rows that were not said to be logits, and look like another kind.
  case looksLike(location: String, kind: LogitKind)
  /// All rows were skipped.
  case noValidRows
  case changedBetweenPasses(locations: [String])
  case notEnoughMemory(needed: Int, given: Int, clusters: Int)
}

extension BuildError {
  public var category: ErrorCategory {
    switch self {
    case .invalidLogit, .noFiniteLogit, .neverWritten, .tooManyUnwritten, .looksLike, .noValidRows,
      .changedBetweenPasses:
      .badData
    case .notEnoughMemory: .usage
    }
  }
}

extension BuildError {
  public var description: String {
    switch self {
    case .invalidLogit(let location, let row, let column, let value, let kind):
      "\(location): \(row), column \(column) is \(value), which is no "
        + (kind == .probabilities ? "probability" : "logit")
    case .noFiniteLogit(let location, let row, let kind):
      "\(location): \(row) has "
        + (kind == .probabilities ? "no probability above 0" : "no finite logit")
    case .neverWritten(let location, let rows):
      "\(location): \(Self.listed(rows)) were never written: all that is read there is the fill value"
    case .tooManyUnwritten(let location, let rows):
      "\(location): \(Self.listed(rows)) were never written: these are more than this program takes in or leaves out"
    case .looksLike(let location, let kind):
      "\(location): seems to hold \(kind.rawValue): \(kind.sign)"
    case .noValidRows:
      "all rows are invalid, so there is nothing to build from"
    case .changedBetweenPasses(let locations):
      "\(locations.joined(separator: ", ")): the input changed while it was being read"
    case .notEnoughMemory(let needed, let given, let clusters):
      "\(clusters) clusters need at least \(ByteCount(needed).roundedUp) of memory, and \(ByteCount(given)) are given"
    }
  }

  private static func listed(_ ranges: [Range<Int>]) -> String {
    let some = ranges.prefix(5).map(\.description).joined(separator: ", ")
    return "rows " + some + (ranges.count > 5 ? " and \(ranges.count - 5) more ranges" : "")
  }
}
