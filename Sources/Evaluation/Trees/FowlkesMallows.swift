/// The Fowlkes–Mallows index of two groupings of the leaves of a pair of trees, while their groups are merged.
///
/// With m(i, j) leaves in group i of the tree and j of the reference, a(i) and b(j) in all, and sums over ordered pairs of
/// different leaves, the index is T / √(P Q): T = Σ m² − n, P = Σ a² − n, Q = Σ b² − n. By chance it is √(P Q) / (n (n − 1)).
/// (Fowlkes and Mallows, J. Am. Stat. Assoc. 78, 1983.)
///
/// - Complexity: O(n log n) for all merges of both trees: of two groups that become one, the smaller is moved.
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
    let index = together == 0 ? 0 : Double(together) / pairs
    let byChance = pairs / (Double(pair.leafCount) * Double(pair.leafCount - 1))
    return .init(
      groups: tree.groups, index: index, byChance: byChance,
      adjusted: byChance < 1 ? (index - byChance) / (1 - byChance) : 1)
  }

  /// Makes one group of those of a node's children, each of which is one.
  mutating func mergeTree(below node: Int) {
    together += tree.merge(pair.tree.children(of: node), into: node, other: &reference)
  }

  mutating func mergeReference(below node: Int) {
    together += reference.merge(pair.reference.children(of: node), into: node, other: &tree)
  }

  /// The groups of one tree.
  private struct Side {
    /// The group of each node that is in one group whole.
    var groupOfNode: [Int]
    var sizes: [Int]
    /// How many leaves a group shares with groups of the other tree.
    var shared: [[Int: Int]]
    /// The ordered pairs of different leaves in one group.
    var together = 0
    var groups: Int

    init(_ tree: RootedTree, groupOfLeaf: [Int]) {
      groupOfNode = tree.nodes.map { _ in 0 }
      for (leaf, group) in zip(tree.leaves, groupOfLeaf) { groupOfNode[leaf] = group }
      sizes = groupOfLeaf.map { _ in 1 }
      groups = sizes.count
      shared = groupOfLeaf.indices.map { [$0: 1] }
    }

    /// Merges groups, and returns how many more ordered pairs are together in both trees.
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
