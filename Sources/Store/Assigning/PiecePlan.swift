/// How rows are cut into pieces, which are finished one after another, and pieces into the chunks of the result.
package struct PiecePlan: Equatable, Sendable {
  /// N.
  let rows: Int
  /// The rows of a chunk, but for the last.
  package let chunkRows: Int
  /// The rows of a piece, but for the last: whole chunks.
  package let pieceRows: Int

  static let mostChunkRows = 1 << 16
  package static let mostPieceRows = 8 << 16
  /// The bytes of logits in a piece, about: what has to be read again when a run is killed.
  static let pieceByteCount = 512 << 20

  /// - Parameter rowByteCount: The bytes of a row's logits.
  package init(rows: Int, rowByteCount: Int) {
    precondition(rows > 0)
    self.rows = rows
    chunkRows = min(rows, Self.mostChunkRows)
    let wanted = Self.pieceByteCount / (rowByteCount * Self.mostChunkRows) * Self.mostChunkRows
    pieceRows = min(rows, max(Self.mostChunkRows, min(wanted, Self.mostPieceRows)))
  }

  /// The number of pieces.
  package var count: Int { (rows - 1) / pieceRows + 1 }

  /// The rows of a piece.
  package func rows(of piece: Int) -> Range<Int> { piece * pieceRows..<min(rows, (piece + 1) * pieceRows) }

  /// How many chunks a piece has.
  package func chunkCount(of piece: Int) -> Int { (rows(of: piece).count - 1) / chunkRows + 1 }
}
