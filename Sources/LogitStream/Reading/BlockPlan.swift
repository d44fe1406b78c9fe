import Algorithms

/// How rows of a source are cut into blocks. A worker reads and works on one block at a time.
///
/// Blocks begin and end where chunks do, if that many rows fit in memory. Then no chunk is read twice. The plan is
/// arithmetic: its memory does not grow with the rows.
package struct BlockPlan: Sendable {
  /// Rows that are read at once.
  package struct Block: Sendable, Hashable {
    package let slice: RowSlice
    /// The number of the plan's rows that come before.
    package let offset: Int
  }

  /// How one slice is cut: into blocks of `rowsPerBlock` rows. The count starts anew at every multiple of `period`.
  private struct Cut: Sendable {
    let slice: RowSlice
    let rowsPerBlock: Int
    let period: Int
    /// The index of the slice's first block, and the number of rows that come before it; both counted in the plan.
    let firstBlock: Int
    let offset: Int

    private var blocksPerPeriod: Int { (period - 1) / rowsPerBlock + 1 }

    /// The number, counted from row 0, of the block that a row is in.
    func block(of row: Int) -> Int { row / period * blocksPerPeriod + row % period / rowsPerBlock }

    func rows(ofBlock block: Int) -> Range<Int> {
      let periodStart = block / blocksPerPeriod * period
      let start = periodStart + block % blocksPerPeriod * rowsPerBlock
      return (start..<min(start + rowsPerBlock, periodStart + period)).clamped(to: slice.rows)
    }

    var blockCount: Int { block(of: slice.rows.upperBound - 1) - block(of: slice.rows.lowerBound) + 1 }
  }

  private let cuts: [Cut]
  /// The number of blocks.
  package let count: Int
  /// The number of rows.
  package let rows: Int
  /// The number of bytes in the largest block.
  package let blockByteCount: Int
  /// The inputs whose chunks have more rows than a block may have, so that each chunk is read several times.
  package let inputsReadRepeatedly: Set<Int>

  /// A plan for all rows of a source.
  package init(_ source: LogitSource, targetByteCount: Int, mostByteCount: Int) {
    self.init(source, source.slices, targetByteCount: targetByteCount, mostByteCount: mostByteCount)
  }

  /// A plan of blocks of about `targetByteCount`. They have more bytes where chunks demand it, but never more than
  /// `mostByteCount`, unless a single row has.
  package init(_ source: LogitSource, _ slices: [RowSlice], targetByteCount: Int, mostByteCount: Int) {
    var cuts: [Cut] = []
    var count = 0
    var rows = 0
    var blockByteCount = 0
    var inputsReadRepeatedly: Set<Int> = []
    for slice in slices where !slice.rows.isEmpty {
      let input = source.inputs[slice.input]
      let mostRows = max(1, mostByteCount / input.rowByteCount)
      let target = min(mostByteCount, max(targetByteCount, input.preferredBlockByteCount ?? 0))
      let targetRows = min(mostRows, max(1, target / input.rowByteCount))
      let alignment = input.alignment
      var rowsPerBlock = mostRows
      var period = alignment.period
      if alignment.period <= targetRows {
        rowsPerBlock = targetRows / period * period
        period = RowAlignment.never
      } else if min(alignment.unit, input.arrayRows) <= (input.readsWholeChunks ? mostRows : targetRows) {
        rowsPerBlock = max(1, targetRows / alignment.unit) * alignment.unit
      } else if input.readsWholeChunks {
        inputsReadRepeatedly.insert(slice.input)
      } else {
        rowsPerBlock = targetRows
      }
      let cut = Cut(slice: slice, rowsPerBlock: rowsPerBlock, period: period, firstBlock: count, offset: rows)
      cuts.append(cut)
      count += cut.blockCount
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
  package subscript(index: Int) -> Block {
    precondition(index >= 0 && index < count)
    // The last cut whose first block is not after this one. The first cut begins with block 0.
    let cut = cuts[cuts.partitioningIndex { $0.firstBlock > index } - 1]
    let rows = cut.rows(ofBlock: cut.block(of: cut.slice.rows.lowerBound) + index - cut.firstBlock)
    return Block(
      slice: RowSlice(input: cut.slice.input, rows: rows),
      offset: cut.offset + rows.lowerBound - cut.slice.rows.lowerBound)
  }
}
