/// What of a tree lies above some of its leaves: these, and the nodes in which their paths to the root meet.
///
/// - Complexity: as many nodes as twice the leaves, made in as much time.
struct SpannedTree {
  struct Node {
    /// The node of the whole tree.
    let node: Int
    /// How many of the leaves are below it.
    var members: Int
    /// The index of the node above; nil at the top.
    var parent: Int?
  }

  /// Each after all that are below it.
  private(set) var nodes: [Node] = []
  /// The path from the top to the place last come to, with the nodes below each that wait for it.
  private var path: [(node: Int, members: Int, children: [Int])] = []

  /// The tree spanned by leaves at ascending positions.
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

  /// Finishes what of the path lies below a node, and makes that the path's end.
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
