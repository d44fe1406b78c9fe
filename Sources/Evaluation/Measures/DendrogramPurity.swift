/// Dendrogram purity (Heller and Ghahramani 2005).
///
/// For two rows of one label, take the smallest node that has both, and the fraction of its rows that have this label.
/// The purity is the mean of that fraction over all pairs of distinct rows that share a label. It is 1 if for every
/// label some node has exactly the rows of that label.
///
/// For two rows of one cluster the node is their leaf. The value equals Higra's `dendrogram_purity` on the tree that
/// has a leaf for each row.
struct DendrogramPurity {
  /// Σ purity over pairs, up to 2^79. All terms are positive, so a double has enough digits.
  private var sum = 0.0
  private let pairs: Double

  /// Counts the pairs within clusters.
  init(_ table: CountTable) {
    pairs = table.labelTotals.reduce(0) { $0 + Self.pairs($1) }
    for (cluster, entries) in table.entries.enumerated() {
      for entry in entries {
        sum += Self.pairs(entry.count) * Double(entry.count) / Double(table.clusterTotals[cluster])
      }
    }
  }

  /// Adds the pairs of rows that meet.
  mutating func add(_ meeting: LabelAscent.Meeting) {
    let (first, second) = (Double(meeting.first.count), Double(meeting.second.count))
    sum += first * second * (first + second) / Double(meeting.rows)
  }

  /// nil if no two rows share a label.
  var value: Double? { pairs > 0 ? sum / pairs : nil }

  private static func pairs(_ count: Int) -> Double { Double(count) * Double(count - 1) / 2 }
}
