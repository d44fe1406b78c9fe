/// Two trees over the same leaves: a tree, and the reference it is compared with.
///
/// Leaves are numbered by their positions in the tree. The reference's leaves are mapped to these.
package struct TreePair: Sendable {
  /// The tree. Its nodes have two children or more, and two in hierarchies of clusters.
  package let tree: RootedTree
  /// The reference. Its nodes have two children or more, too.
  package let reference: RootedTree
  /// For each position in the reference, the position of the same leaf in the tree.
  package let positions: [Int]

  /// The parts of two trees above the leaves that both have, without nodes that then have only one child.
  ///
  /// It is nil if they have fewer than three leaves in common, since all trees over two leaves are equal.
  package init?(_ tree: RootedTree, _ reference: RootedTree, matching: LeafMatching) {
    let counterparts = matching.counterparts
    let origins = counterparts.indices.filter { counterparts[$0] != nil }
    guard origins.count >= 3 else { return nil }
    var treePositions = [Int?](repeating: nil, count: reference.leaves.count)
    for (position, origin) in origins.enumerated() {
      if let counterpart = counterparts[origin] { treePositions[counterpart] = position }
    }
    self.tree = tree.restricted(to: counterparts.map { $0 != nil })
    self.reference = reference.restricted(to: treePositions.map { $0 != nil })
    positions = treePositions.compactMap(\.self)
  }

  package var leafCount: Int { positions.count }
}
