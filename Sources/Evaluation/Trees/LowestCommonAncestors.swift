/// Finds the lowest node above any two leaves of a tree in constant time (Bender and Farach-Colton 2000).
///
/// Nodes are numbered depth first. So the lowest common ancestor of two leaves is the smallest of the ancestors of all
/// neighbouring leaves between them. The minimum of a range is read from a table of minima over 2, 4, 8, … neighbours.
///
/// - Complexity: O(n log n) memory and time to make; O(1) for each pair of leaves.
struct LowestCommonAncestors: Sendable {
  private let leaves: [Int]
  /// At [k][i], the smallest ancestor over the 2^k pairs of neighbours from position i on.
  private let smallest: [[Int32]]

  init(_ tree: RootedTree) {
    leaves = tree.leaves
    var row = [Int32](repeating: 0, count: tree.leaves.count - 1)
    // Two neighbours meet right above the highest node that begins with the second one. Going up, it is the last to
    // write.
    for node in tree.nodes.dropFirst().reversed() where tree.parents[node] != node - 1 {
      row[tree.positions(below: node).lowerBound - 1] = Int32(tree.parents[node])
    }
    var rows = [row]
    var width = 1
    while 2 * width <= row.count {
      let last = rows[rows.count - 1]
      rows.append((0...row.count - 2 * width).map { min(last[$0], last[$0 + width]) })
      width *= 2
    }
    smallest = rows
  }

  /// The lowest node above, or at, the leaves at two positions.
  func node(above first: Int, _ second: Int) -> Int {
    guard first != second else { return leaves[first] }
    let (low, high) = (min(first, second), max(first, second))
    let level = Int.bitWidth - 1 - (high - low).leadingZeroBitCount
    let row = smallest[level]
    return Int(min(row[low], row[high - (1 << level)]))
  }
}
