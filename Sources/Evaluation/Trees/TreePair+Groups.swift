import Algorithms

/// How far the groups of two cuts agree.
package struct CutComparison: Sendable, Equatable, Encodable {
  /// The name of the reference's level, if it has one.
  package let level: String?
  /// The groups of the reference's level.
  package let groups: Int
  /// The tree's cut into as many groups.
  package let same: Agreement
  /// The cut of the tree, of all, that agrees with the level best, that is most above chance; nil where it was not
  /// looked for.
  package let best: Agreement?

  /// How far a cut of the tree agrees with the groups of a level.
  package struct Agreement: Sendable, Equatable, Encodable {
    /// The groups of the tree's cut.
    package let groups: Int
    /// The Fowlkes–Mallows index: of pairs of clusters, the geometric mean of the share of those together in the tree that are
    /// together in the reference, and of the share the other way round. 0...1.
    package let index: Double
    /// What the index is on average if the same groups are filled by chance: the larger they are the more.
    package let byChance: Double
    /// The index corrected for chance, (index − chance) / (1 − chance): 1 if the groups are the same, 0 by chance.
    package let adjusted: Double
  }
}

extension TreePair {
  /// The most levels for which the best of all cuts is looked for.
  private static let mostLevelsWithBest = 20

  /// Compares each level of the reference with the tree's cut into as many groups, from the coarsest level on.
  ///
  /// A level is the highest nodes that are no higher than some height. Levels of one group, or of a group for each leaf, say
  /// nothing and are left out.
  ///
  /// - Parameter levelNames: The names of the levels of heights 1, 2, …; if there are none, there is a level for each height
  ///   that nodes have.
  /// - Complexity: O(n log n).
  package func comparedCuts(levelNames: [String] = []) -> [CutComparison] {
    let treeMerges = tree.mergeOrder
    let referenceMerges = reference.mergeOrder
    let levels = levels(names: levelNames, merges: referenceMerges)
    var groups = FowlkesMallows(self)
    var (treeDone, referenceDone) = (0, 0)
    var compared: [CutComparison] = []
    for level in levels {
      for node in referenceMerges[referenceDone..<level.merges] { groups.mergeReference(below: node) }
      referenceDone = level.merges
      for node in treeMerges[treeDone..<max(treeDone, leafCount - level.groups)] { groups.mergeTree(below: node) }
      treeDone = max(treeDone, leafCount - level.groups)
      let best = levels.count <= Self.mostLevelsWithBest ? bestCut(for: referenceMerges[..<level.merges]) : nil
      compared.append(
        CutComparison(level: level.name, groups: level.groups, same: groups.agreement, best: best))
    }
    return compared.reversed()
  }

  private struct Level {
    let name: String?
    /// How many of the reference's nodes, in the order of merges, are in its groups.
    let merges: Int
    let groups: Int
  }

  /// The levels from the finest.
  private func levels(names: [String], merges: [Int]) -> [Level] {
    let heights = merges.map { reference.heights[$0] }
    var groups = [leafCount]
    for node in merges {
      groups.append(groups[groups.count - 1] - (reference.children(of: node).count { _ in true } - 1))
    }
    let wanted = names.isEmpty ? Array(Set(heights)).sorted() : Array(1...names.count)
    return wanted.compactMap { height in
      let merged = heights.partitioningIndex { $0 > height }
      guard (2..<leafCount).contains(groups[merged]) else { return nil }
      return Level(name: names.isEmpty ? nil : names[height - 1], merges: merged, groups: groups[merged])
    }
  }

  /// Of all cuts of the tree into more than one group, the one that agrees best with groups of the reference; of equals the
  /// coarsest.
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
  /// The nodes that are no leaves, by height, and so each after all that are below it.
  var mergeOrder: [Int] { innerNodes.reversed().sorted { heights[$0] < heights[$1] } }
}
