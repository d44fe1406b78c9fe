/// Rows to take as differences from their largest logits, and the addresses for these.
package struct DifferenceBatch {
  package let form: RowForm
  package let rows: UnsafeRawPointer
  package let count: Int
  /// Bytes from one row to the next.
  package let rowByteCount: Int
  package let scratch: UnsafeMutableRawPointer

  /// The cluster that each row is assigned to.
  package let assignments: UnsafeMutablePointer<Int32>
  /// For each row ℓ_c − ℓ_top of all clusters, 0 or below, and ``stride(clusters:)`` numbers on those of the next. Where it
  /// would be −∞, it is the least of the row's others.
  package let differences: UnsafeMutablePointer<Double>

  package init(
    form: RowForm, rows: UnsafeRawPointer, count: Int, rowByteCount: Int, scratch: UnsafeMutableRawPointer,
    assignments: UnsafeMutablePointer<Int32>, differences: UnsafeMutablePointer<Double>
  ) {
    self.form = form
    self.rows = rows
    self.count = count
    self.rowByteCount = rowByteCount
    self.scratch = scratch
    self.assignments = assignments
    self.differences = differences
  }

  /// How many numbers there are from one row's differences to the next: whole vectors of sixteen.
  @inlinable
  package static func stride(clusters: Int) -> Int { (clusters &+ 15) / 16 &* 16 }
}
