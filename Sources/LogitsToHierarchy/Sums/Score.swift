/// How the predicted probabilities of a group's rows make its score; Λ in the paper.
public enum Aggregation: String, Sendable, CaseIterable, Codable {
  /// Σ over the group's clusters of the mean predicted probability.
  case sumOfMeans = "sum-of-means"
  /// Σ over the group's rows of the predicted probability.
  case sum
  /// The mean predicted probability over the group's rows.
  case mean
}

/// A score as an integer multiple of 2^-80, so that scores compare exactly and tie exactly.
package struct Score: Comparable, Sendable {
  static let fractionBits = 80

  package let units: Int128

  package static func < (a: Score, b: Score) -> Bool { a.units < b.units }

  package var double: Double { Double(units) * 0x1p-80 }

  /// How far a score lies above another.
  package func gap(above other: Score) -> Double { Double(units - other.units) * 0x1p-80 }

  static func + (a: Score, b: Score) -> Score { Score(units: a.units + b.units) }
  static func - (a: Score, b: Score) -> Score { Score(units: a.units - b.units) }
}

/// What scores are made of, additive over the parts of a group.
package struct ScoreParts: Sendable {
  package var clusters = 0
  package var samples = 0
  /// Σ (1 − g) over rows, in multiples of 2^-40.
  private var doubt: UInt128 = 0
  /// Σ over clusters of the mean of 1 − g, in multiples of 2^-80.
  private var meanDoubts: UInt128 = 0
  /// By how much these two may be off.
  private var doubtError: UInt128 = 0
  private var meanDoubtErrors: UInt128 = 0

  /// Those of nothing.
  package init() {}

  /// One cluster's parts; it needs a row.
  package init(cluster: Int, of statistics: ClusterStatistics) {
    clusters = 1
    samples = statistics.counts[cluster]
    doubt = statistics.doubts[cluster]
    meanDoubts = Self.mean(doubt, samples)
    if let errors = statistics.doubtErrors {
      doubtError = errors[cluster]
      meanDoubtErrors = Self.mean(doubtError, samples)
    }
  }

  package static func + (a: ScoreParts, b: ScoreParts) -> ScoreParts {
    var sum = a
    sum.clusters += b.clusters
    sum.samples += b.samples
    sum.doubt += b.doubt
    sum.meanDoubts += b.meanDoubts
    sum.doubtError += b.doubtError
    sum.meanDoubtErrors += b.meanDoubtErrors
    return sum
  }

  package func score(_ aggregation: Aggregation) -> Score {
    switch aggregation {
    case .sumOfMeans: Score(units: Self.whole(clusters) - Int128(meanDoubts))
    case .sum: Score(units: Self.whole(samples) - Int128(doubt << 40))
    case .mean: Score(units: Self.whole(1) - Int128(Self.mean(doubt, samples)))
    }
  }

  /// By how much the score may be off; 0 where rows were read as a whole.
  func scoreError(_ aggregation: Aggregation) -> Score {
    switch aggregation {
    case .sumOfMeans: Score(units: Int128(meanDoubtErrors))
    case .sum: Score(units: Int128(doubtError << 40))
    case .mean: Score(units: Int128(Self.mean(doubtError, samples)))
    }
  }

  func leastScore(_ aggregation: Aggregation) -> Score { score(aggregation) - scoreError(aggregation) }

  /// If the gap to the next score is below this, rounding may decide which of the two is lower.
  ///
  /// A row's 1 − g is known to a relative 1e-6. Under `sum`, scores are in rows, so the error is too.
  package func nearTieGap(_ aggregation: Aggregation) -> Double {
    let doubt = aggregation == .sum ? FixedPoint.double(doubt) : Double(meanDoubts) * 0x1p-80
    return max(1e-12, 1e-6 * doubt)
  }

  /// `sum` / `count` in multiples of 2^-80, rounded to the nearest: equal quotients stay equal.
  private static func mean(_ sum: UInt128, _ count: Int) -> UInt128 {
    let divisor = UInt128(count)
    return ((sum << 40) + divisor / 2) / divisor
  }

  private static func whole(_ number: Int) -> Int128 { Int128(number) << Score.fractionBits }
}
