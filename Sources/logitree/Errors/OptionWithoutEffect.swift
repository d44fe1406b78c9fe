import Errors

/// An option that would change nothing in the case at hand, as is known only once the store was read.
enum OptionWithoutEffect: CategorizedError {
  /// It is about support, which the store has not.
  case noSupport(option: String, store: String)
  /// `--all` with a cluster, around which as much is drawn in any case.
  case allAroundCluster(String)

  var category: ErrorCategory { .usage }

  var description: String {
    switch self {
    case .noSupport(let option, let store): "\(option) is about support, which \(store) has not"
    case .allAroundCluster(let name): "--all is for trees and nodes, and \(name) is a cluster"
    }
  }
}
