/// What a hierarchy depends on, apart from the rows it is built from.
public struct BuildOptions: Sendable, Hashable {
  public var meaning = RowMeaning()
  public var aggregation = Aggregation.sumOfMeans
  /// Which two groups are merged.
  public var strategy = MergeStrategy.lowest
  /// The logits kept of each row, so that most merges need no second look at the source; 0 for none.
  public var sketchWidth = 32

  public init() {}

  /// Whether segments hold the same under both: only the score's aggregation and the strategy make no difference to them.
  package func givesSameSegments(as other: BuildOptions) -> Bool {
    var same = other
    same.aggregation = aggregation
    same.strategy = strategy
    return self == same
  }
}

/// All options are keys of one object, those of the meaning among them: so stores have them.
extension BuildOptions: Codable {
  private enum CodingKeys: CodingKey { case aggregation, strategy, sketchWidth }

  public init(from decoder: any Decoder) throws {
    meaning = try RowMeaning(from: decoder)
    let container = try decoder.container(keyedBy: CodingKeys.self)
    aggregation = try container.decode(Aggregation.self, forKey: .aggregation)
    strategy = try container.decodeIfPresent(MergeStrategy.self, forKey: .strategy) ?? .lowest
    sketchWidth = try container.decode(Int.self, forKey: .sketchWidth)
  }

  public func encode(to encoder: any Encoder) throws {
    try meaning.encode(to: encoder)
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(aggregation, forKey: .aggregation)
    // Most stores have this one.
    if strategy != .lowest { try container.encode(strategy, forKey: .strategy) }
    try container.encode(sketchWidth, forKey: .sketchWidth)
  }
}
