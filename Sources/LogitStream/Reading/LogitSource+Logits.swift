extension LogitSource {
  /// The logits of some rows, one row after another: as they were read, before anything is made of them.
  ///
  /// - Parameter rows: Counted over all inputs.
  /// - Returns: rows × K numbers. Those of a row that was never written are NaN.
  /// - Throws: ``LogitStreamError``
  /// - Precondition: There are such rows.
  public func logits(_ rows: Range<Int>) throws -> [Double] {
    precondition(rows.lowerBound >= 0 && rows.upperBound <= self.rows, "no rows \(rows) of \(self.rows)")
    var reader = BlockReader(SourceReaders(self))
    var logits: [Double] = []
    logits.reserveCapacity(rows.count * clusters)
    for slice in slices(of: rows) {
      try reader.read(slice) { block, input in
        for row in slice.rows {
          let isWritten = !block.unwritten.contains { $0.contains(row) }
          for column in 0..<clusters {
            logits.append(isWritten ? input.format.logit(block.row(row) + column * input.format.byteCount) : .nan)
          }
        }
      }
    }
    return logits
  }
}

extension LogitFormat {
  /// The logit at an address, which needs no alignment.
  package func logit(_ pointer: UnsafeRawPointer) -> Double {
    switch (precision, isBigEndian) {
    case (.float16, false): Double(Float16LittleEndian.load(pointer))
    case (.float16, true): Double(Float16BigEndian.load(pointer))
    case (.bfloat16, false): Double(BFloat16LittleEndian.load(pointer))
    case (.bfloat16, true): Double(BFloat16BigEndian.load(pointer))
    case (.float32, false): Double(Float32LittleEndian.load(pointer))
    case (.float32, true): Double(Float32BigEndian.load(pointer))
    case (.float64, false): Float64LittleEndian.load(pointer)
    case (.float64, true): Float64BigEndian.load(pointer)
    }
  }
}
