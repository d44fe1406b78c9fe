/// A segment's sketches as the merge loop reads them: by cluster.
package protocol SketchReading: Sendable {
  var format: SketchFormat { get }

  /// The number of rows assigned to a cluster.
  func rowCount(of cluster: Int) -> Int

  /// Reads some of a cluster's rows to `buffer`, from `position` on, which has the same format and room for them.
  func read(_ rows: Range<Int>, of cluster: Int, into buffer: SketchRows, at position: Int) throws
}
