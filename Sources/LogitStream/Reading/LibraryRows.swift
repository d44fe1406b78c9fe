import HDF5

/// Rows of an HDF5 dataset that only the library can read, for one thread at a time. They have no chunks, or those of a
/// virtual dataset's sources, which were checked.
final class LibraryRows: RowReading {
  private let input: RowLayout
  private let dataset: Dataset

  init(_ input: RowLayout, dataset: consuming Dataset) {
    self.input = input
    self.dataset = dataset
  }

  func read(
    _ rows: Range<Int>, wanted: [Range<Int>], into workspace: inout Workspace
  ) throws(LogitStreamError) -> RowBlock {
    let geometry = input.geometry
    let target = workspace.rows.bytes(rows.count * input.rowByteCount)
    for box in RowBox.covering(rows, of: geometry.rowShape) {
      let start = (box.firstRow - rows.lowerBound) * input.rowByteCount
      let part = UnsafeMutableRawBufferPointer(rebasing: target[start..<start + box.rowCount * input.rowByteCount])
      let into = geometry.clustersComeFirst ? workspace.parts.bytes(part.count) : part
      do {
        try dataset.read(
          start: geometry.joined(rows: box.start, clusters: 0),
          count: geometry.joined(rows: box.count, clusters: geometry.clusters), into: into,
          operation: "read rows \(rows)")
      } catch {
        throw .library(error)
      }
      if geometry.clustersComeFirst {
        let elementByteCount = input.elementByteCount
        Transposition(elementByteCount: elementByteCount).perform(
          from: UnsafeRawPointer(into.start), columnStride: box.rowCount * elementByteCount,
          columns: geometry.clusters, rows: box.rowCount, to: part.start, rowStride: input.rowByteCount)
      }
    }
    return RowBlock(start: UnsafeRawPointer(target.start), rowStride: input.rowByteCount, rows: rows)
  }

  /// The number of rows that the writer of a dataset has finished, while it is still writing.
  ///
  /// A dataset grows before its new rows are written. Until then their chunks are not in the file, or are all fill value.
  static func completeRows(of dataset: borrowing Dataset) throws(HDF5Error) -> Int {
    var rows = try dataset.leadingRowsInFile()
    var bytes = [UInt8](repeating: 0, count: dataset.rowByteCount)
    while rows > 0 {
      var result = Result<Void, HDF5Error>.success(())
      bytes.withUnsafeMutableBytes { buffer in
        result = Result { () throws(HDF5Error) in try dataset.readRows(rows - 1..<rows, into: buffer) }
      }
      try result.get()
      let fill = dataset.fillValue
      guard !fill.isEmpty, bytes.indices.allSatisfy({ bytes[$0] == fill[$0 % fill.count] }) else { break }
      rows -= 1
    }
    return rows
  }
}
