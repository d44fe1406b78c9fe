/// How the sketches of a segment are laid out: for each row, `width` logits as they were read, their clusters, and the
/// mass of the rest.
package struct SketchFormat: Sendable, Hashable, Codable {
  /// The logits kept of a row.
  package let width: Int
  /// K.
  package let clusters: Int
  /// Logits are kept as float64, since the source has them so; else as float32, which holds float16 exactly.
  package let isDouble: Bool
  /// Whether rests have errors: those of top-k dumps, which were not added up.
  package let hasRestErrors: Bool

  /// - Parameter width: At most as many are kept as there are clusters.
  package init(width: Int, clusters: Int, isDouble: Bool, hasRestErrors: Bool = false) {
    self.width = min(width, clusters)
    self.clusters = clusters
    self.isDouble = isDouble
    self.hasRestErrors = hasRestErrors
  }

  package var valueByteCount: Int { isDouble ? 8 : 4 }
  /// Cluster indices have 16 bits where that is enough.
  package var hasWideIndices: Bool { clusters > 1 << 16 }
  package var indexByteCount: Int { hasWideIndices ? 4 : 2 }
  /// The bytes of a row's sketch: logits, clusters, rest, and the rest's error.
  package var rowByteCount: Int { width * (valueByteCount + indexByteCount) + (hasRestErrors ? 8 : 4) }
}
