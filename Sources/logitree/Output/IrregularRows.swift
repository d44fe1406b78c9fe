import LogitsToHierarchy
import Report

/// What is said of rows that were taken although they are not quite what their kind says.
enum IrregularRows {
  /// A warning if there are any.
  static func warning(_ count: Int, _ kind: LogitKind) -> Message? {
    guard count > 0 else { return nil }
    return switch kind {
    case .logits: nil
    case .logProbabilities:
      "\(Text.count(count, "row has", plural: "rows have")) log-probabilities above 0; are they logits?"
    case .probabilities:
      "\(Text.count(count, "row does", plural: "rows do")) not sum to about 1; are they probabilities of one class each?"
    }
  }
}
