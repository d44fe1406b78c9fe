/// Pairs each row of a matrix of costs with a column of its own, so that the sum of costs is least: the linear sum
/// assignment problem.
///
/// The algorithm is that of shortest augmenting paths, after D. F. Crouse, "On implementing 2D rectangular assignment
/// algorithms", IEEE Transactions on Aerospace and Electronic Systems 52 (2016), as in SciPy's `linear_sum_assignment`.
/// Costs are integers, so that sums are exact. Rows whose cheapest column is free take it at once; mostly this leaves
/// few paths to search for.
struct LinearAssignment {
  private(set) var columnOfRow: [Int]

  private let costs: [Int]
  private let columns: Int
  /// Prices (dual variables). A row's and a column's price add up to at most their cost, and to exactly their cost if
  /// they are a pair.
  private var rowPrices: [Int]
  private var columnPrices: [Int]
  private var rowOfColumn: [Int]
  // State of the search from one row.
  private var distances: [Int]
  private var previous: [Int]

  private static let none = -1

  /// - Parameters:
  ///   - costs: rows × columns, row after row. The sum of any two must not overflow.
  ///   - rows: The number of rows, at most that of columns.
  /// - Complexity: O(rows² · columns).
  init(costs: [Int], rows: Int, columns: Int) {
    precondition(rows <= columns && costs.count == rows * columns)
    self.costs = costs
    self.columns = columns
    columnOfRow = Array(repeating: Self.none, count: rows)
    rowOfColumn = Array(repeating: Self.none, count: columns)
    rowPrices = Array(repeating: 0, count: rows)
    columnPrices = Array(repeating: 0, count: columns)
    distances = Array(repeating: 0, count: columns)
    previous = Array(repeating: Self.none, count: columns)
    takeCheapestColumns()
    for row in 0..<rows where columnOfRow[row] == Self.none { augment(from: row) }
  }

  private mutating func takeCheapestColumns() {
    for row in columnOfRow.indices {
      let start = row * columns
      var cheapest = 0
      for column in 1..<max(1, columns) where costs[start + column] < costs[start + cheapest] { cheapest = column }
      rowPrices[row] = costs[start + cheapest]
      guard rowOfColumn[cheapest] == Self.none else { continue }
      rowOfColumn[cheapest] = row
      columnOfRow[row] = cheapest
    }
  }

  /// Gives `first` a column in the cheapest way, which may move other rows to other columns.
  private mutating func augment(from first: Int) {
    var remaining = Array(0..<columns)
    var reached: [Int] = []
    for column in 0..<columns { distances[column] = .max }
    var row = first
    var distance = 0
    while true {
      let next = closest(of: remaining, from: row, at: distance)
      let column = remaining[next]
      distance = distances[column]
      remaining.swapAt(next, remaining.count - 1)
      remaining.removeLast()
      guard rowOfColumn[column] != Self.none else {
        updatePrices(first, reached, distance)
        return move(to: column, from: first)
      }
      reached.append(column)
      row = rowOfColumn[column]
    }
  }

  /// Updates the distances of the remaining columns from a row, and returns the position in `remaining` of the closest;
  /// a free column wins among equals.
  private mutating func closest(of remaining: [Int], from row: Int, at distance: Int) -> Int {
    let start = row * columns
    let base = distance - rowPrices[row]
    var least = Int.max
    var position = 0
    for (index, column) in remaining.enumerated() {
      let candidate = base + costs[start + column] - columnPrices[column]
      if candidate < distances[column] {
        distances[column] = candidate
        previous[column] = row
      }
      let found = distances[column]
      if found < least || found == least && rowOfColumn[column] == Self.none {
        least = found
        position = index
      }
    }
    return position
  }

  private mutating func updatePrices(_ first: Int, _ reached: [Int], _ distance: Int) {
    rowPrices[first] += distance
    for column in reached {
      rowPrices[rowOfColumn[column]] += distance - distances[column]
      columnPrices[column] -= distance - distances[column]
    }
  }

  /// Moves the rows on the path to a free column.
  private mutating func move(to free: Int, from first: Int) {
    var column = free
    while true {
      let row = previous[column]
      rowOfColumn[column] = row
      swap(&columnOfRow[row], &column)
      if row == first { return }
    }
  }
}
