/// Counts the clusters that rows have the largest logits of, for each label, and the nearest of them to the label in each of
/// some trees. It takes one pass over the rows, in any order.
package struct MistakeCounter {
  private let trees: [MistakeTree]
  private let labels: Int
  /// For each cluster and label, the rows that have the cluster among the first ones.
  private var ranked: CountAccumulator
  /// For each tree, the rows that have the cluster as the nearest of the first ones.
  private var nearest: [CountAccumulator]

  /// 32 MiB each.
  private static let mostDenseCounts = 1 << 22

  package init(_ trees: [MistakeTree], clusters: Int, labels: Int) {
    self.trees = trees
    self.labels = labels
    ranked = CountAccumulator(clusters: clusters, mostDenseCounts: Self.mostDenseCounts)
    nearest = trees.map { _ in CountAccumulator(clusters: clusters, mostDenseCounts: Self.mostDenseCounts) }
  }

  /// Counts a row with the clusters of its largest logits, the largest first.
  package mutating func count(label: Int, _ clusters: some Collection<Int32>) {
    for cluster in clusters { ranked.add(cluster: Int(cluster), label: label) }
    for (index, tree) in trees.enumerated() {
      var best: (cluster: Int, depth: Int)?
      for cluster in clusters {
        guard let meeting = tree.meeting(Int(cluster), label) else { break }
        let depth = tree.depths[meeting.node]
        if best.map({ depth > $0.depth }) ?? true { best = (Int(cluster), depth) }
      }
      if let best { nearest[index].add(cluster: best.cluster, label: label) }
    }
  }

  /// What was counted.
  package var counts: MistakeCounts {
    MistakeCounts(ranked: ranked.table(labels: labels), nearest: nearest.map { $0.table(labels: labels) })
  }
}

/// The first few clusters of rows, by label.
package struct MistakeCounts: Sendable {
  /// All of them: a row counts as often as there are.
  package let ranked: CountTable
  /// For each tree, the nearest one of each row.
  package let nearest: [CountTable]
}
