import Hierarchy
import LogitStream

/// Reads a tree from a `.npy` file of SciPy's linkage matrix: a row for each join, with the two nodes, their distance, and the
/// number of leaves below the new node.
enum LinkageFile {
  /// The tree, of which a node's height is its row, counted from 1.
  ///
  /// - Parameter names: Of the leaves, in their order.
  /// - Throws: ``EvaluationError`` if it is no linkage matrix, or not of so many leaves; `LogitStreamError`.
  static func tree(_ path: String, names: [String]?) throws -> RootedTree {
    let input = try matrix(path)
    let leaves = input.rows + 1
    guard let names else { throw EvaluationError.noLeafNames(path, leaves: leaves) }
    guard names.count == leaves else {
      throw EvaluationError.badData(
        path, location: nil,
        reason:
          "has \(leaves) leaves, which need a name each, and there are \(names.count) names; clusters without rows are no leaves"
      )
    }
    let numbers = try LogitSource([input]).logits(0..<input.rows)
    var parents = [Int?](repeating: nil, count: 2 * leaves - 1)
    for row in 0..<input.rows {
      for column in 0..<2 {
        let number = numbers[4 * row + column]
        guard let node = Int(exactly: number), (0..<leaves + row).contains(node), parents[node] == nil else {
          throw EvaluationError.badData(
            path, location: "row \(row)",
            reason: "joins node \(number), which is not there to join; a linkage matrix as SciPy writes it is needed")
        }
        parents[node] = leaves + row
      }
    }
    // The number of leaves shows whether columns are what they are taken for.
    var sizes = [Int](repeating: 1, count: leaves)
    for row in 0..<input.rows {
      let size = sizes[Int(numbers[4 * row])] + sizes[Int(numbers[4 * row + 1])]
      guard numbers[4 * row + 3] == Double(size) else {
        throw EvaluationError.badData(
          path, location: "row \(row)",
          reason: "makes a node of \(size) leaves, and says \(numbers[4 * row + 3]) in its last column")
      }
      sizes.append(size)
    }
    return RootedTree(
      parents: parents, labels: names + Array(repeating: "", count: input.rows),
      heights: Array(repeating: 0, count: leaves) + (1...input.rows))
  }
  /// Opens a file of four columns and some rows.
  private static func matrix(_ path: String) throws -> LogitInput {
    func refusal(_ reason: String) -> EvaluationError {
      .badData(
        path, location: nil, reason: "\(reason), and a linkage matrix has four columns of float64, a row for each join")
    }
    let input: LogitInput
    do {
      input = try LogitInput(opening: InputSpecification(file: path))
    } catch .notFloatingPoint(_, _, let type) {
      throw refusal("holds \(type)")
    } catch .wrongDimensions(_, _, let shape) {
      throw refusal("is of shape \(shape)")
    } catch .noRows {
      throw refusal("has no rows")
    }
    guard input.shape.count == 2, input.clusters == 4 else {
      throw refusal("is of shape \(input.shape)")
    }
    return input
  }
}
