import Checksums
import Files
import FoundationEssentials
import Hierarchy
import LogitStream
import LogitsToHierarchy

/// All that the result of assigning rows depends on. A run goes on with what another left if these are the same.
struct PlacementParameters: Encodable, Sendable {
  /// Raised when the pieces of the same parameters become others.
  var version = 1
  var rule: PlacementRule
  var kind: LogitKind
  var temperature: Double
  var invalidRows: InvalidRowPolicy
  var fillRows: FillRowPolicy
  /// nil for none.
  var excludedColumns: [Int]?
  /// The inputs with what tells that their rows are the same.
  var sources: [Manifest.Source]
  /// When the inputs were changed last, in seconds.
  var changes: [Double?]
  /// The checksum of the hierarchy, with its names.
  var hierarchy: UInt32
  var chunkRows: Int
  var pieceRows: Int

  /// - Throws: An encoding error.
  init(
    _ looks: [InputLook], _ hierarchy: ClusterHierarchy, _ rule: PlacementRule, _ meaning: RowMeaning,
    _ pieces: PiecePlan
  ) throws {
    self.rule = rule
    kind = meaning.kind
    temperature = meaning.temperature
    invalidRows = meaning.invalidRows
    fillRows = meaning.fillRows
    excludedColumns = meaning.excludedColumns.isEmpty ? nil : meaning.excludedColumns
    sources = looks.map(Manifest.Source.init)
    changes = looks.map { $0.ownFile.map { Double($0.changed) * 1e-9 } }
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
