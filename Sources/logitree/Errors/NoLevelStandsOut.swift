import Errors
import Report

/// Why there is no number of groups to take for a tree.
struct NoLevelStandsOut: CategorizedError {
  /// What was asked for can't be had of this tree.
  var category: ErrorCategory { .usage }

  let store: String
  /// Why none stands out, in a sentence.
  let reason: String
  /// The number of groups that are furthest above chance, if any are above it.
  let groups: Int?

  var description: String { "\(store): no level stands out: \(reason)" }
}
