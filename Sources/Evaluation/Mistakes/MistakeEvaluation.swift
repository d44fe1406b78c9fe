/// Mistakes weighed by a tree: how far up it predictions and labels meet, over all rows and by label.
package struct MistakeEvaluation: Sendable {
  /// A label's mistakes.
  package struct Class: Sendable, Equatable {
    package let label: Int
    /// Those of the clusters that its rows are assigned to.
    package let weights: MistakeWeights
    /// The wrong cluster that most of its rows are assigned to, the first of equals, and how many are; nil if all are right.
    package let mistakenFor: (cluster: Int, count: Int)?

    package static func == (first: Class, second: Class) -> Bool {
      first.label == second.label && first.weights == second.weights
        && first.mistakenFor?.cluster == second.mistakenFor?.cluster
        && first.mistakenFor?.count == second.mistakenFor?.count
    }
  }

  package let tree: MistakeTree
  /// Rows by the cluster they are assigned to.
  package let first: MistakeWeights
  /// All of the first few clusters of rows; nil if they are not known.
  package let ranked: MistakeWeights?
  /// Rows by the nearest of these.
  package let nearest: MistakeWeights?
  /// Labels with their mistakes: those first whose rows meet their labels highest up, on average.
  package let classes: [Class]
  /// Rows whose label is neither a cluster's nor in the tree.
  package let unknownRows: Int

  /// - Parameters:
  ///   - table: The rows of each cluster by label.
  ///   - counts: What is known of the first few clusters of each row, and the index of `tree` there.
  package init(_ tree: MistakeTree, _ table: CountTable, _ counts: (MistakeCounts, index: Int)?) {
    self.tree = tree
    first = MistakeWeights(table, tree)
    ranked = counts.map { MistakeWeights($0.0.ranked, tree) }
    nearest = counts.map { MistakeWeights($0.0.nearest[$0.index], tree) }
    unknownRows = (0..<table.labels).reduce(0) { $0 + (tree.knows(label: $1) ? 0 : table.labelTotals[$1]) }
    classes = Self.classes(tree, table)
  }

  private static func classes(_ tree: MistakeTree, _ table: CountTable) -> [Class] {
    var weights = (0..<table.labels).map { _ in MistakeWeights(levels: tree.levels.count) }
    var mistakenFor = [(cluster: Int, count: Int)?](repeating: nil, count: table.labels)
    for (cluster, entries) in table.entries.enumerated() {
      for entry in entries {
        guard let meeting = tree.meeting(cluster, entry.label) else { continue }
        weights[entry.label].add(meeting, count: entry.count, tree)
        if meeting.cluster != meeting.label, entry.count > mistakenFor[entry.label]?.count ?? 0 {
          mistakenFor[entry.label] = (cluster, entry.count)
        }
      }
    }
    return weights.indices.filter { weights[$0].count > 0 }
      .map { Class(label: $0, weights: weights[$0], mistakenFor: mistakenFor[$0]) }
      .sorted { ($1.weights.meanHeight ?? 0, $0.label) < ($0.weights.meanHeight ?? 0, $1.label) }
  }
}
