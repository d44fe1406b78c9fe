/// A segment's sketches in memory, its rows in the order of clusters, for who needs no store.
package final class SortedSketches: SketchReading {
  package let format: SketchFormat
  private let sketches: SketchRows
  /// The first row of each cluster, and the number of all rows.
  private let starts: [Int]

  /// Sorts rows by the clusters they are assigned to; those that were left out are dropped.
  package init(_ rows: SketchRows, _ assignments: RowAssignments) {
    format = rows.format
    let (order, starts) = assignments.sorted(clusters: format.clusters)
    sketches = SketchRows(format, capacity: order.count)
    self.starts = starts
    sketches.copy(order[...], of: rows, to: 0)
  }

  package func rowCount(of cluster: Int) -> Int { starts[cluster + 1] - starts[cluster] }

  package func read(_ rows: Range<Int>, of cluster: Int, into buffer: SketchRows, at position: Int) {
    precondition(rows.upperBound <= rowCount(of: cluster))
    for (index, row) in rows.enumerated() {
      buffer.copy(starts[cluster] + row, of: sketches, to: position + index)
    }
  }
}
