/// How a group of the reference is placed in the tree.
package struct GroupPlacement: Sendable, Equatable {
  /// The node of the reference.
  package let group: Int
  package let size: Int
  /// How many nodes of the tree it takes to have all its leaves and no others.
  package let pieces: Int
  /// The node of the tree that is nearest to the group: the one with the fewest leaves that only one of the two has.
  package let nearest: Int
  /// The number of the group's leaves below that node.
  package let members: Int
  /// How many leaves would have to move into that node or out of it to make it the group: 0...size − 1.
  ///
  /// Divided by size − 1 this is the transfer distance of Lemoine et al. (Nature 556, 2018). It is 1 if the tree knows
  /// nothing of the group.
  package let moves: Int
  /// The lowest node of the tree above the whole group.
  package let enclosing: Int
}

/// How far a leaf is from its siblings, the other leaves of its group in the reference.
package struct LeafPlacement: Sendable, Equatable {
  /// The position of the leaf in the tree.
  package let position: Int
  /// The node of the reference right above it.
  package let group: Int
  /// Draw a sibling and a leaf of another group by chance: the probability that the other leaf is nearer. Equally near
  /// counts half. Two leaves are near if a small node joins them.
  ///
  /// It is 0 if all siblings are nearer than all others, 1/2 by chance, and 1 if all others are nearer. (It is 1 minus
  /// the area under the ROC curve of finding siblings by nearness.) So a leaf counts as far from its siblings if only
  /// one of them is beside it and most are far away: husky and malamute beside the snowmobile, and not among the dogs.
  package let strangeness: Double
  /// The highest node of the tree at or above the leaf that has only leaves of the group.
  package let piece: Int
  /// The lowest node of the tree above that piece that has more of the group; nil if the group is in one piece.
  package let meeting: Int?
  /// The number of leaves that are nearer to the piece than any other leaf of the group.
  package let nearer: Int
  /// The child, at or above the leaf, of the node that makes most of the strangeness: where the leaf parts from its siblings.
  package let side: Int
}

extension TreePair {
  /// How each group of the reference is placed in the tree, and how far each leaf is from its siblings.
  ///
  /// All leaves together do not count as a group, so leaves right below the root have no siblings.
  ///
  /// - Parameter work: The most leaves that groups may have, added up. If they have more, the largest groups are left
  ///   out.
  /// - Returns: The placements, and the size of the largest groups that were looked at.
  /// - Complexity: O(w log n), where w is the sum of the groups' sizes, at most `work`.
  package func placements(work: Int = 20_000_000) -> (groups: [GroupPlacement], leaves: [LeafPlacement], largest: Int) {
    let ancestors = LowestCommonAncestors(tree)
    let pieces = pieces()
    let largest = largestGroup(within: work)
    var groups: [GroupPlacement] = []
    var leaves: [LeafPlacement] = []
    var members = positions
    // From the lowest group up: the positions below a group are sorted already, which makes sorting the group cheap.
    for group in reference.innerNodes.dropFirst().reversed() where reference.leafCount(below: group) <= largest {
      let range = reference.positions(below: group)
      members[range].sort()
      let spanned = SpannedTree(members[range], ancestors: ancestors)
      groups.append(placement(of: group, pieces: pieces[group], spanned))
      leaves += leafPlacements(in: group, spanned)
    }
    return (groups, leaves, largest)
  }

  /// The largest size such that all groups up to it have at most `work` leaves, added up.
  private func largestGroup(within work: Int) -> Int {
    var sum = 0
    var largest = leafCount
    for size in reference.innerNodes.dropFirst().map(reference.leafCount).sorted() {
      sum += size
      if sum > work {
        largest = size - 1
        break
      }
    }
    return largest
  }

  /// For each node of the reference, how many nodes of the tree it takes to have all its leaves and no others.
  ///
  /// Each node of the tree whose leaves are all in a group joins the pieces below its children into one.
  private func pieces() -> [Int] {
    var joined = reference.nodes.map { _ in 0 }
    for (node, enclosing) in zip(tree.nodes, enclosingReferenceNodes()) where !tree.isLeaf(node) {
      joined[enclosing] += tree.children(of: node).count { _ in true } - 1
    }
    for node in reference.nodes.dropFirst().reversed() { joined[reference.parents[node]] += joined[node] }
    return reference.nodes.map { reference.leafCount(below: $0) - joined[$0] }
  }

  private func placement(of group: Int, pieces: Int, _ spanned: SpannedTree) -> GroupPlacement {
    let size = reference.leafCount(below: group)
    var best: (moves: Int, node: SpannedTree.Node)?
    for node in spanned.nodes {
      let moves = size + tree.leafCount(below: node.node) - 2 * node.members
      // Among equals, the node with more of the group wins.
      if let best, (best.moves, node.members) <= (moves, best.node.members) { continue }
      best = (moves, node)
    }
    let top = spanned.nodes[spanned.nodes.count - 1].node
    return GroupPlacement(
      group: group, size: size, pieces: pieces, nearest: best?.node.node ?? top, members: best?.node.members ?? size,
      moves: best?.moves ?? 0, enclosing: top)
  }

  /// The placements of the leaves right below a group.
  private func leafPlacements(in group: Int, _ spanned: SpannedTree) -> [LeafPlacement] {
    let size = reference.leafCount(below: group)
    // For each node, from the top on: the number of pairs of a sibling and a nearer leaf of another group, as counted
    // for the leaves below; and the piece of the group that the node is in, if any.
    var pairs = [Double](repeating: 0, count: spanned.nodes.count)
    var pieces = Array(spanned.nodes.indices)
    // The most pairs that one node above adds, and its child on this side.
    var sides = [(pairs: Double, child: Int)](
      repeating: (0, spanned.nodes[spanned.nodes.count - 1].node), count: pairs.count)
    for index in spanned.nodes.indices.dropLast().reversed() {
      let node = spanned.nodes[index]
      guard let parent = node.parent else { continue }
      let above = spanned.nodes[parent]
      let child = tree.child(of: above.node, above: node.node)
      let strangers = tree.leafCount(below: child) - node.members
      let equals = tree.leafCount(below: above.node) - above.members - strangers
      let added = Double(above.members - node.members) * (Double(strangers) + Double(equals) / 2)
      pairs[index] = pairs[parent] + added
      sides[index] = added > sides[parent].pairs ? (added, child) : sides[parent]
      if above.members == tree.leafCount(below: above.node) { pieces[index] = pieces[parent] }
    }
    let directly = Set(
      reference.children(of: group).filter(reference.isLeaf).map {
        positions[reference.positions(below: $0).lowerBound]
      })
    let allPairs = Double(size - 1) * Double(leafCount - size)
    return spanned.nodes.indices.compactMap { index in
      guard tree.isLeaf(spanned.nodes[index].node) else { return nil }
      let position = tree.positions(below: spanned.nodes[index].node).lowerBound
      guard directly.contains(position) else { return nil }
      let piece = spanned.nodes[pieces[index]]
      let meeting = piece.parent.map { spanned.nodes[$0].node }
      return LeafPlacement(
        position: position, group: group, strangeness: pairs[index] / allPairs, piece: piece.node, meeting: meeting,
        nearer: meeting.map { tree.leafCount(below: tree.child(of: $0, above: piece.node)) - piece.members } ?? 0,
        side: sides[index].child)
    }
  }
}

extension RootedTree {
  /// The child of a node that is at or above another node.
  ///
  /// - Complexity: O(children).
  func child(of node: Int, above other: Int) -> Int {
    var child = node + 1
    while ends[child] <= other { child = ends[child] }
    return child
  }
}
