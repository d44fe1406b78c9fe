import Algorithms
import HDF5
import Synchronization

/// Rows of a virtual dataset, put together from rows of its sources, which are read as they are elsewhere.
final class VirtualRows: RowReading {
  /// Some rows, or some columns of them, that are in one source.
  private struct Piece: Sendable {
    let rows: Range<Int>
    let clusters: Range<Int>
    let source: Int
    /// The first row and column in the source.
    let sourceRow: Int
    let sourceCluster: Int
  }

  private let input: LogitInput
  private let sources: [LogitInput]
  /// In order of their first rows.
  private let pieces: [Piece]
  /// The last end of all rows of the pieces up to each.
  private let ends: [Int]
  /// The rows that no piece has, or not all columns of.
  private let unmapped: [Range<Int>]
  private let fill: FillPattern
  private let readers: RecentReaders

  /// - Returns: nil if the parts are no rows, or parts of rows, of sources that could be read alone.
  init?(_ input: LogitInput, _ virtual: VirtualSources, fill: FillPattern) {
    guard !input.geometry.clustersComeFirst else { return nil }
    var pieces: [Piece] = []
    for (boxes, source) in virtual.parts {
      let shape = virtual.sources[source].shape
      guard let boxes, let target = boxes.target.rows(in: input.shape), let from = boxes.source.rows(in: shape),
        from.clusters.count == target.clusters.count, from.rows.count == target.rows.count,
        from.clusters.upperBound <= shape[shape.count - 1]
      else { return nil }
      // A source that ends early gives fewer rows.
      let sourceRows = shape.dropLast().reduce(1, *)
      let count = max(0, min(target.rows.count, sourceRows - from.rows.lowerBound))
      guard count > 0 else { continue }
      pieces.append(
        Piece(
          rows: target.rows.lowerBound..<target.rows.lowerBound + count, clusters: target.clusters, source: source,
          sourceRow: from.rows.lowerBound, sourceCluster: from.clusters.lowerBound))
    }
    var sources: [LogitInput] = []
    for source in virtual.sources {
      let specification = InputSpecification(file: source.file, dataset: source.dataset)
      guard source.format == input.format, let found = try? LogitInput(opening: specification) else { return nil }
      sources.append(found)
    }
    pieces.sort { $0.rows.lowerBound < $1.rows.lowerBound }
    var ends: [Int] = []
    for piece in pieces { ends.append(max(ends.last ?? 0, piece.rows.upperBound)) }
    self.input = input
    self.sources = sources
    self.pieces = pieces
    self.ends = ends
    unmapped = Self.unmapped(pieces, input)
    self.fill = fill
    readers = RecentReaders(sources)
  }

  /// The rows that have fewer columns in all pieces than there are.
  private static func unmapped(_ pieces: [Piece], _ input: LogitInput) -> [Range<Int>] {
    var changes: [Int: Int] = [:]
    for piece in pieces {
      changes[piece.rows.lowerBound, default: 0] += piece.clusters.count
      changes[piece.rows.upperBound, default: 0] -= piece.clusters.count
    }
    var unmapped: [Range<Int>] = []
    var columns = 0
    var next = 0
    for (row, change) in changes.sorted(by: { $0.key < $1.key }) {
      if columns < input.clusters, next < row { unmapped.append(next..<row) }
      columns += change
      next = row
    }
    if next < input.arrayRows { unmapped.append(next..<input.arrayRows) }
    return Range<Int>.joined(unmapped)
  }

  /// The pieces that have some of these rows.
  private func pieces(of rows: Range<Int>) -> ArraySlice<Piece> {
    let end = pieces.partitioningIndex { $0.rows.lowerBound >= rows.upperBound }
    let start = ends.partitioningIndex { $0 > rows.lowerBound }
    return pieces[min(start, end)..<end]
  }

  func read(
    _ rows: Range<Int>, wanted: [Range<Int>], into workspace: inout Workspace
  ) throws(LogitStreamError) -> RowBlock {
    let target = workspace.rows.bytes(rows.count * input.rowByteCount)
    var unwritten = unmapped.clamped(to: rows)
    if !unwritten.isEmpty { fill.write(to: target) }
    let inner = workspace.inner ?? InnerWorkspace()
    workspace.inner = inner
    for piece in pieces(of: rows) {
      for part in wanted.clamped(to: piece.rows.clamped(to: rows)) {
        let shift = piece.sourceRow - piece.rows.lowerBound
        let block = try readers.reader(piece.source)
          .read(part.lowerBound + shift..<part.upperBound + shift, into: &inner.workspace)
        copy(block, piece, shift, part, to: target, from: rows.lowerBound)
        unwritten += block.unwritten.map { $0.lowerBound - shift..<$0.upperBound - shift }
      }
    }
    return RowBlock(
      start: UnsafeRawPointer(target.start), rowStride: input.rowByteCount, rows: rows,
      unwritten: Range<Int>.joined(unwritten))
  }

  private func copy(
    _ block: RowBlock, _ piece: Piece, _ shift: Int, _ rows: Range<Int>, to target: UnsafeMutableRawBufferPointer,
    from first: Int
  ) {
    let elementByteCount = input.format.byteCount
    let start = target.start + piece.clusters.lowerBound * elementByteCount
    for row in rows {
      (start + (row - first) * input.rowByteCount).copyMemory(
        from: block.row(row + shift) + piece.sourceCluster * elementByteCount,
        byteCount: piece.clusters.count * elementByteCount)
    }
  }

  func unwritten(_ rows: Range<Int>) throws(LogitStreamError) -> [Range<Int>] {
    var unwritten = unmapped.clamped(to: rows)
    for piece in pieces(of: rows) {
      let part = piece.rows.clamped(to: rows)
      guard !part.isEmpty else { continue }
      let shift = piece.sourceRow - piece.rows.lowerBound
      unwritten += try readers.reader(piece.source).unwritten(part.lowerBound + shift..<part.upperBound + shift)
        .map { $0.lowerBound - shift..<$0.upperBound - shift }
    }
    return Range<Int>.joined(unwritten)
  }
}

extension VirtualMapping.Box {
  /// The rows and columns of an array of some shape that the box is, if they are neighbours; nil if they are not.
  fileprivate func rows(in shape: [Int]) -> (rows: Range<Int>, clusters: Range<Int>)? {
    guard shape.count >= 2, start.count == shape.count, let first = start.last, let width = count.last else {
      return nil
    }
    // Along the dimensions after the first that has several indices, all must be taken.
    let dimensions = shape.indices.dropLast()
    let outer = dimensions.first { count[$0] != 1 } ?? dimensions.upperBound
    for dimension in dimensions where dimension > outer {
      guard start[dimension] == 0, count[dimension] == shape[dimension] else { return nil }
    }
    let row = dimensions.reduce(0) { $0 * shape[$1] + start[$1] }
    let rows = dimensions.reduce(1) { $0 * count[$1] }
    return (row..<row + rows, first..<first + width)
  }
}
