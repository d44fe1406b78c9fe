/// Rows of a top-k dump, put together from those of its arrays: values, clusters, log-sum-exp.
final class TopKRows: RowReading {
  /// One of the arrays.
  struct Part: Sendable {
    let rows: any RowReading
    let rowByteCount: Int
    /// What a row of it is that nobody wrote; nil where that tells nothing.
    let fillRow: [UInt8]?

    /// - Parameter array: The array, if rows of nothing but its fill value may not have been written.
    init(_ rows: any RowReading, _ layout: RowLayout, fillOf array: StoredArray?) {
      self.rows = rows
      rowByteCount = layout.rowByteCount
      fillRow = array.map { array in
        let element =
          array.fillBytes.isEmpty ? [UInt8](repeating: 0, count: layout.elementByteCount) : array.fillBytes
        return Array(repeatElement(element, count: layout.columns).joined())
      }
    }
  }

  private let parts: [Part]
  private let rowByteCount: Int

  init(_ parts: [Part]) {
    self.parts = parts
    rowByteCount = parts.reduce(0) { $0 + $1.rowByteCount }
  }

  func read(
    _ rows: Range<Int>, wanted: [Range<Int>], into workspace: inout Workspace
  ) throws(LogitStreamError) -> RowBlock {
    let target = workspace.rows.bytes(rows.count * rowByteCount)
    while workspace.joined.count < parts.count { workspace.joined.append(InnerWorkspace()) }
    var unwritten: [Range<Int>] = []
    var column = 0
    for (part, inner) in zip(parts, workspace.joined) {
      let block = try part.rows.read(rows, wanted: wanted, into: &inner.workspace)
      unwritten += block.unwritten
      for row in wanted.joined() {
        (target.start + (row - rows.lowerBound) * rowByteCount + column)
          .copyMemory(from: block.row(row), byteCount: part.rowByteCount)
      }
      column += part.rowByteCount
    }
    unwritten += fills(wanted, of: rows, in: UnsafeRawBufferPointer(target))
    return RowBlock(
      start: UnsafeRawPointer(target.start), rowStride: rowByteCount, rows: rows,
      unwritten: Range<Int>.joined(unwritten))
  }

  func willNeed(_ rows: Range<Int>) { for part in parts { part.rows.willNeed(rows) } }

  func unwritten(_ rows: Range<Int>) throws(LogitStreamError) -> [Range<Int>] {
    var unwritten: [Range<Int>] = []
    for part in parts { unwritten += try part.rows.unwritten(rows) }
    return Range<Int>.joined(unwritten)
  }

  /// The rows whose values and clusters are fill value: no row has the same cluster twice.
  private func fills(
    _ wanted: [Range<Int>], of rows: Range<Int>, in records: UnsafeRawBufferPointer
  ) -> [Range<Int>] {
    let fill = parts.compactMap(\.fillRow).joined()
    guard let first = fill.first else { return [] }
    var found: [Range<Int>] = []
    for row in wanted.joined() {
      let start = (row - rows.lowerBound) * rowByteCount
      // Of nearly all rows the first byte says that they are something else.
      guard records[start] == first, records[start...].starts(with: fill) else { continue }
      found.append(row..<row + 1)
    }
    return found
  }
}
