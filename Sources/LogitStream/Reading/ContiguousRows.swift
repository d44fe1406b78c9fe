/// Rows that lie one after another in a file, or in what comes out of one.
struct ContiguousRows: RowReading {
  let file: any ByteReading
  /// The offset of row 0 in the file.
  let offset: Int
  let rowByteCount: Int

  /// One more call to read costs about as much as reading so many bytes more.
  static let bridgedByteCount = 4096

  func read(
    _ rows: Range<Int>, wanted: [Range<Int>], into workspace: inout Workspace
  ) throws(LogitStreamError) -> RowBlock {
    let buffer = workspace.rows.bytes(rows.count * rowByteCount)
    for part in wanted.bridged(upTo: Self.bridgedByteCount / rowByteCount) {
      let start = (part.lowerBound - rows.lowerBound) * rowByteCount
      try file.read(
        at: offset + part.lowerBound * rowByteCount,
        into: UnsafeMutableRawBufferPointer(rebasing: buffer[start..<start + part.count * rowByteCount]))
    }
    return RowBlock(start: UnsafeRawPointer(buffer.start), rowStride: rowByteCount, rows: rows)
  }

  func willNeed(_ rows: Range<Int>) {
    file.willNeed(offset + rows.lowerBound * rowByteCount..<offset + rows.upperBound * rowByteCount)
  }
}

/// Rows of a transposed or Fortran-ordered array. It lies in columns: all logits of the first cluster, then of the
/// next.
struct ColumnRows: RowReading {
  let file: any ByteReading
  /// The offset of the first column in the file.
  let offset: Int
  let elementByteCount: Int
  let clusters: Int
  /// The number of rows of the array, which is the length of a column.
  let arrayRows: Int

  /// The bytes of columns that are read before they are copied into rows. They stay in the processor's cache.
  static let panelByteCount = 1 << 20

  func read(
    _ rows: Range<Int>, wanted: [Range<Int>], into workspace: inout Workspace
  ) throws(LogitStreamError) -> RowBlock {
    let columnByteCount = rows.count * elementByteCount
    let panelWidth = max(1, min(clusters, Self.panelByteCount / columnByteCount))
    let panel = workspace.parts.bytes(panelWidth * columnByteCount)
    let buffer = workspace.rows.bytes(rows.count * clusters * elementByteCount)
    for first in stride(from: 0, to: clusters, by: panelWidth) {
      let width = min(panelWidth, clusters - first)
      for column in 0..<width {
        let position = offset + ((first + column) * arrayRows + rows.lowerBound) * elementByteCount
        try file.read(
          at: position,
          into: UnsafeMutableRawBufferPointer(
            rebasing: panel[(column * columnByteCount)..<((column + 1) * columnByteCount)])
        )
      }
      Transposition(elementByteCount: elementByteCount).perform(
        from: UnsafeRawPointer(panel.start), columnStride: columnByteCount, columns: width, rows: rows.count,
        to: buffer.start + first * elementByteCount, rowStride: clusters * elementByteCount)
    }
    return RowBlock(start: UnsafeRawPointer(buffer.start), rowStride: clusters * elementByteCount, rows: rows)
  }
}

extension UnsafeMutableRawBufferPointer {
  /// The address of a buffer that was allocated with at least one byte.
  var start: UnsafeMutableRawPointer {
    guard let baseAddress else { preconditionFailure("an empty buffer has no rows") }
    return baseAddress
  }
}
