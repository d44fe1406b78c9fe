/// A rooted tree whose nodes have any number of children. It is a set of arrays with one value for each node.
///
/// Nodes are numbered depth first: the root is 0, and the nodes below a node come right after it. So a subtree is a
/// range of nodes, and its leaves are a range of positions among all leaves. Counting down goes through the nodes from
/// the leaves up. Nothing recurses, so a tree may be as deep as it has nodes. (Trees as arrays of parents, with data
/// beside them, are Higra's idea: Perret et al., SoftwareX 10, 2019.)
package struct RootedTree: Sendable, Equatable {
  /// The node above each node, which has a smaller number; for the root, the root itself.
  package let parents: [Int]
  /// The name of each node; empty for nodes without one.
  package let labels: [String]
  /// The heights at which the tree may be cut: 0 for leaves, and for each other node more than for the nodes below it.
  package let heights: [Int]
  /// The node after the last one below each node.
  package let ends: [Int]
  /// The leaves in the order of the tree. A leaf's index here is its position.
  package let leaves: [Int]
  /// The number of leaves before each node; at the end, the number of all leaves.
  private let leavesBefore: [Int]

  /// A tree of nodes that are numbered depth first.
  ///
  /// - Parameters:
  ///   - parents: The node above each node. The root comes first, and is its own parent.
  ///   - heights: See ``heights``. If nil, nodes of equal depth get equal heights.
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

  /// A tree of nodes in any order. Children keep the order they come in.
  ///
  /// - Parameter parents: The node above each node; nil for the root. They must make a tree.
  init(parents: [Int?], labels: [String], heights: [Int]? = nil) {
    // Children as linked lists: each node's first child, and each child's next sibling.
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

  /// For each node, the number of levels between it and the deepest level; 0 for leaves.
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

  /// The nodes that are not leaves, from the root on.
  package var innerNodes: [Int] { nodes.filter { !isLeaf($0) } }

  /// The positions of the leaves below a node; for a leaf, its own position.
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

  /// The tree above some of the leaves, without nodes that then have only one child.
  ///
  /// The nodes that stay keep their order, labels and heights.
  ///
  /// - Parameter isKept: For each position, whether its leaf stays. At least one must.
  /// - Complexity: O(nodes).
  func restricted(to isKept: [Bool]) -> RootedTree {
    var keptChildren = [Int](repeating: 0, count: nodes.count)
    var hasKept = keptChildren.map { _ in false }
    for (position, leaf) in leaves.enumerated() { hasKept[leaf] = isKept[position] }
    for node in nodes.dropFirst().reversed() where hasKept[node] {
      hasKept[parents[node]] = true
      keptChildren[parents[node]] += 1
    }
    // For each node, the new number of the nearest node at or above it that stays.
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
