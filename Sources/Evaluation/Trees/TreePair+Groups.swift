import Algorithms

/// How far the groups of two cuts agree.
package struct CutComparison: Sendable, Equatable, Encodable {
  /// The name of the reference's level, if it has one.
  package let level: String?
  /// The number of groups in the reference's level.
  package let groups: Int
  /// The tree's cut into as many groups; where nodes of more than two children allow none, the coarsest into more.
  package let same: Agreement
  /// The cut of the tree that agrees best with the level: the one with the largest `adjusted` index. It is nil if it
  /// was not looked for.
  package let best: Agreement?

  /// How far a cut of the tree agrees with the groups of a level.
  package struct Agreement: Sendable, Equatable, Encodable {
    /// The number of groups in the tree's cut.
    package let groups: Int
    /// The Fowlkes–Mallows index, 0...1: the geometric mean of two fractions. One is that of the pairs of clusters
    /// together in the tree that are also together in the reference; the other is the same the other way round.
    package let index: Double
    /// The mean of the index if groups of these sizes are filled by chance. It grows with their size.
    package let byChance: Double
    /// The index corrected for chance, (index − chance) / (1 − chance): 1 if the groups are equal, 0 on average by
    /// chance.
    package let adjusted: Double
  }
}

extension TreePair {
  /// The most levels for which the best of all cuts is looked for.
  private static let mostLevelsWithBest = 20

  /// Compares each level of the reference with the tree's cut into as many groups, from the coarsest level on.
  ///
  /// The level of a height consists of the highest nodes that are not above that height. A level of one group, or of a
  /// group for each leaf, says nothing and is left out.
  ///
  /// - Parameter levelNames: The names of the levels of heights 1, 2, … If there are none, each height that a node has
  ///   gives a level.
  /// - Complexity: O(n log n).
  package func comparedCuts(levelNames: [String] = []) -> [CutComparison] {
    let treeMerges = tree.mergeOrder
    let treeGroups = tree.groupCounts(after: treeMerges)
    let referenceMerges = reference.mergeOrder
    let levels = levels(names: levelNames, merges: referenceMerges)
    var groups = FowlkesMallows(self)
    var (treeDone, referenceDone) = (0, 0)
    var compared: [CutComparison] = []
    for level in levels {
      for node in referenceMerges[referenceDone..<level.merges] { groups.mergeReference(below: node) }
      referenceDone = level.merges
      while treeDone < treeMerges.count, treeGroups[treeDone + 1] >= level.groups {
        groups.mergeTree(below: treeMerges[treeDone])
        treeDone += 1
      }
      let best = levels.count <= Self.mostLevelsWithBest ? bestCut(for: referenceMerges[..<level.merges]) : nil
      compared.append(
        CutComparison(level: level.name, groups: level.groups, same: groups.agreement, best: best))
    }
    return compared.reversed()
  }

  private struct Level {
    let name: String?
    /// How many of the reference's nodes, in the order of `mergeOrder`, are at or below the level.
    let merges: Int
    let groups: Int
  }

  /// The levels, from the finest on.
  private func levels(names: [String], merges: [Int]) -> [Level] {
    let heights = merges.map { reference.heights[$0] }
    let groups = reference.groupCounts(after: merges)
    let wanted = names.isEmpty ? Array(Set(heights)).sorted() : Array(1...names.count)
    return wanted.compactMap { height in
      let merged = heights.partitioningIndex { $0 > height }
      guard (2..<leafCount).contains(groups[merged]) else { return nil }
      return Level(name: names.isEmpty ? nil : names[height - 1], merges: merged, groups: groups[merged])
    }
  }

  /// The cut of the tree, into more than one group, that agrees best with groups of the reference; the coarsest of
  /// equals.
  private func bestCut(for merges: ArraySlice<Int>) -> CutComparison.Agreement? {
    var groups = FowlkesMallows(self)
    for node in merges { groups.mergeReference(below: node) }
    var best: CutComparison.Agreement?
    for node in tree.mergeOrder.dropLast() {
      groups.mergeTree(below: node)
      if groups.agreement.adjusted >= best?.adjusted ?? -.infinity { best = groups.agreement }
    }
    return best
  }
}

extension RootedTree {
  /// The nodes that are not leaves, in order of height. So each node comes after all nodes below it.
  var mergeOrder: [Int] { innerNodes.reversed().sorted { heights[$0] < heights[$1] } }

  /// The number of groups before any of the nodes in `merges` is made, and after each of them.
  func groupCounts(after merges: [Int]) -> [Int] {
    merges.reduce(into: [leaves.count]) { groups, node in
      groups.append(groups[groups.count - 1] - (children(of: node).count { _ in true } - 1))
    }
  }
}
