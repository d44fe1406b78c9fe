import HDF5
import Store
import TestSupport
import Testing

@Suite("Pieces of assignments")
struct PlacementPieceTests {
  private func random(_ random: inout SeededGenerator) -> PlacementPiece {
    PlacementPiece(
      chunks: (0..<random.int(1...4)).map { _ in
        let bytes = (0..<2).map { _ in (0..<random.int(0...40)).map { _ in UInt8(random.int(0...255)) } }
        return PlacementPiece.Chunk(placements: bytes[0], probabilities: bytes[1])
      }, skippedRows: random.int(0...1 << 40), unwrittenRows: random.int(0...9), unplacedRows: random.int(0...9),
      irregularRows: random.int(0...9))
  }

  @Test("Are read back as they were written; with a byte changed or the end missing they are not", arguments: seeds(10))
  func damage(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let piece = self.random(&random)
    let bytes = piece.encoded(parameters: 0xFFFF_0001, index: 3)
    #expect(PlacementPiece(decoding: bytes, parameters: 0xFFFF_0001, index: 3) == piece)
    #expect(PlacementPiece(decoding: bytes, parameters: 0xFFFF_0002, index: 3) == nil)
    #expect(PlacementPiece(decoding: bytes, parameters: 0xFFFF_0001, index: 4) == nil)
    for position in bytes.indices {
      var changed = bytes
      changed[position] ^= 1 << random.int(0...7)
      #expect(PlacementPiece(decoding: changed, parameters: 0xFFFF_0001, index: 3) == nil, "byte \(position)")
      #expect(PlacementPiece(decoding: Array(bytes[..<position]), parameters: 0xFFFF_0001, index: 3) == nil)
    }
  }

  @Test(
    "Make up all rows, in whole chunks",
    arguments: [
      (1, 4), (65_535, 4), (65_536, 4), (65_537, 4), (2_000_000, 4), (2_000_000, 4000), (300_000, 1 << 20),
      (1 << 40, 4000),
    ])
  func plan(rows: Int, rowByteCount: Int) {
    let plan = PiecePlan(rows: rows, rowByteCount: rowByteCount)
    #expect(plan.rows(of: 0).lowerBound == 0)
    #expect(plan.rows(of: plan.count - 1).upperBound == rows)
    #expect(plan.count == 1 || plan.pieceRows.isMultiple(of: plan.chunkRows))
    #expect(plan.chunkRows <= rows && plan.pieceRows <= PiecePlan.mostPieceRows)
    for piece in [0, plan.count / 2, plan.count - 1] {
      let count = plan.rows(of: piece).count
      #expect(count > 0 && (piece == plan.count - 1 || count == plan.pieceRows))
      #expect((plan.chunkCount(of: piece) - 1) * plan.chunkRows < count)
      #expect(count <= plan.chunkCount(of: piece) * plan.chunkRows)
    }
  }

  @Test("Chunks are compressed as HDF5's filters do it", arguments: [1, 7, 64, 65])
  func chunks(count: Int) throws {
    let directory = try TemporaryDirectory()
    let path = directory.path("x.h5")
    let numbers = (0..<100).map { Int32($0 * $0 * 1_000_003 % 65_537 - 5) }
    let file = try NewFile(path)
    do {
      let dataset = try file.createDataset(
        "/x", .int32, shape: [numbers.count], chunks: NewChunks(count: count, level: ChunkCompressor.level))
      for start in stride(from: 0, to: numbers.count, by: count) {
        let part = Array(numbers[start..<min(start + count, numbers.count)])
        try dataset.writeChunk(at: start, part.withUnsafeBytes { ChunkCompressor.compressed($0, count: count) })
      }
      try dataset.close()
    }
    try file.close()
    var found = [Int32](repeating: 0, count: numbers.count)
    let dataset = try File(readOnly: path).dataset("/x")
    try found.withUnsafeMutableBytes { try dataset.readRows(0..<numbers.count, into: $0) }
    #expect(found == numbers)
    #expect(dataset.filters.map(\.name) == ["shuffle", "gzip 1"])
  }

  @Test("Chunks are expanded again; damaged ones are not", arguments: [1, 7, 64, 65])
  func expanding(count: Int) {
    let numbers = (0..<UInt32(count)).map { $0 &* 2_654_435_761 }
    let whole = numbers.withUnsafeBytes { ChunkCompressor.compressed($0, count: count) }
    #expect(ChunkCompressor.expanded(whole, count: count) == numbers)
    let part = numbers.dropLast().withUnsafeBytes { ChunkCompressor.compressed($0, count: count) }
    #expect(ChunkCompressor.expanded(part, count: count) == Array(numbers.dropLast()) + [0])
    #expect(ChunkCompressor.expanded(whole.dropLast(), count: count) == nil)
    #expect(ChunkCompressor.expanded(whole, count: count + 1) == nil)
  }
}
