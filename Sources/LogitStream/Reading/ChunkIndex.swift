import HDF5

/// The locations of a dataset's chunks, and the rows that were never written.
final class ChunkIndex: Sendable {
  let grid: ChunkGrid
  private let alignment: RowAlignment
  private let locator: ChunkLocator
  private let isComplete: Bool

  /// Opens the index of the chunks of `dataset`. The dataset's elements must be in the file that was opened.
  init(_ input: LogitInput, chunkShape: [Int], dataset: borrowing Dataset) throws(LogitStreamError) {
    grid = ChunkGrid(input.geometry, chunkShape: chunkShape)
    alignment = input.alignment
    do {
      locator = try ChunkLocator(dataset)
      if case .full = try dataset.allocation { isComplete = true } else { isComplete = false }
    } catch {
      throw .library(error)
    }
  }

  /// The location of a part's chunk; nil if it was never written.
  func locate(_ part: ChunkGrid.Part) throws(LogitStreamError) -> ChunkLocation? {
    do { return try locator.location(of: part.offset) } catch { throw .library(error) }
  }

  /// The rows among `rows` that lie in chunks that were never written.
  func unwritten(_ rows: Range<Int>) throws(LogitStreamError) -> [Range<Int>] {
    if isComplete { return [] }
    var unwritten: [Range<Int>] = []
    // Some rows at a time, since the parts of a whole array can be many.
    var next = rows.lowerBound
    while next < rows.upperBound {
      let cut = alignment.cut(before: min(rows.upperBound, next + (1 << 16)))
      let end = cut > next ? cut : min(rows.upperBound, next + (1 << 16))
      for part in grid.parts(of: next..<end) where try locate(part) == nil {
        unwritten += part.runs.map(\.rows)
      }
      unwritten = Range<Int>.joined(unwritten)
      next = end
    }
    return unwritten
  }
}
