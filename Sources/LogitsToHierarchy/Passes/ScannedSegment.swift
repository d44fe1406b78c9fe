/// What a scan learns from some rows of a source: a segment, before it is written.
package struct ScannedSegment: Sendable {
  let sums: SharedSums
  package let assignments: RowAssignments
  /// The rows' sketches; nil where none are kept.
  package let sketches: SketchRows?
  /// The rows themselves; nil where they are not kept.
  package var kept: KeptRows?

  /// Drops all rows but the first, since no others have come.
  package func truncate(to count: Int) { assignments.truncate(to: count) }

  /// What the rows add up to, with R of every single cluster, exactly. O(K²), so that it is best asked for while the next
  /// segment is scanned.
  package func result() -> PassResult { sums.result() }
}
