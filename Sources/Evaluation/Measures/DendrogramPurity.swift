/// Dendrogram purity (Heller and Ghahramani 2005): for two rows of one label, the part of the rows in the smallest node
/// with both of them that have this label; the mean of that over all pairs of distinct rows that share a label.
///
/// Two rows of one cluster have their leaf as that node. As Higra's `dendrogram_purity` on the tree that has a leaf for each
/// row. 1 where the rows of every label are all there is below some node.
struct DendrogramPurity {
  /// Σ purity over pairs: up to 2^79, all of it positive, so that a double's digits are enough.
  private var sum = 0.0
  private let pairs: Double

  /// Begins with the pairs within clusters.
  init(_ table: CountTable) {
    pairs = table.labelTotals.reduce(0) { $0 + Self.pairs($1) }
    for (cluster, entries) in table.entries.enumerated() {
      for entry in entries {
        sum += Self.pairs(entry.count) * Double(entry.count) / Double(table.clusterTotals[cluster])
      }
    }
  }

  /// Takes in the pairs of rows that meet.
  mutating func add(_ meeting: LabelAscent.Meeting) {
    let (first, second) = (Double(meeting.first.count), Double(meeting.second.count))
    sum += first * second * (first + second) / Double(meeting.rows)
  }

  /// nil if no two rows share a label.
  var value: Double? { pairs > 0 ? sum / pairs : nil }

  private static func pairs(_ count: Int) -> Double { Double(count) * Double(count - 1) / 2 }
}
