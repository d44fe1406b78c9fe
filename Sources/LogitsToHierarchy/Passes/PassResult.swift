/// What a pass over some rows gives.
package struct PassResult: Sendable {
  package let statistics: ClusterStatistics
  package let evidence: ExactEvidence
  /// Rows left out since they are invalid.
  package let skippedRows: Int
  /// Those of them that were never written.
  package let unwrittenRows: Int
  /// Rows that are not quite what their kind says, and were taken all the same: ``KindCheck``.
  package let irregularRows: Int
}
