import Glibc

/// Measures of how far clusters agree with labels, without regard to the tree.
extension CountTable {
  /// The fraction of rows that have the majority label of their cluster: Σ over clusters of the largest count / N.
  package var leafPurity: Double {
    Double(entries.indices.reduce(0) { $0 + (majority(of: $1)?.count ?? 0) }) / Double(total)
  }

  /// Normalized mutual information: I(clusters; labels) over the mean of the two entropies, from 0 to 1.
  ///
  /// It equals scikit-learn's `normalized_mutual_info_score` with its default, the arithmetic mean: 1 if there is only
  /// one cluster and one label, 0 if nothing is shared.
  package var normalizedMutualInformation: Double {
    let occupied = clusterTotals.count { $0 > 0 }
    if occupied == 1, labelTotals.count(where: { $0 > 0 }) == 1 { return 1 }
    let total = Double(total)
    var information = 0.0
    for (cluster, row) in entries.enumerated() {
      for entry in row {
        let count = Double(entry.count)
        // These are doubles from the start, since products of counts reach 2^80.
        let expected = Double(clusterTotals[cluster]) * Double(labelTotals[entry.label])
        information += count / total * log(count * total / expected)
      }
    }
    guard information > .ulpOfOne else { return 0 }
    return information / ((Self.entropy(clusterTotals, total) + Self.entropy(labelTotals, total)) / 2)
  }

  private static func entropy(_ counts: [Int], _ total: Double) -> Double {
    counts.reduce(0) { $1 == 0 ? $0 : $0 - Double($1) / total * log(Double($1) / total) }
  }

  /// The adjusted Rand index (Hubert and Arabie 1985): the fraction of pairs of rows that clusters and labels agree on,
  /// corrected for chance. It is 1 if they agree on all pairs, and 0 on average by chance.
  ///
  /// It equals scikit-learn's `adjusted_rand_score`. Pairs are counted in integers, up to 2^80. The difference of their
  /// products takes 256 bits, since near chance all leading digits cancel.
  package var adjustedRandIndex: Double {
    func squares(_ counts: [Int]) -> UInt128 { counts.reduce(0) { $0 + UInt128($1) * UInt128($1) } }
    let inBoth = entries.reduce(0) { $0 + squares($1.map(\.count)) }
    let inClusters = squares(clusterTotals)
    let inLabels = squares(labelTotals)
    let rows = UInt128(total)
    // Ordered pairs of distinct rows: together in both, in one alone, in none.
    let both = inBoth - rows
    let clusterOnly = inClusters - inBoth
    let labelOnly = inLabels - inBoth
    let none = rows * rows + inBoth - inClusters - inLabels
    guard clusterOnly > 0 || labelOnly > 0 else { return 1 }
    let agreement = Self.difference(
      both.multipliedFullWidth(by: none), clusterOnly.multipliedFullWidth(by: labelOnly))
    let parts = (Double(both), Double(clusterOnly), Double(labelOnly), Double(none))
    return 2 * agreement
      / ((parts.0 + parts.1) * (parts.1 + parts.3) + (parts.0 + parts.2) * (parts.2 + parts.3))
  }

  private typealias Product = (high: UInt128, low: UInt128.Magnitude)

  private static func difference(_ a: Product, _ b: Product) -> Double {
    guard (a.high, a.low) >= (b.high, b.low) else { return -difference(b, a) }
    let (low, borrow) = a.low.subtractingReportingOverflow(b.low)
    return Double(a.high - b.high - (borrow ? 1 : 0)) * 0x1p128 + Double(low)
  }
}
