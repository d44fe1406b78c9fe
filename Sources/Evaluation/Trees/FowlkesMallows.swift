/// The Fowlkes–Mallows index of two groupings of the leaves of a pair of trees, kept up to date while groups are merged
/// (Fowlkes and Mallows, J. Am. Stat. Assoc. 78, 1983).
///
/// Group i of the tree has a(i) leaves, group j of the reference has b(j), and m(i, j) are in both. The index is T /
/// √(P Q) with T = Σ m² − n, P = Σ a² − n and Q = Σ b² − n, which count ordered pairs of different leaves. By chance it
/// is √(P Q) / (n (n − 1)).
///
/// - Complexity: O(n log n) for all merges of both trees, since the smaller of two groups is moved into the larger.
struct FowlkesMallows {
  private let pair: TreePair
  private var tree: Side
  private var reference: Side
  private var together = 0

  /// A group for each leaf.
  init(_ pair: TreePair) {
    self.pair = pair
    tree = Side(pair.tree, groupOfLeaf: Array(0..<pair.leafCount))
    reference = Side(pair.reference, groupOfLeaf: pair.positions)
  }

  var agreement: CutComparison.Agreement {
    let pairs = Double(tree.together).squareRoot() * Double(reference.together).squareRoot()
    // Rounding must not take it above 1.
    let index = together == 0 ? 0 : min(1, Double(together) / pairs)
    let byChance = pairs / (Double(pair.leafCount) * Double(pair.leafCount - 1))
    return .init(
      groups: tree.groups, index: index, byChance: byChance,
      adjusted: byChance < 1 ? (index - byChance) / (1 - byChance) : 1)
  }

  /// Merges the groups of a node's children. Each child must be a group.
  mutating func mergeTree(below node: Int) {
    together += tree.merge(pair.tree.children(of: node), into: node, other: &reference)
  }

  mutating func mergeReference(below node: Int) {
    together += reference.merge(pair.reference.children(of: node), into: node, other: &tree)
  }

  /// The groups of one tree.
  private struct Side {
    /// The group of each node whose leaves are all in one group.
    var groupOfNode: [Int]
    var sizes: [Int]
    /// For each group, how many leaves it shares with groups of the other tree.
    var shared: [[Int: Int]]
    /// The number of ordered pairs of different leaves that are in one group.
    var together = 0
    var groups: Int

    init(_ tree: RootedTree, groupOfLeaf: [Int]) {
      groupOfNode = tree.nodes.map { _ in 0 }
      for (leaf, group) in zip(tree.leaves, groupOfLeaf) { groupOfNode[leaf] = group }
      sizes = groupOfLeaf.map { _ in 1 }
      groups = sizes.count
      shared = groupOfLeaf.indices.map { [$0: 1] }
    }

    /// Merges groups. Returns how many more ordered pairs are now together in both trees.
    mutating func merge(_ children: some Sequence<Int>, into node: Int, other: inout Side) -> Int {
      var more = 0
      var merged: Int?
      for child in children {
        let group = groupOfNode[child]
        guard let previous = merged else {
          merged = group
          continue
        }
        let (small, large) = sizes[group] < sizes[previous] ? (group, previous) : (previous, group)
        more += move(small, to: large, other: &other)
        merged = large
      }
      groupOfNode[node] = merged ?? 0
      return more
    }

    private mutating func move(_ small: Int, to large: Int, other: inout Side) -> Int {
      together += 2 * sizes[small] * sizes[large]
      sizes[large] += sizes[small]
      groups -= 1
      var more = 0
      for (group, count) in shared[small] {
        let before = shared[large][group, default: 0]
        more += 2 * count * before
        shared[large][group] = before + count
        other.shared[group][small] = nil
        other.shared[group][large] = before + count
      }
      shared[small] = [:]
      return more
    }
  }
}
