import LogitStream
import TestSupport
import Testing

@Suite("Rows among dimensions and chunks")
struct ChunkGridTests {
  /// A random array's geometry, and a chunk shape for it.
  private static func example(_ random: inout SeededGenerator) -> (RowGeometry, [Int]) {
    let shape = (0..<random.int(2...4)).map { _ in random.int(1...9) }
    let chunk = shape.map { random.int(1...$0 + 2) }
    return (RowGeometry(shape: shape, clustersComeFirst: random.int(0...1) == 1), chunk)
  }

  /// A number for each list of indices, the last index running fastest.
  private static func flat(_ index: [Int], in shape: [Int]) -> Int {
    zip(index, shape).reduce(0) { $0 * $1.1 + $1.0 }
  }

  @Test("Boxes hold neighbouring rows once, in order", arguments: seeds(60))
  func boxes(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let shape = (0..<random.int(1...4)).map { _ in random.int(1...6) }
    let all = shape.reduce(1, *)
    let start = random.int(0...all - 1)
    let rows = start..<random.int(start + 1...all)
    var found: [Int] = []
    for box in RowBox.covering(rows, of: shape) {
      #expect(box.firstRow == rows.lowerBound + found.count)
      let ends = zip(box.start, box.count).map { $0 + $1 - 1 }
      found += Odometer(from: box.start, through: ends).map { Self.flat($0, in: shape) }
    }
    #expect(found == Array(rows), "\(rows) of \(shape)")
  }

  @Test("Parts of chunks hold each logit of some rows once, and say where it is in its chunk", arguments: seeds(100))
  func parts(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let (geometry, chunkShape) = Self.example(&random)
    let grid = ChunkGrid(geometry, chunkShape: chunkShape)
    let all = geometry.rowShape.reduce(1, *)
    let start = random.int(0...all - 1)
    let rows = start..<random.int(start + 1...all)
    // The chunk and place of every logit, from the definition.
    var expected: [[Int]: [Int]] = [:]
    for index in Odometer(from: geometry.shape.map { _ in 0 }, through: geometry.shape.map { $0 - 1 }) {
      let row = Self.flat(geometry.rowPart(index), in: geometry.rowShape)
      guard rows.contains(row) else { continue }
      let cluster = geometry.clustersComeFirst ? index[0] : index[index.count - 1]
      let origin = zip(index, chunkShape).map { $0 / $1 * $1 }
      let inChunk = zip(index, chunkShape).map { $0 % $1 }
      expected[[row, cluster]] = origin + [Self.flat(inChunk, in: chunkShape)]
    }
    var found: [[Int]: [Int]] = [:]
    for part in grid.parts(of: rows) {
      for run in part.runs {
        for (offset, row) in (run.row..<run.row + run.count).enumerated() {
          for (column, cluster) in part.clusters.enumerated() {
            let element = run.element + offset * grid.rowStride + column * grid.clusterStride
            #expect(found.updateValue(part.offset + [element], forKey: [row, cluster]) == nil)
          }
        }
      }
    }
    #expect(found == expected, "\(rows) of \(geometry) in chunks of \(chunkShape)")
  }

  @Test("Cuts between rows fall between chunks", arguments: seeds(100))
  func alignment(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let (geometry, chunkShape) = Self.example(&random)
    let alignment = RowAlignment(chunkShape: geometry.rowPart(chunkShape), rowShape: geometry.rowShape)
    let grid = ChunkGrid(geometry, chunkShape: chunkShape)
    let all = geometry.rowShape.reduce(1, *)
    let cuts = Set((0...all).map { alignment.cut(before: $0) }).union([all]).sorted()
    #expect(cuts.first == 0)
    var seen: Set<[Int]> = []
    for (start, end) in zip(cuts, cuts.dropFirst()) {
      let chunks = Set(grid.parts(of: start..<end).map(\.offset))
      #expect(seen.isDisjoint(with: chunks), "rows \(start)..<\(end) of \(geometry) in chunks of \(chunkShape)")
      seen.formUnion(chunks)
    }
  }
}
