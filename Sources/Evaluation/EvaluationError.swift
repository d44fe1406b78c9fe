import Errors
import Files
import LogitStream

/// Why a file of labels or a reference can't be used.
package enum EvaluationError: CategorizedError, Sendable, Equatable {
  case noSuchFile(String)
  case isDirectory(String)
  case unreadable(FileError)
  /// Text that is no UTF-8; `line` is the first that is none.
  case notUTF8(String, line: Int)
  /// Text in UTF-16 or UTF-32.
  case isWideText(String)
  /// More bytes than what it is for can take.
  case tooLong(String, most: Int)
  /// A line of more bytes than a name can have.
  case longLine(String, line: Int, most: Int)
  /// Another number of names than of the clusters they are for. `found` is nil if there are more, and nobody counted;
  /// `unit` is what a name is in the file.
  case wrongNumberOfNames(String, found: Int?, unit: String, clusters: Int)
  /// `location` says where: the line, the row, or the dataset.
  case badData(String, location: String?, reason: String)
  /// A file in which there should be a tree, or a taxonomy, and nothing is.
  case empty(String)
  /// A reference of which it can't be told what it is.
  case unknownReference(String)
  /// A taxonomy in which a group is in two coarser ones.
  case notNested(String, location: String, reason: String)
  /// A taxonomy whose groups have no names.
  case namesNoGroups(String)
  /// A taxonomy that has none of the classes. `example` is one of these, and `found` one that it has.
  case hasNoneOf(String, classes: Int, example: String, found: String)
  /// A linkage matrix, of which nobody said what its leaves are called.
  case noLeafNames(String, leaves: Int)

  package var category: ErrorCategory {
    switch self {
    case .noSuchFile, .isDirectory: .missing
    case .unreadable(let error): error.code?.categoryOfOpening ?? error.category
    case .badData, .empty, .unknownReference, .notUTF8, .isWideText, .tooLong, .longLine,
      .wrongNumberOfNames, .notNested, .namesNoGroups, .hasNoneOf:
      .badData
    case .noLeafNames: .usage
    }
  }

  package var description: String {
    switch self {
    case .noSuchFile(let file): "\(file): no such file"
    case .isDirectory(let file): "\(file): is a directory"
    case .unreadable(let error): "\(error)"
    case .notUTF8(let file, let line): "\(file), line \(line): is not UTF-8 text"
    case .isWideText(let file): "\(file): is text in UTF-16 or UTF-32, where UTF-8 is read"
    case .tooLong(let file, let most): "\(file): has more than \(ByteCount(most)) of text"
    case .longLine(let file, let line, let most): "\(file), line \(line): has more than \(ByteCount(most))"
    case .wrongNumberOfNames(let file, let found, let unit, let clusters):
      "\(file): has \(found.map { "\($0)" } ?? "many more") \(found == 1 ? unit : unit + "s"), and \(clusters) clusters "
        + "need a name each"
    case .badData(let file, let location, let reason): "\(file)\(location.map { ", \($0)" } ?? ""): \(reason)"
    case .notNested(let file, let location, let reason): "\(file), \(location): \(reason)"
    case .namesNoGroups(let file): "\(file): names no groups, so it can't name those of a tree"
    case .hasNoneOf(let file, let classes, let example, let found):
      "\(file): has none of the \(classes) classes in the tree: one is called '\(example)', and the file has "
        + (found.isEmpty ? "none" : "'\(found)'")
    case .noLeafNames(let file, let leaves): "\(file): is a linkage matrix, which has no names for its \(leaves) leaves"
    case .empty(let file): "\(file): is empty, where a tree or a taxonomy should be"
    case .unknownReference(let file):
      "\(file), line 1: is neither Newick, which begins with a bracket, nor a table with a comma, semicolon, tab or bar between fields"
    }
  }

  /// A file that can't be read.
  init(reading path: String, _ error: FileError) {
    switch (error.code, error.cause) {
    case (.noSuchFileOrDirectory?, _), (.notDirectory?, _): self = .noSuchFile(path)
    case (.isDirectory?, _), (_, .isDirectory): self = .isDirectory(path)
    default: self = .unreadable(error)
    }
  }
}
