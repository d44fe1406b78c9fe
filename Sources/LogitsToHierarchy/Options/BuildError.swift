import Errors
import LogitStream

/// Why a hierarchy can't be built from a source that could be opened.
public enum BuildError: CategorizedError, Sendable, Equatable {
  /// A logit that is none.
  case invalidLogit(location: String, row: String, column: Int, value: Double, kind: LogitKind)
  /// A row without a finite logit (without a probability above 0).
  case noFiniteLogit(location: String, row: String, kind: LogitKind)
  /// A row of a top-k dump that is none.
  case invalidTopK(location: String, row: String, TopKFault)
  /// A top-k dump where whole rows are needed.
  case onlyLargest(location: String, kept: Int)
  /// A temperature for a top-k dump, whose rows' other logits it would change, too.
  case temperatureOfLargest(location: String)
  /// Columns left out of a top-k dump, of which some rows don't tell how much they have.
  case exclusionFromLargest(location: String)
  /// A build without sketches of a top-k dump, whose rows are nothing else.
  case sketchlessLargest(location: String)
  /// Merges that the largest logits of rows don't decide, of so many.
  case undecided(steps: [Int], merges: Int, kept: Int)
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
    case .invalidLogit, .noFiniteLogit, .invalidTopK, .onlyLargest, .undecided, .neverWritten, .tooManyUnwritten,
      .looksLike, .noValidRows,
      .changedBetweenPasses:
      .badData
    case .notEnoughMemory, .temperatureOfLargest, .exclusionFromLargest, .sketchlessLargest: .usage
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
    case .invalidTopK(let location, let row, let fault):
      "\(location): \(row): \(fault)"
    case .onlyLargest(let location, let kept):
      "\(location): has only the \(kept) largest logits of each row, and this takes all of them"
    case .temperatureOfLargest(let location):
      "\(location): has only the largest logits of each row, and another temperature would change what is not there"
    case .exclusionFromLargest(let location):
      "\(location): has only the largest logits of each row, and does not tell what all columns have that are left out"
    case .sketchlessLargest(let location):
      "\(location): has only the largest logits of each row, and they are kept as sketches"
    case .undecided(let steps, let merges, let kept):
      "\(steps.count) of \(merges) merges can't be decided by the \(kept) largest logits of each row: "
        + Self.listed(steps: steps)
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

  private static func listed(steps: [Int]) -> String {
    (steps.count == 1 ? "merge " : "merges ") + steps.prefix(5).map(String.init).joined(separator: ", ")
      + (steps.count > 5 ? " and \(steps.count - 5) more" : "")
  }

  private static func listed(_ ranges: [Range<Int>]) -> String {
    let some = ranges.prefix(5).map(\.description).joined(separator: ", ")
    return "rows " + some + (ranges.count > 5 ? " and \(ranges.count - 5) more ranges" : "")
  }
}
