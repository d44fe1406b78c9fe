import LogitStream
import TestSupport
import Testing

/// Datasets of many shapes and chunk heights, which sources are put together from.
private let datasets = Result {
  try Fixture(
    """
    random = np.random.default_rng(11)
    for i in range(120):
      rows = int(random.integers(1, 60))
      columns = 5
      chunk = int(random.integers(1, 30))
      kind = ("f2", "f4", "f8")[i % 3]
      options = {} if i % 4 == 0 else {"chunks": (min(chunk, 40), 1 + i % 5), "maxshape": (None, 5)}
      if options and i % 2:
        options["compression"] = "gzip"
      f.create_dataset(f"d{i:03}", data=np.zeros((rows, columns), kind), **options)
    """)
}

@Suite("Cutting sources into blocks")
struct BlockPlanTests {
  @Test(
    "Blocks hold each row once, in order, in whole chunks where these fit, and keep to the budget", arguments: seeds(60)
  )
  func properties(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let file = try datasets.get().path
    let source = try LogitSource(
      opening: (0..<random.int(1...5)).map { _ in
        let number = String(random.int(1000...1119)).dropFirst()
        return InputSpecification(file: file, dataset: "d\(number)")
      })
    for _ in 0..<20 {
      let most = random.int(1...3000)
      let target = random.int(1...most)
      check(BlockPlan(source, targetByteCount: target, mostByteCount: most), of: source, target: target, most: most)
    }
  }

  private func check(_ plan: BlockPlan, of source: LogitSource, target: Int, most: Int) {
    let blocks = (0..<plan.count).map { plan[$0] }
    let inOrder = blocks.flatMap { block in block.slice.rows.map { [block.slice.input, $0] } }
    let expected = source.inputs.enumerated().flatMap { index, input in (0..<input.rows).map { [index, $0] } }
    #expect(inOrder == expected, "target \(target), most \(most)")

    var largest = 0
    var rows = 0
    for block in blocks {
      #expect(block.offset == rows)
      rows += block.slice.rows.count
      let input = source.inputs[block.slice.input]
      let size = block.slice.rows.count * input.rowByteCount
      largest = max(largest, size)
      #expect(!block.slice.rows.isEmpty)
      #expect(size <= most || block.slice.rows.count == 1, "\(block) is over \(most)")
      let chunkRows = input.alignment.unit
      let isLast = block.slice.rows.upperBound == input.rows
      // Rows in parts are read more of at a time.
      let target = min(most, max(target, input.preferredBlockByteCount ?? 0))
      // Where parts of a chunk can be had by themselves, a chunk larger than is wanted at a time is cut.
      if min(chunkRows, input.rows) * input.rowByteCount <= (input.readsWholeChunks ? most : target) {
        #expect(block.slice.rows.lowerBound % chunkRows == 0, "\(block) begins inside a chunk of \(chunkRows)")
        #expect(isLast || block.slice.rows.upperBound % chunkRows == 0)
        #expect(!plan.inputsReadRepeatedly.contains(block.slice.input))
        // Over the target only by what one chunk takes.
        #expect(size <= target || block.slice.rows.count <= chunkRows)
        // And not needlessly small: with another chunk's rows it would go beyond the target.
        #expect(isLast || size + chunkRows * input.rowByteCount > target)
      } else {
        // Not even a chunk fits, which matters where a part of it is not to be had by itself.
        #expect(plan.inputsReadRepeatedly.contains(block.slice.input) == (input.readsWholeChunks && chunkRows > 1))
        #expect(size <= target || block.slice.rows.count == 1 || input.readsWholeChunks)
      }
    }
    #expect(plan.blockByteCount == largest)
    #expect(plan.rows == source.rows)
  }

  @Test("A row larger than the budget is a block by itself")
  func tinyBudget() throws {
    let fixture = try Fixture("f.create_dataset('x', data=np.zeros((5, 8)), chunks=(2, 8), compression='gzip')")
    let source = try LogitSource(opening: [InputSpecification(file: fixture.path)])
    let plan = BlockPlan(source, targetByteCount: 1, mostByteCount: 1)
    #expect(plan.count == 5)
    #expect(plan[4].slice.rows == 4..<5)
    #expect(plan.inputsReadRepeatedly == [0])
  }

  @Test("A plan for some rows holds those, and its blocks begin where chunks do", arguments: seeds(30))
  func slices(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let fixture = try Self.chunked.get()
    let source = try LogitSource(opening: [InputSpecification(file: fixture.path)])
    let start = random.int(0...90)
    let slices = [
      RowSlice(input: 0, rows: start..<random.int(start...99)), RowSlice(input: 0, rows: 99..<100),
    ]
    let plan = BlockPlan(source, slices, targetByteCount: random.int(1...2000), mostByteCount: 4000)
    let blocks = (0..<plan.count).map { plan[$0] }
    #expect(blocks.flatMap(\.slice.rows) == slices.flatMap(\.rows))
    for block in blocks {
      #expect(
        block.slice.rows.lowerBound % 8 == 0 || slices.map(\.rows.lowerBound).contains(block.slice.rows.lowerBound))
    }
  }

  private static let chunked = Result {
    try Fixture("f.create_dataset('x', data=np.zeros((100, 8), 'f4'), chunks=(8, 8), compression='gzip')")
  }
}
