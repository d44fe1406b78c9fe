import KernelInterface

/// What rows' likelihoods add up to at one temperature, as integers, so that the order of rows makes no difference.
package struct LikelihoodSums: Sendable, Equatable {
  /// Rows whose label has a probability above 0.
  package private(set) var rows = 0
  /// Those of them whose likeliest cluster is the label's.
  package private(set) var right = 0
  /// Rows whose label has none, at any temperature.
  package private(set) var impossibleRows = 0
  private var losses: Int128 = 0
  private var slopes: Int128 = 0
  private var curvatures: Int128 = 0
  private var bins = [Bin](repeating: Bin(), count: binCount)

  /// Rows whose confidence lies between two multiples of 1/15.
  private struct Bin: Equatable {
    var right = 0
    var confidences: UInt128 = 0
  }

  /// As many as Guo et al. took, ICML 2017.
  private static let binCount = 15

  package init() {}

  package mutating func add(_ row: RowLikelihood) {
    switch row.finding {
    case .nothing: return
    case .impossible: impossibleRows += 1
    case .wrong, .right:
      let isRight = row.finding == .right
      rows += 1
      right += isRight ? 1 : 0
      losses += Self.rounded(row.loss)
      slopes += Self.rounded(row.slope)
      curvatures += Self.rounded(row.curvature)
      let confidence = min(1, max(0, row.confidence))
      let bin = min(Self.binCount, max(1, Int((confidence * Double(Self.binCount)).rounded(.up)))) - 1
      bins[bin].right += isRight ? 1 : 0
      bins[bin].confidences += UInt128(FixedPoint.rounded(confidence))
    }
  }

  package mutating func add(_ other: LikelihoodSums) {
    rows += other.rows
    right += other.right
    impossibleRows += other.impossibleRows
    losses += other.losses
    slopes += other.slopes
    curvatures += other.curvatures
    for (index, bin) in other.bins.enumerated() {
      bins[index].right += bin.right
      bins[index].confidences += bin.confidences
    }
  }

  /// The nearest multiple of 2⁻⁴⁰. What is so large that sums would overflow is beyond all sense, and cut off.
  private static func rounded(_ value: Double) -> Int128 {
    Int128((min(max(value, -0x1p40), 0x1p40) * 0x1p40).rounded(.toNearestOrEven))
  }

  private func mean(_ sum: Int128) -> Double { Double(sum) * 0x1p-40 / Double(max(1, rows)) }

  /// The mean of −log p.
  package var loss: Double { mean(losses) }

  /// Its derivative by log 1/T.
  var slope: Double { mean(slopes) }

  /// Its second derivative by 1/T, times 1/T².
  var curvature: Double { mean(curvatures) }

  /// The expected calibration error (Naeini et al., AAAI 2015): over bins of confidence, the part of rows times the difference
  /// between the part that is right and the mean confidence.
  package var calibrationError: Double {
    bins.reduce(0) { $0 + abs(Double($1.right) - FixedPoint.double($1.confidences)) } / Double(max(1, rows))
  }
}
