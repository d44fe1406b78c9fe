import Foundation
import Hierarchy
import LogitStream
import LogitsToHierarchy

/// All that the result of assigning rows depends on. A run goes on with what another left if these are the same.
struct AssignmentParameters: Encodable, Sendable {
  /// Raised when the pieces of the same parameters become others.
  var version = 1
  var rule: AssignmentRule
  var kind: LogitKind
  var temperature: Double
  var invalidRows: InvalidRowPolicy
  /// The inputs with what tells that their rows are the same.
  var sources: [Manifest.Source]
  /// When the inputs were changed last, in seconds.
  var changes: [Double?]
  /// The checksum of the hierarchy, with its names.
  var hierarchy: UInt32
  var chunkRows: Int
  var pieceRows: Int

  /// - Throws: ``LogitStreamError`` if the inputs can't be read; an encoding error.
  init(_ source: LogitSource, _ hierarchy: ClusterHierarchy, _ options: AssignmentOptions, _ pieces: PiecePlan) throws {
    rule = options.rule
    kind = options.kind
    temperature = options.temperature
    invalidRows = options.invalidRows
    sources = []
    for input in source.inputs {
      sources.append(
        Manifest.Source(input: input.withAbsolutePath, fingerprint: try input.fingerprint(rows: input.rows)))
    }
    changes = source.inputs.map { input in
      let attributes = try? FileManager.default.attributesOfItem(atPath: input.file)
      return (attributes?[.modificationDate] as? Date)?.timeIntervalSince1970
    }
    self.hierarchy = Checksum.of(try Self.encoder.encode(hierarchy))
    chunkRows = pieces.chunkRows
    pieceRows = pieces.pieceRows
  }

  func encoded() throws -> [UInt8] { Array(try Self.encoder.encode(self)) }

  private static var encoder: JSONEncoder {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return encoder
  }
}

/// How rows are cut into pieces, which are finished one after another, and pieces into the chunks of the result.
struct PiecePlan: Equatable, Sendable {
  /// N.
  let rows: Int
  /// The rows of a chunk, but for the last.
  let chunkRows: Int
  /// The rows of a piece, but for the last: whole chunks.
  let pieceRows: Int

  static let mostChunkRows = 1 << 16
  static let mostPieceRows = 8 << 16
  /// The bytes of logits in a piece, about: what has to be read again when a run is killed.
  static let pieceByteCount = 512 << 20

  /// - Parameter rowByteCount: The bytes of a row's logits.
  init(rows: Int, rowByteCount: Int) {
    precondition(rows > 0)
    self.rows = rows
    chunkRows = min(rows, Self.mostChunkRows)
    let wanted = Self.pieceByteCount / (rowByteCount * Self.mostChunkRows) * Self.mostChunkRows
    pieceRows = min(rows, max(Self.mostChunkRows, min(wanted, Self.mostPieceRows)))
  }

  /// The number of pieces.
  var count: Int { (rows - 1) / pieceRows + 1 }

  /// The rows of a piece.
  func rows(of piece: Int) -> Range<Int> { piece * pieceRows..<min(rows, (piece + 1) * pieceRows) }

  /// How many chunks a piece has.
  func chunkCount(of piece: Int) -> Int { (rows(of: piece).count - 1) / chunkRows + 1 }
}
