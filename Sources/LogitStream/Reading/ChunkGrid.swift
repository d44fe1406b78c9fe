/// How the chunks of an array divide its rows and clusters. This is arithmetic; it needs no file.
package struct ChunkGrid: Sendable {
  /// Neighbouring rows that lie in one chunk at equal distances.
  package struct Run: Sendable, Equatable {
    /// The first row, counted in the array.
    package let row: Int
    package let count: Int
    /// The position in the chunk, in elements, of the first row's first cluster.
    package let element: Int

    var rows: Range<Int> { row..<row + count }
  }

  /// The part of a chunk that belongs to some rows.
  package struct Part: Sendable, Equatable {
    /// The indices of the chunk's first element.
    package let offset: [Int]
    package let clusters: Range<Int>
    package let runs: [Run]
  }

  let geometry: RowGeometry
  private let chunkShape: [Int]
  private let rowShape: [Int]
  /// The lengths of a chunk along the dimensions of rows, then along the dimension of clusters.
  private let chunkRowShape: [Int]
  let chunkClusters: Int
  /// The number of elements in a chunk.
  let elementCount: Int
  /// The distances, in elements, of neighbours in a chunk along the dimensions of rows.
  private let rowStrides: [Int]
  /// The distance, in elements, from one cluster to the next.
  package let clusterStride: Int
  /// Whether the last index of an array changes fastest from element to element of a chunk.
  let isRowMajor: Bool

  /// - Parameter strides: The distances, in elements, of neighbours in a chunk along the dimensions of the array; nil if the
  ///   last index changes fastest.
  package init(_ geometry: RowGeometry, chunkShape: [Int], strides: [Int]? = nil) {
    self.geometry = geometry
    let rowMajor = Self.strides(chunkShape)
    let strides = strides ?? rowMajor
    isRowMajor = strides == rowMajor
    rowStrides = geometry.rowPart(strides)
    clusterStride = (geometry.clustersComeFirst ? strides.first : strides.last) ?? 1
    self.chunkShape = chunkShape
    rowShape = geometry.rowShape
    chunkRowShape = geometry.rowPart(chunkShape)
    chunkClusters = geometry.clusterPart(chunkShape) ?? 1
    elementCount = chunkShape.reduce(1, *)
  }

  /// The distances of neighbours in a box whose last index changes fastest.
  static func strides(_ shape: [Int]) -> [Int] {
    var strides = shape
    var stride = 1
    for dimension in shape.indices.reversed() {
      strides[dimension] = stride
      stride *= shape[dimension]
    }
    return strides
  }

  /// The distance, in elements, from one row of a run to the next.
  package var rowStride: Int { rowStrides.last ?? 1 }

  /// Whether clusters lie one after another, row by row.
  var hasRows: Bool { isRowMajor && !geometry.clustersComeFirst }

  /// Whether a chunk is whole rows, one after another.
  var hasWholeRows: Bool { hasRows && chunkClusters == geometry.clusters }

  /// The number of chunks.
  var chunkCount: Int {
    zip(geometry.shape, chunkShape).reduce(1) { count, side in
      let (product, overflow) = count.multipliedReportingOverflow(by: (side.0 - 1) / side.1 + 1)
      return overflow ? Int.max : product
    }
  }

  /// Whether a part's chunk reaches beyond the edge of the array.
  func reachesBeyondEdge(_ part: Part) -> Bool {
    zip(zip(part.offset, chunkShape), geometry.shape).contains { $0.0 + $0.1 > $1 }
  }

  /// The parts that some rows are made of.
  package func parts(of rows: Range<Int>) -> [Part] {
    RowBox.covering(rows, of: rowShape).flatMap { parts(of: $0) }
  }

  private func parts(of box: RowBox) -> [Part] {
    let first = zip(box.start, chunkRowShape).map { $0 / $1 }
    let last = rowShape.indices.map { (box.start[$0] + box.count[$0] - 1) / chunkRowShape[$0] }
    var parts: [Part] = []
    for chunk in Odometer(from: first, through: last) {
      let runs = runs(of: box, inChunk: chunk)
      let origin = zip(chunk, chunkRowShape).map { $0 * $1 }
      for firstCluster in stride(from: 0, to: geometry.clusters, by: chunkClusters) {
        parts.append(
          Part(
            offset: geometry.joined(rows: origin, clusters: firstCluster),
            clusters: firstCluster..<min(firstCluster + chunkClusters, geometry.clusters), runs: runs))
      }
    }
    return parts
  }

  /// The rows that a chunk has a part of, in order.
  ///
  /// - Parameter offset: The indices of the chunk's first element.
  func rows(ofChunkAt offset: [Int]) -> [Range<Int>] {
    let start = geometry.rowPart(offset)
    guard zip(start, rowShape).allSatisfy({ $0 < $1 }) else { return [] }
    let count = rowShape.indices.map { min(chunkRowShape[$0], rowShape[$0] - start[$0]) }
    return runs(of: RowBox(start: start, count: count, firstRow: 0), inChunk: zip(start, chunkRowShape).map { $0 / $1 })
      .map(\.rows)
  }

  /// The part of a box that is in one chunk, as one run for each line along the last dimension.
  private func runs(of box: RowBox, inChunk chunk: [Int]) -> [Run] {
    let dimensions = rowShape.indices
    let start = dimensions.map { max(box.start[$0], chunk[$0] * chunkRowShape[$0]) }
    let last = dimensions.map { min(box.start[$0] + box.count[$0], (chunk[$0] + 1) * chunkRowShape[$0]) - 1 }
    let line = dimensions.last ?? 0
    var lineEnds = last
    lineEnds[line] = start[line]
    return Odometer(from: start, through: lineEnds).map { index in
      var row = 0
      var element = 0
      for dimension in dimensions {
        row = row * rowShape[dimension] + index[dimension]
        element += (index[dimension] - chunk[dimension] * chunkRowShape[dimension]) * rowStrides[dimension]
      }
      return Run(row: row, count: last[line] - start[line] + 1, element: element)
    }
  }
}

/// All lists of indices from `first` through `last`. The last index changes fastest.
package struct Odometer: Sequence, IteratorProtocol {
  private let first: [Int]
  private let last: [Int]
  private var upcoming: [Int]?

  package init(from first: [Int], through last: [Int]) {
    self.first = first
    self.last = last
    upcoming = first
  }

  package mutating func next() -> [Int]? {
    guard let current = upcoming else { return nil }
    upcoming = nil
    for position in current.indices.reversed() where current[position] < last[position] {
      var next = current
      next[position] += 1
      for later in position + 1..<current.count { next[later] = first[later] }
      upcoming = next
      break
    }
    return current
  }
}
