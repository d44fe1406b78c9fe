import Checksums

/// The placements of some neighbouring rows, compressed chunk by chunk, as it goes into the result.
package struct PlacementPiece: Equatable, Sendable {
  package struct Chunk: Equatable, Sendable {
    var placements: [UInt8]
    var probabilities: [UInt8]

    package init(placements: [UInt8], probabilities: [UInt8]) {
      self.placements = placements
      self.probabilities = probabilities
    }
  }

  var chunks: [Chunk]
  /// Rows left out since they are invalid.
  var skippedRows: Int
  /// Those of them that were never written.
  var unwrittenRows: Int
  /// Valid rows that are in no group or reach no node.
  var unplacedRows: Int

  /// Rows that are not quite what their kind says.
  var irregularRows: Int

  /// How far down rows are, if they are placed at nodes.
  var depth: PlacementDepth

  package init(
    chunks: [Chunk], skippedRows: Int, unwrittenRows: Int, unplacedRows: Int, irregularRows: Int,
    depth: PlacementDepth = PlacementDepth()
  ) {
    self.depth = depth
    self.chunks = chunks
    self.skippedRows = skippedRows
    self.unwrittenRows = unwrittenRows
    self.unplacedRows = unplacedRows
    self.irregularRows = irregularRows
  }
}

extension PlacementPiece {
  private static let format = Array("logitree piece 4".utf8)

  /// The piece as the content of a file. All numbers are little-endian, 64 bits wide: format, checksum of the
  /// parameters, index, rows left out, those of them never written, rows without a placement, irregular rows, the four sums of the
  /// depth, number of chunks, for each chunk the sizes of its placements and probabilities; then these themselves; last, in
  /// 32 bits, the checksum of all that comes before.
  ///
  /// - Parameters:
  ///   - parameters: The checksum of what the piece depends on.
  ///   - index: The number of the piece among all.
  package func encoded(parameters: UInt32, index: Int) -> [UInt8] {
    var bytes = Self.format
    func append(_ number: Int) { withUnsafeBytes(of: Int64(number).littleEndian) { bytes += $0 } }
    for number in [Int(parameters), index, skippedRows, unwrittenRows, unplacedRows, irregularRows] { append(number) }
    for number in [depth.leafRows, depth.rowsBelowRoot, depth.clusters, depth.edges, chunks.count] { append(number) }
    for chunk in chunks {
      append(chunk.placements.count)
      append(chunk.probabilities.count)
    }
    for chunk in chunks { bytes += chunk.placements + chunk.probabilities }
    return bytes + Self.bytes(of: Checksum.of(bytes))
  }

  /// Reads a piece back; nil if it is damaged, or not the one that is wanted.
  package init?(decoding bytes: [UInt8], parameters: UInt32, index: Int) {
    var rest = bytes[...]
    func number() -> Int? {
      guard rest.count >= 8 else { return nil }
      defer { rest = rest.dropFirst(8) }
      return Int(rest.prefix(8).reversed().reduce(Int64(0)) { $0 << 8 | Int64($1) })
    }
    func taken(_ count: Int) -> [UInt8]? {
      guard count >= 0, count <= rest.count else { return nil }
      defer { rest = rest.dropFirst(count) }
      return Array(rest.prefix(count))
    }
    guard bytes.count > 4, Array(bytes.suffix(4)) == Self.bytes(of: Checksum.of(bytes.dropLast(4))),
      taken(Self.format.count) == Self.format, number() == Int(parameters), number() == index,
      let skipped = number(), let unwritten = number(), let unplaced = number(), let irregular = number(),
      let leafRows = number(), let rowsBelowRoot = number(), let clusters = number(), let edges = number(),
      let count = number(),
      (0...rest.count / 16).contains(count)
    else { return nil }
    var sizes: [(Int, Int)] = []
    for _ in 0..<count {
      guard let placements = number(), let probabilities = number() else { return nil }
      sizes.append((placements, probabilities))
    }
    chunks = []
    for size in sizes {
      guard let placements = taken(size.0), let probabilities = taken(size.1) else { return nil }
      chunks.append(Chunk(placements: placements, probabilities: probabilities))
    }
    skippedRows = skipped
    unwrittenRows = unwritten
    unplacedRows = unplaced
    irregularRows = irregular
    depth = PlacementDepth()
    depth.leafRows = leafRows
    depth.rowsBelowRoot = rowsBelowRoot
    depth.clusters = clusters
    depth.edges = edges
  }

  private static func bytes(of checksum: UInt32) -> [UInt8] { withUnsafeBytes(of: checksum.littleEndian) { Array($0) } }
}
