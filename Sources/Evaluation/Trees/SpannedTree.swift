/// The part of a tree that some of its leaves span: these leaves, and the nodes where their paths to the root meet.
///
/// - Complexity: It has at most twice as many nodes as leaves, and takes that much time to make.
struct SpannedTree {
  struct Node {
    /// The node of the whole tree.
    let node: Int
    /// How many of the leaves are below it.
    var members: Int
    /// The index in `nodes` of the node above; nil at the top.
    var parent: Int?
  }

  /// The nodes. Each comes after all nodes below it.
  private(set) var nodes: [Node] = []
  /// The path from the top to the last leaf so far. Each node on it has the finished nodes right below it.
  private var path: [(node: Int, members: Int, children: [Int])] = []

  /// The tree that leaves span. Their positions must be in ascending order.
  init(_ positions: ArraySlice<Int>, ancestors: LowestCommonAncestors) {
    nodes.reserveCapacity(2 * positions.count)
    var previous: Int?
    for position in positions {
      if let previous { close(below: ancestors.node(above: previous, position)) }
      path.append((ancestors.node(above: position, position), 1, []))
      previous = position
    }
    close(below: -1)
  }

  /// Finishes the nodes of the path that lie below `meeting`, so that the path ends there.
  private mutating func close(below meeting: Int) {
    while let (node, members, children) = path.last, node > meeting {
      path.removeLast()
      for child in children { nodes[child].parent = nodes.count }
      nodes.append(Node(node: node, members: members))
      let finished = nodes.count - 1
      if let last = path.indices.last, path[last].node >= meeting {
        path[last].members += members
        path[last].children.append(finished)
      } else if meeting >= 0 {
        path.append((meeting, members, [finished]))
      }
    }
  }
}
