/// Two trees over the same leaves: a tree, and the reference it is compared with.
///
/// A leaf is known by its position in the tree; the reference's leaves are mapped to those.
package struct TreePair: Sendable {
  /// At most binary, as hierarchies of clusters are.
  package let tree: RootedTree
  /// With nodes of any number of children above one.
  package let reference: RootedTree
  /// Of each position in the reference, the position in the tree of the same leaf.
  package let positions: [Int]
  /// Of each position in the tree, the position of its leaf in the whole tree that the pair was made from.
  package let origins: [Int]

  /// What two trees have in common: both without the leaves that only one of them has, and without nodes that then have
  /// one child only.
  ///
  /// Returns nil if they have fewer than three leaves in common, of which all trees are much alike.
  package init?(_ tree: RootedTree, _ reference: RootedTree, matching: LeafMatching) {
    let counterparts = matching.counterparts
    origins = counterparts.indices.filter { counterparts[$0] != nil }
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
