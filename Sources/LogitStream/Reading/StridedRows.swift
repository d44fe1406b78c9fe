/// Rows of an array whose neighbours lie at any distances, as views of PyTorch's tensors do.
struct StridedRows: RowReading {
  let file: any ByteReading
  /// The offset of the array's first element.
  let offset: Int
  let elementByteCount: Int
  let geometry: RowGeometry
  /// The distances along the dimensions of the array, in elements.
  let strides: [Int]

  /// The bytes that are read before elements are copied from among them.
  private static let panelByteCount = ColumnRows.panelByteCount

  func read(
    _ rows: Range<Int>, wanted: [Range<Int>], into workspace: inout Workspace
  ) throws(LogitStreamError) -> RowBlock {
    let rowByteCount = geometry.clusters * elementByteCount
    let buffer = workspace.rows.bytes(rows.count * rowByteCount)
    let panel = workspace.parts.bytes(max(Self.panelByteCount, elementByteCount))
    let rowStrides = geometry.rowPart(strides)
    for line in lines(of: rows) where !wanted.clamped(to: line.rows).isEmpty {
      let start = zip(line.start, rowStrides).reduce(0) { $0 + $1.0 * $1.1 }
      try read(
        line.rows.count, from: start, rowStride: rowStrides.last ?? 1,
        into: buffer.start + (line.rows.lowerBound - rows.lowerBound) * rowByteCount, panel)
    }
    return RowBlock(start: UnsafeRawPointer(buffer.start), rowStride: rowByteCount, rows: rows)
  }

  private struct Line {
    let rows: Range<Int>
    let start: [Int]
  }

  /// Rows along the last dimension of rows.
  private func lines(of rows: Range<Int>) -> [Line] {
    let shape = geometry.rowShape
    var lines: [Line] = []
    for box in RowBox.covering(rows, of: shape) {
      guard let length = box.count.last else { continue }
      var last = zip(box.start, box.count).map { $0 + $1 - 1 }
      last[last.count - 1] = box.start[last.count - 1]
      var row = box.firstRow
      for start in Odometer(from: box.start, through: last) {
        lines.append(Line(rows: row..<row + length, start: start))
        row += length
      }
    }
    return lines
  }

  /// Reads `count` rows at equal distances, the first of which begins with element `start`: as many rows and clusters at a time
  /// as lie in a stretch that has room in the panel.
  private func read(
    _ count: Int, from start: Int, rowStride: Int, into target: UnsafeMutableRawPointer,
    _ panel: UnsafeMutableRawBufferPointer
  ) throws(LogitStreamError) {
    let clusters = geometry.clusters
    let clusterStride = (geometry.clustersComeFirst ? strides.first : strides.last) ?? 1
    let room = panel.count / elementByteCount
    // The nearer neighbours are read together first.
    let isByRow = clusterStride <= rowStride
    let columns = isByRow ? Self.most(clusters, at: clusterStride, within: room) : 1
    let rows =
      isByRow
      ? (columns == clusters && rowStride <= 2 * clusters * max(1, clusterStride)
        ? Self.most(count, at: rowStride, within: room - (clusters - 1) * clusterStride) : 1)
      : Self.most(count, at: rowStride, within: room)
    let panelColumns =
      !isByRow && rows == count && clusterStride <= 2 * count * max(1, rowStride)
      ? Self.most(clusters, at: clusterStride, within: room - (count - 1) * rowStride) : columns
    for firstRow in stride(from: 0, to: count, by: rows) {
      let rowCount = min(rows, count - firstRow)
      for firstColumn in stride(from: 0, to: clusters, by: panelColumns) {
        let columnCount = min(panelColumns, clusters - firstColumn)
        let span = (rowCount - 1) * rowStride + (columnCount - 1) * clusterStride + 1
        let first = start + firstRow * rowStride + firstColumn * clusterStride
        try file.read(
          at: offset + first * elementByteCount,
          into: UnsafeMutableRawBufferPointer(rebasing: panel[..<(span * elementByteCount)]))
        let rowByteCount = clusters * elementByteCount
        Transposition(elementByteCount: elementByteCount).perform(
          from: UnsafeRawPointer(panel.start), columnStride: clusterStride * elementByteCount, columns: columnCount,
          rows: rowCount, step: rowStride * elementByteCount,
          to: target + firstRow * rowByteCount + firstColumn * elementByteCount, rowStride: rowByteCount)
      }
    }
  }

  /// How many elements at a distance lie within so many.
  private static func most(_ count: Int, at distance: Int, within room: Int) -> Int {
    guard room > 0 else { return 1 }
    return min(count, distance == 0 ? count : (room - 1) / distance + 1)
  }
}
