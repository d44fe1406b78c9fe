/// The lowest node above any two leaves of a tree, found at once.
///
/// With nodes numbered depth first, the lowest common ancestor of two leaves is the smallest of those of neighbouring
/// leaves between them; minima of ranges are read from a table of those of 2, 4, 8, … (Bender and Farach-Colton 2000).
///
/// - Complexity: O(n log n) memory and time to make, O(1) a question.
struct LowestCommonAncestors: Sendable {
  private let leaves: [Int]
  /// At [k][i] the smallest ancestor of neighbours among the 2^k pairs of them from position i on.
  private let smallest: [[Int32]]

  init(_ tree: RootedTree) {
    leaves = tree.leaves
    var row = [Int32](repeating: 0, count: tree.leaves.count - 1)
    // Two neighbours meet above the highest node that begins with the second. Going up, that one is the last to write.
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
