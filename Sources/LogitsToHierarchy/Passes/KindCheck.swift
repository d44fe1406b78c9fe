import KernelInterface
import LogitStream

/// Finds rows that are not quite what their kind says: probabilities that do not sum to about 1, log-probabilities above 0.
///
/// They are taken all the same, for a row's logits are defined up to a constant. But whoever gave them may have meant
/// other rows, or another kind.
struct KindCheck {
  private let kind: LogitKind
  private let form: RowForm
  private let format: LogitFormat
  private let tolerance: Double

  /// nil for logits, which may be anything, and for probabilities of which some were overwritten, which may sum to anything.
  init?(_ rows: RowSpan) {
    guard rows.kind != .logits, rows.kind != .probabilities || rows.hasAllColumns else { return nil }
    kind = rows.kind
    form = rows.form
    format = rows.input.format
    let rounding = format.roundingOfSum(of: form.clusters)
    tolerance = kind == .probabilities ? 0.01 + rounding : rounding
  }

  /// How many of the rows in a tally, which begin at `first`, are irregular.
  func irregularRows(_ rows: RowSpan, from first: Int, _ tally: RowTally) -> Int {
    tally.assignments.indices.count { index in
      let row = rows.start + (first + index) * rows.rowByteCount
      let largest = format.logit(row + Int(tally.assignments[index]) * format.byteCount)
      guard kind == .probabilities, form.temperature == 1 else { return isIrregular(row, largest: largest) }
      // The predicted probability is the largest number divided by the sum of all.
      return isIrregular(sum: largest / (1 - tally.doubts[index]))
    }
  }

  /// How many of the first rows are irregular.
  func irregularRows(_ rows: RowSpan, count: Int) -> Int {
    (0..<count).count { index in isIrregular(rows.start + index * rows.rowByteCount, largest: nil) }
  }

  private func isIrregular(_ row: UnsafeRawPointer, largest: Double?) -> Bool {
    var sum = 0.0
    var maximum = largest ?? -.infinity
    guard kind == .probabilities || largest == nil else { return maximum > tolerance }
    format.forEachLogit(row, count: form.clusters) { value in
      sum += value
      maximum = max(maximum, value)
    }
    return kind == .probabilities ? isIrregular(sum: sum) : maximum > tolerance
  }

  private func isIrregular(sum: Double) -> Bool { abs(sum - 1) > tolerance }
}

extension LogitFormat {
  /// How far the probabilities of a row may sum to another number than 1, since each is rounded to this type.
  ///
  /// It is generous to sums that were computed in single precision, one number after another. Below 6e-5 float16 has only
  /// steps of 2⁻²⁴.
  func roundingOfSum(of clusters: Int) -> Double {
    let step: Double =
      switch precision {
      case .bfloat16: 0x1p-7
      case .float16: 0x1p-10
      case .float32, .float64: 0x1p-17
      }
    return step + Double(clusters) * 0x1p-24
  }
}
