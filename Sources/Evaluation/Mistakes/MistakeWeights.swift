/// How far from their labels predictions are in a tree.
///
/// A prediction is a cluster that a row was said to be of. It meets the row's label at the lowest node above both; the more
/// of the tree is below that, the worse the mistake.
package struct MistakeWeights: Sendable, Equatable {
  /// The number of predictions that were weighed.
  package private(set) var count = 0
  /// Those whose cluster is the label's.
  package private(set) var right = 0
  /// For each level, those whose cluster is in the group of the label's.
  package private(set) var rightAtLevel: [Int]
  private var heights = 0
  private var clusters = 0
  private var cutHeights = 0
  private var sharedAncestors = 0
  private var clusterAncestors = 0
  private var labelAncestors = 0

  init(levels: Int) { rightAtLevel = Array(repeating: 0, count: levels) }

  /// All predictions of a table, in which labels may be unknown: these are left out.
  init(_ table: CountTable, _ tree: MistakeTree) {
    self.init(levels: tree.levels.count)
    for (cluster, entries) in table.entries.enumerated() {
      for entry in entries {
        if let meeting = tree.meeting(cluster, entry.label) { add(meeting, count: entry.count, tree) }
      }
    }
  }

  mutating func add(_ meeting: MistakeTree.Meeting, count more: Int, _ tree: MistakeTree) {
    count += more
    if meeting.cluster == meeting.label { right += more }
    for (index, level) in tree.levels.enumerated() where tree.tree.heights[meeting.node] <= level.height {
      rightAtLevel[index] += more
    }
    heights += more * tree.heights[meeting.node]
    clusters += more * tree.clusterCounts[meeting.node]
    cutHeights += more * tree.tree.heights[meeting.node]
    sharedAncestors += more * tree.depths[meeting.node]
    clusterAncestors += more * tree.depths[meeting.cluster]
    labelAncestors += more * tree.depths[meeting.label]
  }
}

/// Means; nil of nothing.
extension MistakeWeights {
  private func mean(_ sum: Int, of count: Int) -> Double? { count > 0 ? Double(sum) / Double(count) : nil }

  package var wrong: Int { count - right }

  package var accuracy: Double? { mean(right, of: count) }

  /// The part whose cluster is in the label's group, at each level.
  package var accuracyAtLevel: [Double?] { rightAtLevel.map { mean($0, of: count) } }

  /// The height of the meeting node: the edges on the longest way from it down to a leaf. It is 0 where the cluster is right.
  /// (Bertinetto et al., CVPR 2020, call this the hierarchical distance.)
  package var meanHeight: Double? { mean(heights, of: count) }

  /// The same of wrong predictions alone: how severe mistakes are.
  package var meanHeightOfMistakes: Double? { mean(heights, of: wrong) }

  /// The number of clusters below the meeting node, 1 where the cluster is right.
  package var meanClusters: Double? { mean(clusters, of: count) }

  /// The height at which the tree is cut to have both in one group.
  package var meanCutHeight: Double? { mean(cutHeights, of: count) }

  /// Of the nodes at and above the predicted leaves, without the root, the part that is above the labels' leaves too
  /// (Kiritchenko et al. 2006; Silla and Freitas 2011). 1 if there are none.
  package var precision: Double? { ratio(clusterAncestors) }

  /// Of the nodes at and above the labels' leaves, the part that is above the predicted ones too.
  package var recall: Double? { ratio(labelAncestors) }

  /// The harmonic mean of the two.
  package var harmonicMean: Double? {
    guard let precision, let recall else { return nil }
    return precision + recall > 0 ? 2 * precision * recall / (precision + recall) : 0
  }

  private func ratio(_ ancestors: Int) -> Double? {
    guard count > 0 else { return nil }
    return ancestors > 0 ? Double(sharedAncestors) / Double(ancestors) : 1
  }
}
