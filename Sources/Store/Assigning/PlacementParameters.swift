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
  /// The inputs with what tells that their rows are the same.
  var sources: [Manifest.Source]
  /// When the inputs were changed last, in seconds.
  var changes: [Double?]
  /// The checksum of the hierarchy, with its names.
  var hierarchy: UInt32
  var chunkRows: Int
  var pieceRows: Int

  /// - Throws: ``LogitStreamError``, `FileError` if the inputs can't be read; an encoding error.
  init(
    _ source: LogitSource, _ hierarchy: ClusterHierarchy, _ rule: PlacementRule, _ meaning: RowMeaning,
    _ pieces: PiecePlan
  ) throws {
    self.rule = rule
    kind = meaning.kind
    temperature = meaning.temperature
    invalidRows = meaning.invalidRows
    fillRows = meaning.fillRows
    sources = []
    for input in source.inputs {
      sources.append(
        Manifest.Source(input: input.withAbsolutePath, fingerprint: try input.fingerprint(rows: input.rows)))
    }
    changes = try source.inputs.map { try FileSystem.modificationTime(of: $0.file) }
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
