/// What the numbers in a source stand for.
public enum LogitKind: String, Sendable, CaseIterable, Codable {
  case logits
  /// A logarithm of a probability is a logit: the softmax does not change when a row is shifted.
  case logProbabilities = "log-probabilities"
  /// Their logarithms are logits; 0 becomes −∞.
  case probabilities
}

/// What to do about a row that is no row of logits: with NaN or +∞, or without any finite logit.
public enum InvalidRowPolicy: String, Sendable, CaseIterable, Codable {
  case fail
  /// Leave the row out, and count it.
  case skip
}

/// What a row of numbers means, whatever is done with it.
public struct RowMeaning: Sendable, Hashable, Codable {
  public var kind = LogitKind.logits
  /// Differences of logits are divided by it; positive.
  public var temperature = 1.0
  public var invalidRows = InvalidRowPolicy.fail

  public init() {}
}
