/// A scanned segment's sketches where the scan has left them: rows in any order, which are read in that of clusters.
package final class ScannedSketches: SketchReading {
  package let format: SketchFormat
  private let sketches: SketchRows
  private let order: [UInt32]
  private let starts: [Int]

  /// - Parameters:
  ///   - rows: As long as they are read, no other segment may be scanned into their memory.
  ///   - assignments: Of the same rows; those that were left out are of no cluster.
  package init(_ rows: SketchRows, _ assignments: RowAssignments) {
    format = rows.format
    sketches = rows
    (order, starts) = assignments.sorted(clusters: format.clusters)
  }

  package func rows(of cluster: Int) -> Range<Int> { starts[cluster]..<starts[cluster + 1] }

  package func read(_ rows: Range<Int>, into buffer: SketchRows, at position: Int) {
    buffer.copy(order[rows], of: sketches, to: position)
  }
}
