/// A rooted tree whose nodes have any number of children, as arrays of what is known of each node.
///
/// Nodes are numbered depth first: the root is 0, and what lies below a node comes right after it. So a subtree is a
/// range of nodes, its leaves are a range of positions among all leaves, and to go through the nodes from the leaves up
/// is to count down. Nothing recurses: a tree may be as deep as it has nodes. (That trees are arrays of parents, with
/// data beside them, is Higra's idea: Perret et al., SoftwareX 10, 2019.)
package struct RootedTree: Sendable, Equatable {
  /// The node above each node, which has a smaller number; the root's is the root.
  package let parents: [Int]
  /// The names of leaves, and of other nodes that have one; empty for those that have none.
  package let labels: [String]
  /// Where a tree may be cut: 0 for leaves, and for each other node a larger number than for those below it.
  package let heights: [Int]
  /// The node after the last one below each node.
  package let ends: [Int]
  /// The leaves in the order of the tree. A leaf's index here is its position.
  package let leaves: [Int]
  /// The number of leaves before each node, and of all leaves at the end.
  private let leavesBefore: [Int]

  /// The tree of nodes that are numbered depth first.
  ///
  /// - Parameters:
  ///   - parents: The node above each, the root's being the root, which is the first.
  ///   - heights: As ``heights``; by the depth if nil, so that nodes of equal depth are of equal height.
  init(depthFirst parents: [Int], labels: [String], heights: [Int]? = nil) {
    self.parents = parents
    self.labels = labels
    var ends = Array(1...parents.count)
    for node in parents.indices.dropFirst().reversed() {
      ends[parents[node]] = max(ends[parents[node]], ends[node])
    }
    self.ends = ends
    leaves = parents.indices.filter { ends[$0] == $0 + 1 }
    var leavesBefore = [0]
    for node in parents.indices { leavesBefore.append(leavesBefore[node] + (ends[node] == node + 1 ? 1 : 0)) }
    self.leavesBefore = leavesBefore
    self.heights = heights ?? Self.heightsByDepth(parents, ends: ends)
  }

  /// The tree of nodes in any order; children come in theirs.
  ///
  /// - Parameter parents: The node above each, nil for the root. They must make a tree.
  init(parents: [Int?], labels: [String], heights: [Int]? = nil) {
    // The children of a node, one after the other: a node's first child, and each child's next sibling.
    var firstChild = [Int?](repeating: nil, count: parents.count)
    var nextSibling = firstChild
    var root = 0
    for node in parents.indices.reversed() {
      guard let parent = parents[node] else {
        root = node
        continue
      }
      nextSibling[node] = firstChild[parent]
      firstChild[parent] = node
    }
    var order: [Int] = []
    var number = [Int](repeating: 0, count: parents.count)
    var waiting = [root]
    while let node = waiting.popLast() {
      number[node] = order.count
      order.append(node)
      if let sibling = nextSibling[node] { waiting.append(sibling) }
      if let child = firstChild[node] { waiting.append(child) }
    }
    self.init(
      depthFirst: order.map { parents[$0].map { number[$0] } ?? 0 }, labels: order.map { labels[$0] },
      heights: heights.map { heights in order.map { heights[$0] } })
  }

  /// The levels between each node and the deepest, 0 for leaves.
  private static func heightsByDepth(_ parents: [Int], ends: [Int]) -> [Int] {
    var depths = [0]
    for node in parents.indices.dropFirst() { depths.append(depths[parents[node]] + 1) }
    let deepest = depths.max() ?? 0
    return parents.indices.map { ends[$0] == $0 + 1 ? 0 : deepest - depths[$0] }
  }
}

extension RootedTree {
  package var nodes: Range<Int> { parents.indices }

  package func isLeaf(_ node: Int) -> Bool { ends[node] == node + 1 }

  /// The nodes that are no leaves, from the root on.
  package var innerNodes: [Int] { nodes.filter { !isLeaf($0) } }

  /// The positions of the leaves below a node; of a leaf, its own.
  package func positions(below node: Int) -> Range<Int> { leavesBefore[node]..<leavesBefore[ends[node]] }

  package func leafCount(below node: Int) -> Int { leavesBefore[ends[node]] - leavesBefore[node] }

  /// Whether `node` is `other` or lies above it.
  package func contains(_ node: Int, _ other: Int) -> Bool { node <= other && other < ends[node] }

  /// The nodes right below a node.
  package func children(of node: Int) -> some Sequence<Int> {
    sequence(first: node + 1) { ends[$0] }.prefix { $0 < ends[node] }
  }

  /// The name of the leaf at a position.
  package func name(at position: Int) -> String { labels[leaves[position]] }

  /// The names of the leaves, by position.
  package var leafNames: [String] { leaves.map { labels[$0] } }

  /// The tree above some of the leaves alone, without nodes that then have one child only.
  ///
  /// What stays keeps its order, its label and its height.
  ///
  /// - Parameter isKept: Of each position whether its leaf is kept; at least one must be.
  /// - Complexity: O(nodes).
  func restricted(to isKept: [Bool]) -> RootedTree {
    var keptChildren = [Int](repeating: 0, count: nodes.count)
    var hasKept = keptChildren.map { _ in false }
    for (position, leaf) in leaves.enumerated() { hasKept[leaf] = isKept[position] }
    for node in nodes.dropFirst().reversed() where hasKept[node] {
      hasKept[parents[node]] = true
      keptChildren[parents[node]] += 1
    }
    // Of each node, the new number of the nearest one at or above it that stays.
    var numbers = [Int](repeating: 0, count: nodes.count)
    var kept: [Int] = []
    var keptParents: [Int] = []
    for node in nodes {
      let above = numbers[parents[node]]
      if hasKept[node], isLeaf(node) || keptChildren[node] > 1 {
        numbers[node] = kept.count
        keptParents.append(kept.isEmpty ? 0 : above)
        kept.append(node)
      } else {
        numbers[node] = above
      }
    }
    return RootedTree(depthFirst: keptParents, labels: kept.map { labels[$0] }, heights: kept.map { heights[$0] })
  }
}
