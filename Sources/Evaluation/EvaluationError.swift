import Errors
import Files

/// Why a file of labels or a reference can't be used.
package enum EvaluationError: CategorizedError, Sendable, Equatable {
  case noSuchFile(String)
  case isDirectory(String)
  case unreadable(FileError)
  /// `location` says where: the line, the row, or the dataset.
  case badData(String, location: String?, reason: String)
  /// A reference of which it can't be told what it is.
  case unknownReference(String)

  package var category: ErrorCategory {
    switch self {
    case .noSuchFile, .isDirectory: .missing
    case .unreadable(let error): error.code?.categoryOfOpening ?? .missing
    case .badData, .unknownReference: .badData
    }
  }

  package var description: String {
    switch self {
    case .noSuchFile(let file): "\(file): no such file"
    case .isDirectory(let file): "\(file): is a directory"
    case .unreadable(let error): "\(error)"
    case .badData(let file, let location, let reason): "\(file)\(location.map { ", \($0)" } ?? ""): \(reason)"
    case .unknownReference(let file):
      "\(file), line 1: is neither Newick, which begins with a bracket, nor a table with commas"
    }
  }
}
