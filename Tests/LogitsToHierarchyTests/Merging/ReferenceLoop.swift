import Hierarchy
import LogitsToHierarchy

/// The method's loop by its definition, with exact fractions: every group is looked at in every step.
struct ReferenceLoop {
  /// A fraction with a positive denominator.
  struct Fraction: Comparable {
    var numerator: Int128
    var denominator: Int128 = 1

    static func < (a: Fraction, b: Fraction) -> Bool { a.numerator * b.denominator < b.numerator * a.denominator }
    static func == (a: Fraction, b: Fraction) -> Bool { a.numerator * b.denominator == b.numerator * a.denominator }
    static func - (a: Fraction, b: Fraction) -> Fraction {
      Fraction(
        numerator: a.numerator * b.denominator - b.numerator * a.denominator, denominator: a.denominator * b.denominator
      )
    }
    var double: Double { Double(numerator) / Double(denominator) }
  }

  struct Step {
    let merge: Merge
    /// How far from a near tie, or how deep in it, the merge is, each as a quotient; 1 is the border.
    let closeness: [Double]
  }

  /// A multiple of every number of rows that a cluster may have, so that fractions stay small.
  static let rowsDivide: Int128 = 420

  /// The merges; `evidence` gives R of any group, in multiples of 2^-40 by cluster.
  ///
  /// Every cluster's number of rows divides ``rowsDivide``.
  static func merges(
    _ statistics: ClusterStatistics, _ aggregation: Aggregation, evidence: (Group) -> [Int: UInt64]
  ) -> [Step] {
    let counts = statistics.counts.map { Int128($0) }
    let doubts = statistics.doubts.map { Int128($0) }
    let one = Int128(1) << 40

    /// The score in multiples of 2^-40.
    func score(_ group: Set<Int>) -> Fraction {
      let rows = group.reduce(Int128(0)) { $0 + counts[$1] }
      let doubt = group.reduce(Int128(0)) { $0 + doubts[$1] }
      switch aggregation {
      case .sumOfMeans:
        let parts = group.map { cluster -> Int128 in
          let certain = counts[cluster] * one - doubts[cluster]
          return certain * (rowsDivide / counts[cluster])
        }
        let numerator = parts.reduce(Int128(0), +)
        return Fraction(numerator: numerator, denominator: rowsDivide)
      case .sum: return Fraction(numerator: rows * one - doubt)
      case .mean: return Fraction(numerator: rows * one - doubt, denominator: rows)
      }
    }

    var groups = Dictionary(
      uniqueKeysWithValues: counts.indices.filter { counts[$0] > 0 }.map { ($0, Set([$0])) })
    var steps: [Step] = []
    while groups.count > 1 {
      let scores = groups.mapValues(score)
      let order = scores.sorted { ($0.value, $0.key) < ($1.value, $1.key) }
      let lowest = order[0].key
      let members = groups[lowest] ?? []
      let gap = (order[1].value - order[0].value).double * 0x1p-40

      let reassigned = evidence(Group(Array(members)))
      let total = reassigned.values.reduce(Int128(0)) { $0 + Int128($1) }
      let others = groups.filter { $0.key != lowest }
      let sums = others.mapValues { clusters -> Int128 in
        clusters.reduce(Int128(0)) { $0 + Int128(reassigned[$1] ?? 0) }
      }
      let averages = others.map { node, clusters -> (node: Int, average: Fraction) in
        (node, Fraction(numerator: sums[node] ?? 0, denominator: Int128(clusters.count)))
      }.sorted { $0.average == $1.average ? $0.node < $1.node : $0.average > $1.average }
      let best = averages[0]
      let margin: Double
      if averages.count == 1 {
        margin = 1
      } else if best.average.numerator == 0 {
        margin = 0
      } else {
        margin = (best.average - averages[1].average).double / best.average.double
      }

      let missing = members.map { cluster -> Double in
        let doubt = Double(doubts[cluster]) * 0x1p-40
        // With sums, scores are in rows, and so is what rounding may change in them.
        return aggregation == .sum ? doubt : doubt / Double(counts[cluster])
      }
      let gapLimit: Double = max(1e-12, 1e-6 * missing.reduce(0, +))
      let node = statistics.clusters + steps.count
      let merged = members.union(groups[best.node] ?? [])
      groups[lowest] = nil
      groups[best.node] = nil
      groups[node] = merged
      steps.append(
        Step(
          merge: Merge(
            step: steps.count + 1, lowest: lowest, partner: best.node, node: node, clusters: merged.count,
            samples: merged.reduce(0) { $0 + statistics.counts[$1] }, score: order[0].value.double * 0x1p-40, gap: gap,
            reassigned: best.average.double * 0x1p-40,
            share: total == 0 ? 0 : Double(sums[best.node] ?? 0) / Double(total), margin: margin, evidence: .exact,
            isNearTie: margin < 1e-5 || gap < gapLimit),
          closeness: [margin / 1e-5, gap / gapLimit]))
    }
    return steps
  }
}
