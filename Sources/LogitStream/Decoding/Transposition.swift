/// Copies elements that lie in columns into rows.
package struct Transposition {
  private let elementByteCount: Int

  package init(elementByteCount: Int) { self.elementByteCount = elementByteCount }

  /// Copies element (c, r) from `source + c · columnStride + r · step` to `target + r · rowStride + c · elementByteCount`.
  ///
  /// - Parameter step: The distance of neighbours in a column; nil for the bytes of an element.
  package func perform(
    from source: UnsafeRawPointer, columnStride: Int, columns: Int, rows: Int, step: Int? = nil,
    to target: UnsafeMutableRawPointer, rowStride: Int
  ) {
    let step = step ?? elementByteCount
    switch elementByteCount {
    case 2: perform(UInt16.self, source, columnStride, columns, rows, step, target, rowStride)
    case 4: perform(UInt32.self, source, columnStride, columns, rows, step, target, rowStride)
    default: perform(UInt64.self, source, columnStride, columns, rows, step, target, rowStride)
    }
  }

  /// Works in squares of 16 × 16, so that the cache lines that are written stay in the cache until they are full.
  @inline(__always)
  private func perform<Element: BitwiseCopyable>(
    _: Element.Type, _ source: UnsafeRawPointer, _ columnStride: Int, _ columns: Int, _ rows: Int, _ step: Int,
    _ target: UnsafeMutableRawPointer, _ rowStride: Int
  ) {
    let size = MemoryLayout<Element>.size
    let side = 16
    for firstColumn in stride(from: 0, to: columns, by: side) {
      let lastColumn = min(firstColumn &+ side, columns)
      for firstRow in stride(from: 0, to: rows, by: side) {
        let lastRow = min(firstRow &+ side, rows)
        for row in firstRow..<lastRow {
          var from = source + (firstColumn &* columnStride &+ row &* step)
          var to = target + (row &* rowStride &+ firstColumn &* size)
          for _ in firstColumn..<lastColumn {
            to.storeBytes(of: from.loadUnaligned(as: Element.self), as: Element.self)
            from += columnStride
            to += size
          }
        }
      }
    }
  }
}
