/// How the rows of a source are cut into blocks, which are read and worked on one at a time.
///
/// Blocks are whole chunks high, so that no chunk is read twice, where that many rows fit in memory. The plan is
/// arithmetic and takes no memory that grows with the rows.
public struct BlockPlan: Sendable {
  /// Some neighbouring rows of one input.
  public struct Block: Sendable, Hashable {
    /// The index of the input among the source's.
    public let input: Int
    /// The rows, counted in the input's dataset.
    public let rows: Range<Int>
  }

  /// How one input is cut.
  public struct Cut: Sendable, Hashable {
    /// The plan's index of the input's first block.
    let firstBlock: Int
    let rows: Int
    public let rowsPerBlock: Int
    /// Chunks are higher than a block may be, so that each is read several times.
    public let rereadsChunks: Bool
  }

  public let cuts: [Cut]
  /// The number of blocks.
  public let count: Int
  /// The bytes of the largest block.
  public let blockByteCount: Int

  /// A plan of blocks of about `targetByteCount`, more where chunks demand it, but never over `mostByteCount`,
  /// except that a block has at least one row.
  public init(_ source: LogitSource, targetByteCount: Int, mostByteCount: Int) {
    var cuts: [Cut] = []
    var count = 0
    var blockByteCount = 0
    for input in source.inputs {
      let mostRows = max(1, mostByteCount / input.rowByteCount)
      var rowsPerBlock = min(mostRows, max(1, targetByteCount / input.rowByteCount))
      var rereadsChunks = false
      if let chunkRows = input.chunkRows {
        if min(chunkRows, input.rows) <= mostRows {
          rowsPerBlock = max(1, rowsPerBlock / chunkRows) * chunkRows
        } else {
          rowsPerBlock = mostRows
          rereadsChunks = true
        }
      }
      rowsPerBlock = min(rowsPerBlock, input.rows)
      cuts.append(
        Cut(firstBlock: count, rows: input.rows, rowsPerBlock: rowsPerBlock, rereadsChunks: rereadsChunks))
      count += (input.rows + rowsPerBlock - 1) / rowsPerBlock
      blockByteCount = max(blockByteCount, rowsPerBlock * input.rowByteCount)
    }
    self.cuts = cuts
    self.count = count
    self.blockByteCount = blockByteCount
  }

  /// Block `index`, in the order of inputs and rows. O(log inputs).
  public subscript(index: Int) -> Block {
    precondition(index >= 0 && index < count)
    var low = 0
    var high = cuts.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if cuts[middle].firstBlock <= index { low = middle } else { high = middle }
    }
    let cut = cuts[low]
    let start = (index - cut.firstBlock) * cut.rowsPerBlock
    return Block(input: low, rows: start..<min(start + cut.rowsPerBlock, cut.rows))
  }
}
