import Errors

/// Why labels can't tell what they were asked for.
package enum CalibrationError: CategorizedError, Sendable, Equatable {
  /// Even if all rows were right, they are too few to show that a promise holds.
  case tooFewRows(found: Int, areBlocks: Bool, needed: Int, AccuracyPromise)
  /// So many rows are wrong even at confidence 1 that no confidence keeps the promise. Of some the label is not in the tree.
  case unreachable(wrong: Int, strange: Int, of: Int, AccuracyPromise)
  /// The labels get likelier without end as the temperature goes to a limit: 0, or infinity.
  case noTemperature(isZero: Bool, rows: Int, right: Int)
  /// No row has a label that stands for a cluster and is possible.
  case noLikelihood(impossible: Int)

  package var category: ErrorCategory { .badData }

  package var description: String {
    switch self {
    case .tooFewRows(let found, let areBlocks, let needed, let promise):
      "there \(Self.count(found, areBlocks)) to find the confidence on, too few to promise an accuracy of \(promise.accuracy) with "
        + "certainty \(promise.certainty): it takes \(needed), if all of them are right"
    case .unreachable(let wrong, let strange, let rows, let promise):
      "no confidence keeps an accuracy of \(promise.accuracy) with certainty \(promise.certainty): of \(rows) rows, "
        + "\(wrong) are wrong even where the model is as sure as can be"
        + (strange > 0 ? ", \(strange) of them since their label is no cluster in the tree" : "")
    case .noTemperature(isZero: true, let rows, let right):
      "labels get likelier without end as the temperature goes to 0: \(right) of \(rows) rows are right"
    case .noTemperature(isZero: false, let rows, let right):
      "labels are no likelier at any temperature than by chance: \(right) of \(rows) rows are right"
    case .noLikelihood(let impossible):
      "no row has a label that is a cluster's"
        + (impossible > 0 ? " and has a probability above 0: \(impossible) rows have one of 0" : "")
    }
  }
  /// "are 30 labelled rows"
  private static func count(_ count: Int, _ areBlocks: Bool) -> String {
    "\(count == 1 ? "is" : "are") \(count) "
      + (areBlocks ? "block\(count == 1 ? "" : "s") of labelled rows" : "labelled row\(count == 1 ? "" : "s")")
  }
}
