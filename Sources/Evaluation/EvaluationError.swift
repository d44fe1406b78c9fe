/// Why a file of labels or a reference can't be used.
package enum EvaluationError: Error, Sendable, Equatable, CustomStringConvertible {
  case noSuchFile(String)
  case unreadable(String, reason: String)
  /// `location` says where: the line, the row, or the dataset.
  case badData(String, location: String?, reason: String)

  package var description: String {
    switch self {
    case .noSuchFile(let file): "\(file): no such file"
    case .unreadable(let file, let reason): "\(file): \(reason)"
    case .badData(let file, let location, let reason): "\(file)\(location.map { ", \($0)" } ?? ""): \(reason)"
    }
  }
}
