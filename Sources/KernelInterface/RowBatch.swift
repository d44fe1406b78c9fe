/// Rows to work on, and the addresses for the results.
package struct RowBatch {
  package let form: RowForm
  package let rows: UnsafeRawPointer
  package let count: Int
  /// Bytes from one row to the next.
  package let rowByteCount: Int
  package let targets: TargetTable
  /// The addresses for the rows' sketches, beginning with the first row's; nil if none are wanted. With sketches, every
  /// cluster is a target by itself.
  package let sketches: SketchPointers?
  package let scratch: UnsafeMutableRawPointer

  /// The cluster that each row is assigned to.
  package let assignments: UnsafeMutablePointer<Int32>
  /// For each row, 1 − g, where g is the predicted probability, if its cluster is a target by itself; otherwise 0.
  package let doubts: UnsafeMutablePointer<Double>
  /// The rows' reassignments. For each row there is room for as many as the longest chain of nested targets has.
  package let reassigned: UnsafeMutablePointer<Reassignment>
  package let reassignedCount: UnsafeMutablePointer<Int>

  package init(
    form: RowForm, rows: UnsafeRawPointer, count: Int, rowByteCount: Int, targets: TargetTable,
    sketches: SketchPointers?, scratch: UnsafeMutableRawPointer, assignments: UnsafeMutablePointer<Int32>,
    doubts: UnsafeMutablePointer<Double>, reassigned: UnsafeMutablePointer<Reassignment>,
    reassignedCount: UnsafeMutablePointer<Int>
  ) {
    self.form = form
    self.rows = rows
    self.count = count
    self.rowByteCount = rowByteCount
    self.targets = targets
    self.sketches = sketches
    self.scratch = scratch
    self.assignments = assignments
    self.doubts = doubts
    self.reassigned = reassigned
    self.reassignedCount = reassignedCount
  }
}

/// The cluster that a row goes to if a target that it counts for is masked, and the masked softmax probability of that.
package struct Reassignment: BitwiseCopyable, Sendable {
  /// The index of the target among those of the pass.
  package let slot: Int
  package let cluster: Int
  package let probability: Double

  @inlinable
  package init(slot: Int, cluster: Int, probability: Double) {
    self.slot = slot
    self.cluster = cluster
    self.probability = probability
  }
}
