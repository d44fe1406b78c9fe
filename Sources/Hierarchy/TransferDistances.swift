/// The transfer distances of a hierarchy's nodes to other trees over the same clusters.
///
/// The distance of a node to a tree is the least number of clusters to move so that its set of clusters becomes one of the
/// tree's clades: min |C Δ D| over all clades D, single clusters and the whole included. As these are there in any tree, it
/// is at most min(|C| − 1, n − |C|) for n clusters. That is the smaller side less one, if the root counts as one more leaf on
/// the other side: both trees are rooted, and a clade is what is below a node. (Lemoine et al., Nature 556, 2018, who
/// have unrooted trees.) A cluster that the other tree lacks is in none of its clades, so it counts as one to be moved.
///
/// A node's clusters, in the order that they have as leaves of the other tree, span a tree of their own: the nodes where two
/// neighbours meet. The nearest clade is one of these or a single cluster. So a node takes O(its clusters).
package struct TransferDistances: Sendable {
  /// For each merge, the clusters that its node adds to those of the larger node below it are merged in by position.
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
    var positions: [[Int32]] = (0..<clusters).map { tree.position[$0] < 0 ? [] : [tree.position[$0]] }
    return zip(self.merges, zip(sizes, most)).map { merge, limits in
      let merged = Self.merged(positions[merge.lowest], positions[merge.partner])
      positions[merge.lowest] = []
      positions[merge.partner] = []
      positions.append(merged)
      return limits.1 == 0 ? 0 : min(limits.1, tree.distance(merged, size: limits.0))
    }
  }

  private static func merged(_ a: [Int32], _ b: [Int32]) -> [Int32] {
    var merged: [Int32] = []
    merged.reserveCapacity(a.count + b.count)
    var (i, j) = (0, 0)
    while i < a.count, j < b.count {
      if a[i] < b[j] {
        merged.append(a[i])
        i += 1
      } else {
        merged.append(b[j])
        j += 1
      }
    }
    merged += a[i...]
    merged += b[j...]
    return merged
  }
}

/// A tree with its leaves in an order in which each clade's are next to each other.
private struct OrderedTree {
  /// Of each cluster, its place among the leaves; −1 if it is not in the tree.
  private(set) var position: [Int32]
  /// The number of leaves below each node.
  private let sizes: [Int]
  /// At each place but the first, the node where its leaf meets the one before. Nodes higher up have larger numbers, so
  /// leaves further apart meet at the largest of the nodes between. The s-th list has the largest of 2^s from each place on.
  private var meetings: [[Int32]]

  init(_ merges: [(lowest: Int, partner: Int)], clusters: Int) {
    var sizes = [Int](repeating: 1, count: clusters)
    for merge in merges { sizes.append(sizes[merge.lowest] + sizes[merge.partner]) }
    self.sizes = sizes
    // From the top down: a node's leaves take up its size from its start on.
    var starts = [Int](repeating: -1, count: sizes.count)
    let leaves = merges.last.map { _ in sizes[sizes.count - 1] } ?? 0
    var first = [Int32](repeating: 0, count: max(1, leaves))
    if leaves > 0 { starts[sizes.count - 1] = 0 }
    for (index, merge) in merges.enumerated().reversed() {
      let node = clusters + index
      starts[merge.lowest] = starts[node]
      starts[merge.partner] = starts[node] + sizes[merge.lowest]
      first[starts[merge.partner]] = Int32(node)
    }
    position = starts[..<clusters].map { Int32($0) }
    meetings = [first]
    var span = 1
    while 2 * span <= first.count {
      let last = meetings[meetings.count - 1]
      meetings.append((0...(first.count - 2 * span)).map { max(last[$0], last[$0 + span]) })
      span *= 2
    }
  }

  /// The node where the leaves at two places, in ascending order, meet.
  private func meeting(_ a: Int32, _ b: Int32) -> Int32 {
    let start = Int(a) + 1
    let count = Int(b) - Int(a)
    let level = Int.bitWidth - 1 - count.leadingZeroBitCount
    return max(meetings[level][start], meetings[level][Int(b) + 1 - (1 << level)])
  }

  /// The least number of clusters to move so that a set of `size` clusters, of which those at `places` are in the tree, becomes
  /// a clade.
  func distance(_ places: [Int32], size: Int) -> Int {
    guard let first = places.first else { return .max }
    var best = size - 1
    // Parts of the set, from left to right, that have not met their left neighbours yet: where they will, and how many there
    // are. A part meets first on the side where the node is lower.
    var parts: [(node: Int32, count: Int)] = [(.max, 1)]
    func join() {
      let part = parts.removeLast()
      let count = parts[parts.count - 1].count + part.count
      parts[parts.count - 1].count = count
      best = min(best, size + sizes[Int(part.node)] - 2 * count)
    }
    var previous = first
    for place in places.dropFirst() {
      let node = meeting(previous, place)
      while parts[parts.count - 1].node < node { join() }
      parts.append((node, 1))
      previous = place
    }
    while parts.count > 1 { join() }
    return best
  }
}
