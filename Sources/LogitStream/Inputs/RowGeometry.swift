/// Which dimensions of an array are rows, and which is that of clusters.
///
/// Clusters are the last dimension, or the first one if the array is transposed. The other dimensions, in their order,
/// are flattened to rows: a batch × time × vocabulary array has batch · time rows.
package struct RowGeometry: Sendable, Hashable {
  /// The lengths of the dimensions. The last one changes fastest from element to element.
  package let shape: [Int]
  package let clustersComeFirst: Bool
  /// Whether all dimensions are rows, of one number each.
  private let isOfSingleNumbers: Bool

  package init(shape: [Int], clustersComeFirst: Bool) {
    self.shape = shape
    self.clustersComeFirst = clustersComeFirst
    isOfSingleNumbers = false
  }

  /// An array with a number for each row.
  init(ofSingleNumbers shape: [Int]) {
    self.shape = shape
    clustersComeFirst = false
    isOfSingleNumbers = true
  }

  /// The lengths of the dimensions of rows.
  package var rowShape: [Int] { rowPart(shape) }

  /// K.
  var clusters: Int { clusterPart(shape) ?? 0 }

  /// The lengths of a box along the dimensions of rows.
  package func rowPart(_ box: [Int]) -> [Int] {
    if isOfSingleNumbers { return box }
    return Array(clustersComeFirst ? box.dropFirst() : box.dropLast())
  }

  /// The length of a box along the dimension of clusters.
  func clusterPart(_ box: [Int]) -> Int? { isOfSingleNumbers ? 1 : clustersComeFirst ? box.first : box.last }

  /// Lengths or indices along all dimensions, from those along the dimensions of rows and that along clusters.
  func joined(rows: [Int], clusters: Int) -> [Int] {
    if isOfSingleNumbers { return rows }
    return clustersComeFirst ? [clusters] + rows : rows + [clusters]
  }
}

/// Rows that form a box in the dimensions of rows.
package struct RowBox: Sendable, Equatable {
  package let start: [Int]
  package let count: [Int]
  /// The first row, counted in the array; the others follow it.
  package let firstRow: Int
  var rowCount: Int { count.reduce(1, *) }

  /// The fewest boxes that make up some neighbouring rows, in order: a part of a line, whole lines, planes, and so on.
  package static func covering(_ rows: Range<Int>, of shape: [Int]) -> [RowBox] {
    var boxes: [RowBox] = []
    var next = rows.lowerBound
    while next < rows.upperBound {
      // Finds the outermost dimension along which a whole step fits.
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

/// The rows at which an input can be cut without cutting a chunk.
///
/// Cuts are at the multiples of `unit`, counted from the last multiple of `period`. If chunks span 16 of the 70 time
/// steps of one batch item, cuts are at 0, 16, 32, 48, 64, 70, 86 and so on.
package struct RowAlignment: Sendable, Hashable {
  package let unit: Int
  package let period: Int

  /// A period that is longer than any input.
  static let never = 1 << 62

  package init(unit: Int, period: Int? = nil) {
    self.unit = unit
    self.period = period ?? Self.never
  }

  /// The alignment of chunks.
  ///
  /// - Parameters:
  ///   - chunkShape: The lengths of a chunk along the dimensions of rows.
  ///   - rowShape: The lengths of these dimensions.
  package init(chunkShape: [Int], rowShape: [Int]) {
    let spans = zip(chunkShape, rowShape).map { min($0, $1) }
    guard let dimension = spans.firstIndex(where: { $0 > 1 }) else {
      self.init(unit: 1)
      return
    }
    let inner = rowShape[(dimension + 1)...].reduce(1, *)
    self.init(unit: spans[dimension] * inner, period: dimension == 0 ? nil : rowShape[dimension] * inner)
  }

  /// The last cut at or before a row.
  package func cut(before row: Int) -> Int { row / period * period + row % period / unit * unit }
}
