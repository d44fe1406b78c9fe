import Hierarchy

/// Finds the lowest node above any two leaves of a tree in constant time.
///
/// Nodes are numbered depth first. So the lowest common ancestor of two leaves is the smallest of the ancestors of all
/// neighbouring leaves between them.
///
/// - Complexity: O(n log n) memory and time to make; O(1) for each pair of leaves.
struct LowestCommonAncestors: Sendable {
  private let leaves: [Int]
  /// The ancestors of neighbours, their numbers negative, so that the smallest is the largest.
  private let ancestors: RangeMaxima

  init(_ tree: RootedTree) {
    leaves = tree.leaves
    var row = [Int32](repeating: 0, count: tree.leaves.count - 1)
    // Two neighbours meet right above the highest node that begins with the second one. Going up, it is the last to
    // write.
    for node in tree.nodes.dropFirst().reversed() where tree.parents[node] != node - 1 {
      row[tree.positions(below: node).lowerBound - 1] = -Int32(tree.parents[node])
    }
    ancestors = RangeMaxima(row)
  }

  /// The lowest node above, or at, the leaves at two positions.
  func node(above first: Int, _ second: Int) -> Int {
    guard first != second else { return leaves[first] }
    return -Int(ancestors.largest(from: min(first, second), to: max(first, second)))
  }
}
