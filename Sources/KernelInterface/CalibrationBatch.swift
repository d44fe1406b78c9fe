/// Rows with labels, to find at which thresholds each would be placed at a node that its label is not below.
package struct CalibrationBatch {
  package let form: RowForm
  package let rows: UnsafeRawPointer
  package let count: Int
  /// Bytes from one row to the next.
  package let rowByteCount: Int
  package let tree: NodeTable
  /// The members are positions in the tree's order.
  package let labels: LabelTable
  /// Thresholds in ascending order, above 0.
  package let thresholds: UnsafePointer<Double>
  package let thresholdCount: Int
  package let scratch: UnsafeMutableRawPointer

  /// For each row, at how many of the thresholds it is wrong, which are the smallest ones; one more than all if its label is not
  /// in the tree, −1 if it has no label.
  package let wrong: UnsafeMutablePointer<Int32>

  package init(
    form: RowForm, rows: UnsafeRawPointer, count: Int, rowByteCount: Int, tree: NodeTable, labels: LabelTable,
    thresholds: UnsafePointer<Double>, thresholdCount: Int, scratch: UnsafeMutableRawPointer,
    wrong: UnsafeMutablePointer<Int32>
  ) {
    self.form = form
    self.rows = rows
    self.count = count
    self.rowByteCount = rowByteCount
    self.tree = tree
    self.labels = labels
    self.thresholds = thresholds
    self.thresholdCount = thresholdCount
    self.scratch = scratch
    self.wrong = wrong
  }
}
