/// Some neighbouring rows of one input of a source.
public struct RowSlice: Sendable, Hashable, Codable {
  /// The index of the input among the source's.
  public var input: Int
  /// The rows, counted in the input's dataset.
  public var rows: Range<Int>

  public init(input: Int, rows: Range<Int>) {
    self.input = input
    self.rows = rows
  }
}

/// How rows of a source are cut into blocks, which are read and worked on one at a time.
///
/// Blocks are whole chunks high and begin where chunks do, so that no chunk is read twice, where that many rows fit in
/// memory. The plan is arithmetic and takes no memory that grows with the rows.
public struct BlockPlan: Sendable {
  /// Rows that are read at once.
  public struct Block: Sendable, Hashable {
    public let slice: RowSlice
    /// How many of the plan's rows come before.
    public let offset: Int
  }

  /// How one slice is cut.
  private struct Cut: Sendable {
    let slice: RowSlice
    let rowsPerBlock: Int
    /// The plan's index of the slice's first block, and how many of the plan's rows come before it.
    let firstBlock: Int
    let offset: Int
  }

  private let cuts: [Cut]
  /// The number of blocks.
  public let count: Int
  /// The number of rows.
  public let rows: Int
  /// The bytes of the largest block.
  public let blockByteCount: Int
  /// The inputs with chunks higher than a block may be, so that each chunk is read several times.
  public let inputsReadRepeatedly: Set<Int>

  /// A plan for all rows of a source.
  public init(_ source: LogitSource, targetByteCount: Int, mostByteCount: Int) {
    self.init(source, source.slices, targetByteCount: targetByteCount, mostByteCount: mostByteCount)
  }

  /// A plan of blocks of about `targetByteCount`, more where chunks demand it, but never over `mostByteCount`,
  /// except that a block has at least one row.
  public init(_ source: LogitSource, _ slices: [RowSlice], targetByteCount: Int, mostByteCount: Int) {
    var cuts: [Cut] = []
    var count = 0
    var rows = 0
    var blockByteCount = 0
    var inputsReadRepeatedly: Set<Int> = []
    for slice in slices where !slice.rows.isEmpty {
      let input = source.inputs[slice.input]
      let mostRows = max(1, mostByteCount / input.rowByteCount)
      var rowsPerBlock = min(mostRows, max(1, targetByteCount / input.rowByteCount))
      if let chunkRows = input.chunkRows {
        if min(chunkRows, input.rows) <= mostRows {
          rowsPerBlock = max(1, rowsPerBlock / chunkRows) * chunkRows
        } else {
          rowsPerBlock = mostRows
          inputsReadRepeatedly.insert(slice.input)
        }
      }
      cuts.append(Cut(slice: slice, rowsPerBlock: rowsPerBlock, firstBlock: count, offset: rows))
      count += (slice.rows.upperBound - 1) / rowsPerBlock - slice.rows.lowerBound / rowsPerBlock + 1
      rows += slice.rows.count
      blockByteCount = max(blockByteCount, min(rowsPerBlock, slice.rows.count) * input.rowByteCount)
    }
    self.cuts = cuts
    self.count = count
    self.rows = rows
    self.blockByteCount = blockByteCount
    self.inputsReadRepeatedly = inputsReadRepeatedly
  }

  /// Block `index`, in the order of slices and rows. O(log slices).
  public subscript(index: Int) -> Block {
    precondition(index >= 0 && index < count)
    var low = 0
    var high = cuts.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if cuts[middle].firstBlock <= index { low = middle } else { high = middle }
    }
    let cut = cuts[low]
    let whole = cut.slice.rows.lowerBound / cut.rowsPerBlock + index - cut.firstBlock
    let rows = (whole * cut.rowsPerBlock..<(whole + 1) * cut.rowsPerBlock).clamped(to: cut.slice.rows)
    return Block(
      slice: RowSlice(input: cut.slice.input, rows: rows),
      offset: cut.offset + rows.lowerBound - cut.slice.rows.lowerBound)
  }
}
