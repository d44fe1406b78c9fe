/// Finds the largest of some neighbouring numbers in constant time, from a table of the largest of 2, 4, 8, … from each place on
/// (Bender and Farach-Colton 2000).
///
/// - Complexity: O(n log n) memory and time to make.
package struct RangeMaxima: Sendable {
  /// At [k][i], the largest of the 2^k numbers from place i on.
  @usableFromInline package let rows: [[Int32]]

  package init(_ numbers: [Int32]) {
    var rows = [numbers]
    var width = 1
    while 2 * width <= numbers.count {
      let last = rows[rows.count - 1]
      rows.append((0...numbers.count - 2 * width).map { max(last[$0], last[$0 + width]) })
      width *= 2
    }
    self.rows = rows
  }

  /// The largest of the numbers from place `low` up to, but without, place `high`, at least one.
  @inlinable
  package func largest(from low: Int, to high: Int) -> Int32 {
    let level = Int.bitWidth - 1 - (high - low).leadingZeroBitCount
    let row = rows[level]
    return max(row[low], row[high - (1 << level)])
  }
}
