/// Where the rows of an array are among its dimensions.
///
/// The clusters are the last dimension, or the first where an array is transposed; the others, in their order, flatten
/// to rows: a batch × time × vocabulary array has batch · time rows.
package struct RowGeometry: Sendable, Hashable {
  /// The lengths of the dimensions, in the order in which elements lie.
  package let shape: [Int]
  package let clustersComeFirst: Bool

  package init(shape: [Int], clustersComeFirst: Bool) {
    self.shape = shape
    self.clustersComeFirst = clustersComeFirst
  }

  /// The dimensions that rows are counted along.
  package var rowShape: [Int] { Array(clustersComeFirst ? shape.dropFirst() : shape.dropLast()) }

  /// K.
  var clusters: Int { (clustersComeFirst ? shape.first : shape.last) ?? 0 }

  /// A box of elements as its extent along the dimensions of rows.
  package func rowPart(_ box: [Int]) -> [Int] { Array(clustersComeFirst ? box.dropFirst() : box.dropLast()) }

  /// The extent along all dimensions, from that along the rows' and that along the clusters'.
  func joined(rows: [Int], clusters: Int) -> [Int] { clustersComeFirst ? [clusters] + rows : rows + [clusters] }
}

/// Rows that form a box among the dimensions of an array.
package struct RowBox: Sendable, Equatable {
  package let start: [Int]
  package let count: [Int]
  /// The number of the first row; the others follow it.
  package let firstRow: Int
  var rowCount: Int { count.reduce(1, *) }

  /// The fewest boxes that hold some neighbouring rows, in order: a part of a line, lines, planes, and so on.
  package static func covering(_ rows: Range<Int>, of shape: [Int]) -> [RowBox] {
    var boxes: [RowBox] = []
    var next = rows.lowerBound
    while next < rows.upperBound {
      // The outermost dimension along which a whole step fits.
      var dimension = shape.count - 1
      var step = 1
      while dimension > 0, next % (step * shape[dimension]) == 0, next + step * shape[dimension] <= rows.upperBound {
        step *= shape[dimension]
        dimension -= 1
      }
      var start = [Int](repeating: 0, count: shape.count)
      var rest = next / step
      for index in stride(from: dimension, through: 0, by: -1) {
        start[index] = rest % shape[index]
        rest /= shape[index]
      }
      let steps = min((rows.upperBound - next) / step, shape[dimension] - start[dimension])
      let count = shape.indices.map { $0 < dimension ? 1 : $0 == dimension ? steps : shape[$0] }
      boxes.append(RowBox(start: start, count: count, firstRow: next))
      next += steps * step
    }
    return boxes
  }
}

/// Between which rows an input is cut without cutting what is stored in one piece.
///
/// Cuts are at multiples of `unit` counted from the last multiple of `period`: where a chunk spans 16 of 70 time steps
/// of one batch item, at 0, 16, 32, 48, 64, 70, 86 and so on.
package struct RowAlignment: Sendable, Hashable {
  package let unit: Int
  package let period: Int

  /// A period that no input comes to.
  static let never = 1 << 62

  package init(unit: Int, period: Int? = nil) {
    self.unit = unit
    self.period = period ?? Self.never
  }

  /// The alignment of chunks that span so many indices of each dimension of the rows.
  package init(chunkShape: [Int], rowShape: [Int]) {
    let spans = zip(chunkShape, rowShape).map { min($0, $1) }
    guard let dimension = spans.firstIndex(where: { $0 > 1 }) else {
      self.init(unit: 1)
      return
    }
    let inner = rowShape[(dimension + 1)...].reduce(1, *)
    self.init(unit: spans[dimension] * inner, period: dimension == 0 ? nil : rowShape[dimension] * inner)
  }

  /// The last cut that is not after a row.
  package func cut(before row: Int) -> Int { row / period * period + row % period / unit * unit }
}
