/// A segment's sketches as the merge loop reads them: by cluster.
package protocol SketchReading: Sendable {
  var format: SketchFormat { get }

  /// The rows assigned to a cluster, counted in the order of clusters and of rows within a cluster.
  func rows(of cluster: Int) -> Range<Int>

  /// Reads rows, counted so, to `buffer`, from `position` on, which has the same format and room for them.
  func read(_ rows: Range<Int>, into buffer: SketchRows, at position: Int) throws
}
