import Algorithms
import Hierarchy
import Texts

/// A tree that mistakes are weighed by: where its leaves are that clusters and labels stand for, and how far up two of them
/// meet.
///
/// A cluster that the tree has not meets all others at the root, as if it hung there as a leaf of its own.
package struct MistakeTree: Sendable {
  /// A level to tell groups apart at: two leaves are in one group if the lowest node above both is no higher than this.
  package struct Level: Sendable, Equatable {
    /// What the level is called; nil if by its number of groups alone.
    package let name: String?
    /// The number of groups, of those clusters that are in the tree.
    package let groups: Int
    /// By ``RootedTree/heights``.
    package let height: Int
  }

  package let tree: RootedTree
  /// Whether heights of nodes at which the tree may be cut are the steps that made them.
  package let hasSteps: Bool
  package let levels: [Level]
  /// Clusters that the tree had not.
  package let strangers: [Int]
  /// The edges between the root and each node.
  let depths: [Int]
  /// The edges on the longest way from each node down to a leaf.
  let heights: [Int]
  /// The number of clusters below each node.
  let clusterCounts: [Int]
  /// For each cluster, the position of its leaf.
  private let positionOfCluster: [Int]
  /// For each label, the positions of leaves that it stands for: several if clusters share a name, none if it is unknown.
  private let positionsOfLabel: [[Int]]
  private let ancestors: LowestCommonAncestors

  /// The tree of the clusters themselves. Levels are cuts into so many groups, but for those that it can't be cut into.
  package init(_ hierarchy: ClusterHierarchy, _ labelling: Labelling, groups: [Int]) {
    var positions = [Int?](repeating: nil, count: hierarchy.clusters.count)
    for (position, leaf) in hierarchy.leaves(below: hierarchy.root).enumerated() { positions[leaf] = position }
    self.init(
      RootedTree(hierarchy), positions, labelling.clustersOfLabel, names: hierarchy.clusters.map(\.name), hasSteps: true
    ) { _ in
      let leaves = hierarchy.merges.count + 1
      return groups.filter { (1...leaves).contains($0) }.map { (nil, leaves - $0) }
    }
  }

  /// A reference, whose leaves are found by their names. Labels that are no clusters' are found there too. Levels are all
  /// heights at which it may be cut, if these are few; else those at which it has no more than so many groups.
  package init(_ reference: ReferenceTree, _ hierarchy: ClusterHierarchy, _ labelling: Labelling, groups: [Int]) {
    let names = hierarchy.clusters.map(\.name)
    let tree = reference.tree.withoutLoneRoots
    let matching = LeafMatching(names, tree.leafNames)
    let labels = LeafMatching(labelling.labels, tree.leafNames)
    self.init(
      tree, matching.counterparts, labelling.clustersOfLabel, leavesOfLabel: labels.counterparts, names: names,
      hasSteps: false
    ) { cuts in
      // The root is one group, and leaves are classes.
      let heights = cuts.heights.filter { $0 > 0 && $0 < tree.heights[0] }
      let shown = heights.count <= Self.mostLevels ? heights : groups.compactMap { cuts.height(ofAtMost: $0) }
      return shown.map { height in
        (reference.levelNames.indices.contains(height - 1) ? reference.levelNames[height - 1] : nil, height)
      }
    }
  }

  /// More levels are not listed, but some of them.
  private static let mostLevels = 20

  /// - Parameters:
  ///   - positions: For each cluster, the position of its leaf in `tree`; nil if it is not there.
  ///   - leavesOfLabel: For each label, the leaf of its name, if labels may be others than clusters.
  ///   - levels: Names and heights of levels, given how many groups there are at each height.
  private init(
    _ tree: RootedTree, _ positions: [Int?], _ clustersOfLabel: [[Int]], leavesOfLabel: [Int?]? = nil,
    names: [String], hasSteps: Bool, levels: (TreeCuts) -> [(name: String?, height: Int)]
  ) {
    let strangers = positions.indices.filter { positions[$0] == nil }
    let complete = tree.adding(leaves: strangers.map { names[$0] })
    var positions = positions
    for (index, cluster) in strangers.enumerated() { positions[cluster] = tree.leaves.count + index }
    let found = positions.compactMap(\.self)
    self.tree = complete
    self.hasSteps = hasSteps
    self.strangers = strangers
    positionOfCluster = found
    positionsOfLabel = clustersOfLabel.indices.map { label in
      let clusters = clustersOfLabel[label].map { found[$0] }
      return clusters.isEmpty ? leavesOfLabel.flatMap { $0[label] }.map { [$0] } ?? [] : clusters
    }
    ancestors = LowestCommonAncestors(complete)
    depths = complete.depths
    heights = complete.longestWays
    clusterCounts = complete.counts(of: found)
    let cuts = TreeCuts(tree, counts: tree.counts(of: found.filter { $0 < tree.leaves.count }))
    self.levels = levels(cuts).map { level in
      Level(name: level.name, groups: cuts.groups(at: level.height), height: level.height)
    }
  }

  /// Whether a label stands for nothing but clusters that the tree had not.
  package func isStrange(label: Int) -> Bool {
    knows(label: label) && positionsOfLabel[label].allSatisfy { $0 >= tree.leaves.count - strangers.count }
  }

  /// Whether it is known which leaf a label stands for.
  package func knows(label: Int) -> Bool { !positionsOfLabel[label].isEmpty }

  /// Where a cluster and a label meet.
  struct Meeting {
    /// The lowest node above both, or their leaf if it is the same.
    let node: Int
    let cluster: Int
    let label: Int
  }

  /// Where a cluster and a label meet; of several leaves of the label, where it meets the nearest one. It is nil if the
  /// label is unknown.
  func meeting(_ cluster: Int, _ label: Int) -> Meeting? {
    let position = positionOfCluster[cluster]
    var nearest: Meeting?
    for other in positionsOfLabel[label] {
      let node = ancestors.node(above: position, other)
      // All of these nodes are above the cluster's leaf: the lowest has the largest number.
      guard nearest.map({ node > $0.node }) ?? true else { continue }
      nearest = Meeting(node: node, cluster: tree.leaves[position], label: tree.leaves[other])
    }
    return nearest
  }
}

extension RootedTree {
  /// The tree from the first node on that has several children: a root with one says nothing.
  fileprivate var withoutLoneRoots: RootedTree {
    var root = 0
    while !isLeaf(root), ends[root + 1] == ends[root] { root += 1 }
    guard root > 0 else { return self }
    let kept = root..<nodes.upperBound
    return RootedTree(
      depthFirst: kept.map { max(0, parents[$0] - root) }, labels: kept.map { labels[$0] },
      heights: kept.map { heights[$0] })
  }

  /// The tree with more leaves right below its root, after all others.
  fileprivate func adding(leaves names: [String]) -> RootedTree {
    guard !names.isEmpty else { return self }
    // A root that is a leaf itself gets one above it.
    let (parents, labels, heights) =
      isLeaf(0) ? ([0, 0], ["", self.labels[0]], [1, 0]) : (self.parents, self.labels, self.heights)
    return RootedTree(
      depthFirst: parents + names.map { _ in 0 }, labels: labels + names, heights: heights + names.map { _ in 0 })
  }

  /// The edges between the root and each node.
  fileprivate var depths: [Int] {
    var depths = [0]
    for node in nodes.dropFirst() { depths.append(depths[parents[node]] + 1) }
    return depths
  }

  /// The edges on the longest way from each node down to a leaf.
  fileprivate var longestWays: [Int] {
    var ways = nodes.map { _ in 0 }
    for node in nodes.dropFirst().reversed() { ways[parents[node]] = max(ways[parents[node]], ways[node] + 1) }
    return ways
  }

  /// How many of some leaves are below each node.
  fileprivate func counts(of positions: [Int]) -> [Int] {
    var counts = nodes.map { _ in 0 }
    for position in positions { counts[leaves[position]] += 1 }
    for node in nodes.dropFirst().reversed() { counts[parents[node]] += counts[node] }
    return counts
  }
}

/// How many groups a tree has when it is cut at a height.
private struct TreeCuts {
  /// All heights of nodes, in ascending order.
  let heights: [Int]
  /// The number of groups at each of them.
  private let groups: [Int]

  /// - Parameter counts: For each node the clusters below it. Groups without any don't count.
  /// - Complexity: O(n log n).
  init(_ tree: RootedTree, counts: [Int]) {
    heights = Set(tree.heights).sorted()
    let index = Dictionary(uniqueKeysWithValues: heights.enumerated().map { ($1, $0) })
    // A node is a group from its own height on, up to that of the node above.
    var changes = heights.map { _ in 0 }
    for node in tree.nodes where counts[node] > 0 {
      if let index = index[tree.heights[node]] { changes[index] += 1 }
      if node > 0, let index = index[tree.heights[tree.parents[node]]] { changes[index] -= 1 }
    }
    var sum = 0
    groups = changes.map { change in
      sum += change
      return sum
    }
  }

  /// The number of groups at a height.
  func groups(at height: Int) -> Int {
    let next = heights.partitioningIndex { $0 > height }
    return next > 0 ? groups[next - 1] : 0
  }

  /// The least height with at most so many groups.
  func height(ofAtMost count: Int) -> Int? {
    heights.indices.first { groups[$0] <= count && groups[$0] > 1 }.map { heights[$0] }
  }
}
