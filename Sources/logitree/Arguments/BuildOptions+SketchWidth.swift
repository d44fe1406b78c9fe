import LogitStream
import LogitsToHierarchy

/// The width of sketches if nothing else is said.
extension BuildOptions {
  /// The most logits of a row that are kept.
  static let mostKept = 1024

  /// Below so many clusters a sketch is a large part of its row, so that to write it costs more than to read rows again.
  static let fewClusters = 128

  /// So few logits stay in memory, and their sketches take little.
  private static let fewLogits = 1 << 24

  /// The logits to keep of each row: all that a top-k dump has, and none of many rows over few clusters, unless they come
  /// once.
  ///
  /// - Parameter keepsSketches: Whether they are wanted in any case.
  static func sketchWidth(for source: LogitSource, keepsSketches: Bool) -> Int {
    if let largest = source.inputs.compactMap({ $0.topK?.width }).max() { return min(largest, mostKept) }
    let canDoWithout =
      source.stream == nil && source.clusters < fewClusters && source.rows > fewLogits / source.clusters
    return canDoWithout && !keepsSketches ? 0 : BuildOptions().sketchWidth
  }
}
