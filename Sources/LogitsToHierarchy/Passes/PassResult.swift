/// What a pass over some rows gives.
package struct PassResult: Sendable {
  package let statistics: ClusterStatistics
  package let evidence: ExactEvidence
  /// Rows left out since they are invalid.
  package let skippedRows: Int
}
