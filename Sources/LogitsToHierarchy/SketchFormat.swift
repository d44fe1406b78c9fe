/// How the sketches of a segment are laid out: for each row, `width` logits as they were read, their clusters, and the
/// mass of the rest.
public struct SketchFormat: Sendable, Hashable, Codable {
  /// The logits kept of a row.
  public let width: Int
  /// K.
  public let clusters: Int
  /// Logits are kept as float64, since the source has them so; else as float32, which holds float16 exactly.
  public let isDouble: Bool

  /// - Parameter width: At most as many are kept as there are clusters.
  public init(width: Int, clusters: Int, isDouble: Bool) {
    self.width = min(width, clusters)
    self.clusters = clusters
    self.isDouble = isDouble
  }

  public var valueByteCount: Int { isDouble ? 8 : 4 }
  /// Cluster indices have 16 bits where that is enough.
  public var hasWideIndices: Bool { clusters > 1 << 16 }
  public var indexByteCount: Int { hasWideIndices ? 4 : 2 }
  /// The bytes of a row's sketch: logits, clusters, rest.
  public var rowByteCount: Int { width * (valueByteCount + indexByteCount) + 4 }
}
