extension LogitSource {
  /// The logits of some rows, one row after another: as they were read, before anything is made of them.
  ///
  /// - Parameter rows: Counted over all inputs.
  /// - Returns: rows × K numbers. Those of a row that was never written are NaN.
  /// - Throws: ``LogitStreamError``
  /// - Precondition: There are such rows, and no input is a top-k dump.
  public func logits(_ rows: Range<Int>) throws -> [Double] {
    precondition(rows.lowerBound >= 0 && rows.upperBound <= self.rows, "no rows \(rows) of \(self.rows)")
    precondition(inputs.allSatisfy { $0.topK == nil }, "a top-k dump has not all logits")
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
  /// Gives the logits that begin at an address, one by one.
  @inline(__always)
  package func forEachLogit(_ pointer: UnsafeRawPointer, count: Int, _ body: (Double) -> Void) {
    // The type is asked for here, not for each logit.
    switch (precision, isBigEndian) {
    case (.float32, false):
      for index in 0..<count { body(Double(pointer.loadUnaligned(fromByteOffset: 4 * index, as: Float.self))) }
    case (.float64, false):
      for index in 0..<count { body(pointer.loadUnaligned(fromByteOffset: 8 * index, as: Double.self)) }
    default:
      for index in 0..<count { body(logit(pointer + index * byteCount)) }
    }
  }

  /// The logit at an address, which needs no alignment: for messages and for looks at some rows. The kernel loads sixteen at
  /// once.
  package func logit(_ pointer: UnsafeRawPointer) -> Double {
    func bits<Bits: FixedWidthInteger & BitwiseCopyable>(_: Bits.Type) -> Bits {
      let loaded = pointer.loadUnaligned(as: Bits.self)
      return isBigEndian ? Bits(bigEndian: loaded) : Bits(littleEndian: loaded)
    }
    return switch precision {
    case .float16: Double(Float16(bitPattern: bits(UInt16.self)))
    // The upper half of a single-precision number.
    case .bfloat16: Double(Float(bitPattern: UInt32(bits(UInt16.self)) << 16))
    case .float32: Double(Float(bitPattern: bits(UInt32.self)))
    case .float64: Double(bitPattern: bits(UInt64.self))
    }
  }
}
