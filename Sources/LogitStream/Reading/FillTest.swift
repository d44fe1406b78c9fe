/// Tells rows that nobody wrote from others: every number in them is the fill value.
///
/// Storage may be there long before it is written: HDF5 fills contiguous datasets and chunks with the fill value when it
/// makes room for them, and `np.memmap` and `np.zeros` with 0.
struct FillTest: Sendable {
  private let format: LogitFormat
  private let clusters: Int
  private let values: [Double]

  init(format: LogitFormat, clusters: Int, values: [Double]) {
    self.format = format
    self.clusters = clusters
    self.values = values
  }

  /// The rows among `rows` of a block that are fill value throughout, in order.
  func runs(_ rows: Range<Int>, in block: RowBlock) -> [Range<Int>] {
    var runs: [Range<Int>] = []
    for value in values {
      // Of nearly all rows the first number says that they are something else. It is compared bit by bit.
      switch format.byteCount {
      case 2: add(to: &runs, value, rows, in: block, UInt16.self)
      case 4: add(to: &runs, value, rows, in: block, UInt32.self)
      default: add(to: &runs, value, rows, in: block, UInt64.self)
      }
    }
    return values.count > 1 ? Range<Int>.joined(runs) : runs
  }

  private func add<Bits: FixedWidthInteger & BitwiseCopyable>(
    to runs: inout [Range<Int>], _ value: Double, _ rows: Range<Int>, in block: RowBlock, _: Bits.Type
  ) {
    var start: Int?
    // Bits tell nothing of NaN, which has many, nor of 0, which has two.
    let pattern: Bits? = value.isNaN || value == 0 ? nil : format.bits(of: value)
    let sign: Bits = format.isBigEndian ? (1 << (Bits.bitWidth - 1) as Bits).byteSwapped : 1 << (Bits.bitWidth - 1)
    for row in rows {
      let pointer = block.row(row)
      let first = pointer.loadUnaligned(as: Bits.self)
      let mayBe = if let pattern { first == pattern } else { value.isNaN || first & ~sign == 0 }
      if mayBe, isFill(pointer, value) {
        if start == nil { start = row }
      } else if let begin = start {
        runs.append(begin..<row)
        start = nil
      }
    }
    if let start { runs.append(start..<rows.upperBound) }
  }

  private func isFill(_ row: UnsafeRawPointer, _ value: Double) -> Bool {
    for cluster in 0..<clusters {
      let logit = format.logit(row + cluster &* format.byteCount)
      guard logit == value || logit.isNaN && value.isNaN else { return false }
    }
    return true
  }
}
