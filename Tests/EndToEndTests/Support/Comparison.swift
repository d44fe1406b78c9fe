/// How a store's merges compare with those they should be.
enum Comparison: Equatable {
  case same
  /// Equal up to a merge that the program flags as a near tie, where ids differ; what follows can't be compared.
  case sameUpToNearTie(step: Int)
  case different(String)

  /// Compares ids exactly, and numbers within what the method promises, `tolerance` relative.
  ///
  /// Scores, averages and shares are compared relatively. Two columns are differences, and have the error of what they
  /// are differences of:
  /// - gap, of two scores. A score is |L| − Σ mean (1 − g), n − Σ (1 − g), or 1 − the mean of 1 − g: an exact integer less
  ///   what is missing to certainty, and only the missing part has a relative error. So the gap may be wrong by the
  ///   tolerance times what both groups miss, plus one part of fixed-point rounding. ``ScoreReplay`` knows both.
  /// - margin, (best − second) / best: two averages at the relative tolerance, over the larger of them.
  ///
  /// - Parameter gapsAreCertain: Whether gaps are what is certain of them, as those of top-k dumps, and may be smaller.
  static func of(
    _ found: StoreFacts, with expected: [MergeRow], score: String = "sum-of-means", tolerance: Double = 1e-6,
    gapsAreCertain: Bool = false
  ) -> Comparison {
    guard found.merges.count == expected.count else {
      return .different("\(found.merges.count) merges, not \(expected.count)")
    }
    var replay = ScoreReplay(found.clusters, score: score)
    for (index, (mine, theirs)) in zip(found.merges, expected).enumerated() {
      guard mine.lowest == theirs.lowest, mine.partner == theirs.partner else {
        return found.nearTies[index] ? .sameUpToNearTie(step: mine.step) : .different("\(mine), not \(theirs)")
      }
      let gapTolerance = tolerance * replay.missingOfLowestTwo() + 2e-12
      let isSame =
        mine.step == theirs.step && mine.node == theirs.node && mine.clusters == theirs.clusters
        && mine.samples == theirs.samples
        && isClose(mine.score, theirs.score, tolerance)
        && (gapsAreCertain ? mine.gap - theirs.gap : abs(mine.gap - theirs.gap)) <= gapTolerance
        && (mine.evidence == "sketch" ? isBelow(mine, theirs, tolerance) : isClose(mine, theirs, tolerance))
      guard isSame else { return .different("\(mine), not \(theirs), where the gap may differ by \(gapTolerance)") }
      replay.merge(mine)
    }
    return .same
  }

  /// Whether the figures that exact evidence gives are those expected.
  private static func isClose(_ mine: MergeRow, _ theirs: MergeRow, _ tolerance: Double) -> Bool {
    isClose(mine.reassigned, theirs.reassigned, tolerance) && isClose(mine.share, theirs.share, tolerance)
      && abs(mine.margin - theirs.margin) <= 2 * tolerance
  }

  /// Whether the figures that sketches give, which are what is certain, are not above those expected.
  private static func isBelow(_ mine: MergeRow, _ theirs: MergeRow, _ tolerance: Double) -> Bool {
    mine.reassigned <= theirs.reassigned * (1 + tolerance) && mine.share <= theirs.share * (1 + tolerance)
      && mine.margin <= theirs.margin + 2 * tolerance
  }

  private static func isClose(_ a: Double, _ b: Double, _ tolerance: Double) -> Bool {
    abs(a - b) <= tolerance * max(abs(a), abs(b))
  }
}

/// What the scores of the groups alive are made of, followed through the merges: for tolerances only, from the means the
/// program gives for clusters.
struct ScoreReplay {
  private struct Parts {
    var clusters, samples, sum, sumOfMeans: Double

    static func + (a: Parts, b: Parts) -> Parts {
      Parts(
        clusters: a.clusters + b.clusters, samples: a.samples + b.samples, sum: a.sum + b.sum,
        sumOfMeans: a.sumOfMeans + b.sumOfMeans)
    }
  }

  private let score: String
  private var groups: [Int: Parts] = [:]

  init(_ clusters: [StoreFacts.Cluster], score: String) {
    self.score = score
    for (id, cluster) in clusters.enumerated() where cluster.samples > 0 {
      let samples = Double(cluster.samples)
      groups[id] = Parts(
        clusters: 1, samples: samples, sum: samples * cluster.missing, sumOfMeans: cluster.missing)
    }
  }

  /// What the groups with the lowest and the second lowest score miss to certainty, in the unit of scores, together.
  func missingOfLowestTwo() -> Double {
    let all = groups.values.map { parts -> (score: Double, missing: Double) in
      switch score {
      case "sum": (parts.samples - parts.sum, parts.sum)
      case "mean": (1 - parts.sum / parts.samples, parts.sum / parts.samples)
      default: (parts.clusters - parts.sumOfMeans, parts.sumOfMeans)
      }
    }
    return all.sorted { $0.score < $1.score }.prefix(2).reduce(0) { $0 + $1.missing }
  }

  mutating func merge(_ row: MergeRow) {
    if let a = groups.removeValue(forKey: row.lowest), let b = groups.removeValue(forKey: row.partner) {
      groups[row.node] = a + b
    }
  }
}
