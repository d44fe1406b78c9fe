import LogitStream

/// What is wrong with a row of a top-k dump.
public enum TopKFault: Sendable, Equatable {
  /// A value that is none.
  case value(column: Int, Double)
  /// A cluster that there is not; nil if the number is above 2^63 − 1.
  case cluster(column: Int, Int64?, clusters: Int)
  /// A cluster that is there before.
  case repeated(column: Int, Int)
  /// No value stands for a probability above 0.
  case nothing
  /// A log-sum-exp that is none.
  case normalizer(Double)
  /// The probabilities of a row's values sum to more than 1.
  case sumAboveOne(Double, values: Int, hasNormalizer: Bool)
  /// They leave more than the other clusters can have, each of which has at most the smallest of them.
  case restTooLarge(sum: Double, values: Int, others: Int)
  /// There are fewer values than the dump has for each row, and they are not all that has a probability.
  case tooFewValues(sum: Double, values: Int)
}

extension TopKFault: CustomStringConvertible {
  public var description: String {
    switch self {
    case .value(let column, let value):
      "value \(column) is \(value)"
    case .cluster(let column, let cluster, let clusters):
      "index \(column) is \(cluster.map { "\($0)" } ?? "above 2^63"), where there are clusters 0 to \(clusters - 1)"
    case .repeated(let column, let cluster):
      "index \(column) is \(cluster), which the row has already"
    case .nothing:
      "no value stands for a probability above 0"
    case .normalizer(let value):
      "the log-sum-exp is \(value)"
    case .sumAboveOne(let sum, let values, let hasNormalizer):
      "the probabilities of its \(values) values sum to \(Self.text(sum)), more than 1, so that "
        + (hasNormalizer ? "the log-sum-exp is not theirs" : "they are no log-probabilities")
    case .restTooLarge(let sum, let values, let others):
      "the probabilities of its \(values) values sum to \(Self.text(sum)), and what is missing is more than the other "
        + "\(others) clusters can have, of which none has more than the smallest of them"
    case .tooFewValues(let sum, let values):
      "it has only \(values) \(values == 1 ? "value" : "values"), and the probabilities sum to \(Self.text(sum)), not to 1"
    }
  }

  private static func text(_ sum: Double) -> String { "\(Float(sum))" }
}

extension LogitInput {
  /// The array of a top-k dump that a fault is in.
  func location(of fault: TopKFault) -> String {
    switch fault {
    case .cluster, .repeated: topKLocations?.indices ?? location
    case .normalizer: topKLocations?.normalizer ?? location
    default: location
    }
  }
}
