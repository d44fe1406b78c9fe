/// The transfer distances of a hierarchy's nodes to other trees over the same clusters.
///
/// The distance of a node to a tree is the least number of clusters to move so that its set of clusters becomes one of the
/// tree's clades: min |C Δ D| over all clades D, single clusters and the whole included. As these are there in any tree, it
/// is at most min(|C| − 1, n − |C|) for n clusters. That is the smaller side less one, if the root counts as one more leaf on
/// the other side: both trees are rooted, and a clade is what is below a node. (Lemoine et al., Nature 556, 2018, who
/// have unrooted trees.)
///
/// A node's clusters, in the order that they have as leaves of the other tree, span a tree of their own: the nodes where two
/// neighbours meet. The nearest clade is one of these or a single cluster. So a node takes O(its clusters).
package struct TransferDistances: Sendable {
  /// The nodes that each merge joins.
  private let merges: [(lowest: Int, partner: Int)]
  private let clusters: Int
  private let sizes: [Int]
  /// n.
  private let leafCount: Int

  package init(of hierarchy: ClusterHierarchy) {
    merges = hierarchy.merges.map { ($0.lowest, $0.partner) }
    sizes = hierarchy.merges.map(\.clusters)
    clusters = hierarchy.clusters.count
    leafCount = hierarchy.leaves.count
  }

  /// For each merge, the most that its node's distance to any tree can be; 0 for the root, which is a clade of every tree.
  package var most: [Int] { sizes.map { min($0 - 1, leafCount - $0) } }

  /// For each merge, the distance of its node to the tree that `merges` make: the t-th makes node K + t.
  package func distances(to merges: [(lowest: Int, partner: Int)]) -> [Int] {
    let tree = OrderedTree(merges, clusters: clusters)
    // For each node, the positions of its clusters among the other tree's leaves, in ascending order.
    var positions: [[Int32]] = tree.places.map { $0 < 0 ? [] : [$0] }
    return zip(self.merges, zip(sizes, most)).map { merge, limits in
      let merged = [Int32].merged(positions[merge.lowest], positions[merge.partner])
      positions[merge.lowest] = []
      positions[merge.partner] = []
      positions.append(merged)
      return limits.1 == 0 ? 0 : min(limits.1, tree.distance(merged, size: limits.0))
    }
  }
}

/// A tree with its leaves in an order in which each clade's are next to each other.
private struct OrderedTree {
  private let steps: MeetingSteps
  /// The number of leaves below the node that each merge makes.
  private let sizes: [Int]

  init(_ merges: [(lowest: Int, partner: Int)], clusters: Int) {
    steps = MeetingSteps(clusters: clusters, merges: merges)
    var sizes = [Int](repeating: 1, count: clusters)
    for merge in merges { sizes.append(sizes[merge.lowest] + sizes[merge.partner]) }
    self.sizes = Array(sizes[clusters...])
  }

  /// Of each cluster, its place among the leaves; −1 if it is not in the tree.
  var places: [Int32] { steps.places }

  /// The least number of clusters to move so that a set of `size` clusters, of which those at `places` are in the tree, becomes
  /// a clade.
  func distance(_ places: [Int32], size: Int) -> Int {
    guard let first = places.first else { return .max }
    var best = size - 1
    // Parts of the set, from left to right, that have not met their left neighbours yet: where they will, and how many there
    // are. A part meets first on the side where the merge is earlier.
    var parts: [(merge: Int32, count: Int)] = [(.max, 1)]
    func join() {
      let part = parts.removeLast()
      let count = parts[parts.count - 1].count + part.count
      parts[parts.count - 1].count = count
      best = min(best, size + sizes[Int(part.merge)] - 2 * count)
    }
    var previous = first
    for place in places.dropFirst() {
      let merge = steps.merge(between: previous, and: place)
      while parts[parts.count - 1].merge < merge { join() }
      parts.append((merge, 1))
      previous = place
    }
    while parts.count > 1 { join() }
    return best
  }
}
