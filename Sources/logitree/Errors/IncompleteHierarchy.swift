import Errors
import Report

/// What is missing if a hierarchy can't be completed without another sweep.
struct IncompleteHierarchy: CategorizedError {
  /// Shards of a sweep, like those that a combine misses: to run it again at once would not help.
  var category: ErrorCategory { .missing }

  let store: String
  let groups: Int
  let rows: Int

  var description: String {
    "\(store): exact evidence of \(Text.count(groups, "group")) is needed, from \(Text.count(rows, "row")): "
      + "run logitree sweep for each share of them, and combine again"
  }
}
