import Hierarchy

/// The top group that each node of a hierarchy is in.
struct GroupColours {
  /// The group of each node; nil for nodes above the groups, and for clusters that are not in the tree.
  private let groups: [Int?]

  /// - Parameter count: The number of groups, at most that of leaves. If it is 0, no node is in a group.
  init(_ hierarchy: ClusterHierarchy, count: Int) {
    var groups = [Int?](repeating: nil, count: hierarchy.clusters.count + hierarchy.merges.count)
    if count > 0 {
      for (group, node) in hierarchy.nodes(ofCutInto: count).enumerated() { groups[node] = group }
    }
    // From the root down, so that a node's group is known before its children need it.
    for merge in hierarchy.merges.reversed() {
      guard let group = groups[merge.node] else { continue }
      groups[merge.lowest] = group
      groups[merge.partner] = group
    }
    self.groups = groups
  }

  /// The index of a node's group, in the order of the tree.
  subscript(node: Int) -> Int? { groups[node] }
}
