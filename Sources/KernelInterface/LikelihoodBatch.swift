/// Rows with labels, to find how likely the softmax holds these.
package struct LikelihoodBatch {
  package let form: RowForm
  package let rows: UnsafeRawPointer
  package let count: Int
  /// Bytes from one row to the next.
  package let rowByteCount: Int
  /// The members are clusters.
  package let labels: LabelTable
  package let scratch: UnsafeMutableRawPointer
  package let likelihoods: UnsafeMutablePointer<RowLikelihood>

  package init(
    form: RowForm, rows: UnsafeRawPointer, count: Int, rowByteCount: Int, labels: LabelTable,
    scratch: UnsafeMutableRawPointer, likelihoods: UnsafeMutablePointer<RowLikelihood>
  ) {
    self.form = form
    self.rows = rows
    self.count = count
    self.rowByteCount = rowByteCount
    self.labels = labels
    self.scratch = scratch
    self.likelihoods = likelihoods
  }
}

/// How likely a row's label is, and how that changes with temperature.
package struct RowLikelihood: BitwiseCopyable, Sendable {
  package enum Finding: UInt8, BitwiseCopyable, Sendable {
    /// The row has no label, or one that stands for no cluster.
    case nothing
    /// The label has no probability at any temperature.
    case impossible
    /// The likeliest cluster is not the label's.
    case wrong
    case right
  }

  package let finding: Finding
  /// −log p of the label.
  package let loss: Double
  /// Its derivative by log 1/T.
  package let slope: Double
  /// Its second derivative by 1/T, times 1/T².
  package let curvature: Double
  /// The largest probability of the row.
  package let confidence: Double

  @inlinable
  package init(finding: Finding, loss: Double = 0, slope: Double = 0, curvature: Double = 0, confidence: Double = 0) {
    self.finding = finding
    self.loss = loss
    self.slope = slope
    self.curvature = curvature
    self.confidence = confidence
  }
}
