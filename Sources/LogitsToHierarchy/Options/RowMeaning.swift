/// What the numbers in a source stand for.
public enum LogitKind: String, Sendable, CaseIterable, Codable {
  case logits
  /// A logarithm of a probability is a logit: the softmax does not change when a row is shifted.
  case logProbabilities = "log-probabilities"
  /// Their logarithms are logits; 0 becomes −∞.
  case probabilities
}

extension LogitKind {
  /// By what rows of the kind are known, if by anything.
  package var sign: String {
    switch self {
    case .logits: "the rows sum to anything"
    case .logProbabilities: "no number is above 0, and the exponentials of each row sum to 1"
    case .probabilities: "all numbers are from 0 to 1, and each row sums to 1"
    }
  }
}

/// What to do about a row that is no row of logits: with NaN or +∞, without any finite logit, or
/// never written.
public enum InvalidRowPolicy: String, Sendable, CaseIterable, Codable {
  case fail
  /// Leave the row out, and count it.
  case skip
}

/// What a row is that is fill value throughout: that which HDF5 reads where nothing was written, mostly 0.
public enum FillRowPolicy: String, Sendable, Codable {
  /// It was never written, and so is invalid, wherever it is stored.
  case unwritten
  /// A row of logits.
  case logits
}

/// What a row of numbers means, whatever is done with it.
public struct RowMeaning: Sendable, Hashable, Codable {
  /// Taken as it is once it was set. As long as it was not, rows that look like another kind are an error.
  public var kind = LogitKind.logits { didSet { isKindSet.value = true } }
  /// Differences of logits are divided by it; positive.
  public var temperature = 1.0
  public var invalidRows = InvalidRowPolicy.fail
  public var fillRows = FillRowPolicy.unwritten
  /// The columns that are no classes, in ascending order: they count as if their logits were −∞, so that they are in no softmax,
  /// and no row is assigned to them. What they hold does not matter.
  public var excludedColumns: [Int] = []

  private var isKindSet = Aside()

  /// Whether rows may be of another kind, so that they should be looked at.
  package var isKindAssumed: Bool { !isKindSet.value }

  private enum CodingKeys: CodingKey { case kind, temperature, invalidRows, fillRows, excludedColumns }

  public init() {}

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    kind = try container.decode(LogitKind.self, forKey: .kind)
    temperature = try container.decode(Double.self, forKey: .temperature)
    invalidRows = try container.decode(InvalidRowPolicy.self, forKey: .invalidRows)
    fillRows = try container.decode(FillRowPolicy.self, forKey: .fillRows)
    excludedColumns = try container.decodeIfPresent([Int].self, forKey: .excludedColumns) ?? []
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(kind, forKey: .kind)
    try container.encode(temperature, forKey: .temperature)
    try container.encode(invalidRows, forKey: .invalidRows)
    try container.encode(fillRows, forKey: .fillRows)
    // Most stores have none.
    if !excludedColumns.isEmpty { try container.encode(excludedColumns, forKey: .excludedColumns) }
  }
}

/// Something that makes no difference to what rows mean.
private struct Aside: Hashable {
  var value = false

  static func == (first: Aside, second: Aside) -> Bool { true }
  func hash(into hasher: inout Hasher) {}
}
