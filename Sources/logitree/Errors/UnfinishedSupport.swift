import Errors

/// Support that a build was also to find, and did not: the hierarchy is there.
struct UnfinishedSupport: CategorizedError {
  let store: String
  /// What finds it.
  let command: String
  let cause: any CategorizedError

  var category: ErrorCategory { cause.category }
  var description: String { "\(cause)" }
}
