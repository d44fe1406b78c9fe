import LogitStream

/// What a hierarchy depends on, apart from the rows it is built from.
public struct BuildOptions: Sendable, Hashable {
  public var meaning = RowMeaning()
  public var aggregation = Aggregation.sumOfMeans
  /// Which two groups are merged.
  public var strategy = MergeStrategy.lowest
  /// The logits kept of each row, so that most merges need no second look at the source; 0 for none. What suits a source,
  /// ``sketchWidth(for:)`` tells.
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

extension BuildOptions {
  /// The sketch width that suits inputs. It depends on the number of clusters and the type of their logits alone.
  ///
  /// The more logits are kept, the more merges they certify: 32 some 98 in 100. But with what else is kept of a row they are
  /// to have no more than a tenth of its bytes, an eighth of which is left for sums and evidence. Where this allows less
  /// than four, which certify little, there are so few clusters that 32 are kept none the less.
  public static func sketchWidth(for inputs: [LogitInput]) -> Int {
    let most = BuildOptions().sketchWidth
    return inputs.map { input in
      let format = SketchFormat(width: 1, clusters: input.clusters, isDouble: input.format.precision == .float64)
      let room = input.rowByteCount * 7 / 80 - RowAssignments.storedByteCount(clusters: input.clusters) - 4
      let width = room / (format.valueByteCount + format.indexByteCount)
      return width < 4 ? most : min(width, most)
    }.min() ?? most
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
    // Stores of before have no such key.
    if strategy != .lowest { try container.encode(strategy, forKey: .strategy) }
    try container.encode(sketchWidth, forKey: .sketchWidth)
  }
}
