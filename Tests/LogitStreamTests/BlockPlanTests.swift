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
    let inOrder = blocks.flatMap { block in block.rows.map { [block.input, $0] } }
    let expected = source.inputs.enumerated().flatMap { index, input in (0..<input.rows).map { [index, $0] } }
    #expect(inOrder == expected, "target \(target), most \(most)")

    var largest = 0
    for block in blocks {
      let input = source.inputs[block.input]
      let size = block.rows.count * input.rowByteCount
      largest = max(largest, size)
      #expect(!block.rows.isEmpty)
      #expect(size <= most || block.rows.count == 1, "\(block) is over \(most)")
      let chunkRows = input.chunkRows ?? 1
      let isLast = block.rows.upperBound == input.rows
      if min(chunkRows, input.rows) * input.rowByteCount <= most {
        #expect(block.rows.lowerBound % chunkRows == 0, "\(block) begins inside a chunk of \(chunkRows)")
        #expect(isLast || block.rows.upperBound % chunkRows == 0)
        #expect(!plan.cuts[block.input].rereadsChunks)
        // Over the target only by what one chunk takes.
        #expect(size <= target || block.rows.count <= chunkRows)
        // And not needlessly small: with another chunk's rows it would go beyond the target.
        #expect(isLast || size + chunkRows * input.rowByteCount > target)
      } else {
        // Not even a chunk fits, or, where there are none, a row.
        #expect(plan.cuts[block.input].rereadsChunks == (min(chunkRows, input.rows) > 1))
      }
    }
    #expect(plan.blockByteCount == largest)
  }

  @Test("A row larger than the budget is a block by itself")
  func tinyBudget() throws {
    let fixture = try Fixture("f.create_dataset('x', data=np.zeros((5, 8)), chunks=(2, 8))")
    let source = try LogitSource(opening: [InputSpecification(file: fixture.path)])
    let plan = BlockPlan(source, targetByteCount: 1, mostByteCount: 1)
    #expect(plan.count == 5)
    #expect(plan[4].rows == 4..<5)
    #expect(plan.cuts[0].rereadsChunks)
  }
}
