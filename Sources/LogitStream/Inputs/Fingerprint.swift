extension LogitInput {
  /// A text that changes if the first `rows` of the selected rows change.
  ///
  /// It is a hash (FNV-1a, 64 bits) of the first row, the last row, and thirty evenly spaced ones between. So it tells
  /// growth, which adds rows at the end, from change, and costs next to no reading.
  ///
  /// - Throws: ``LogitStreamError`` if the rows can't be read.
  package func fingerprint(rows count: Int) throws(LogitStreamError) -> String {
    try InputReader(opening: self).fingerprint(rows: count)
  }
}

extension InputReader {
  /// The same, of an input that is open.
  func fingerprint(rows count: Int) throws(LogitStreamError) -> String {
    precondition(count > 0 && count <= input.rows)
    var workspace = Workspace()
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for position in Self.samplePositions(rows: count) {
      let row = input.rowRange.lowerBound + position
      let block = try read(row..<row + 1, into: &workspace)
      // A row that was never written has no bytes, and counts as zeros.
      let bytes = block.unwritten.isEmpty ? UnsafeRawBufferPointer(start: block.start, count: input.rowByteCount) : nil
      for index in 0..<input.rowByteCount { hash = (hash ^ UInt64(bytes?[index] ?? 0)) &* 0x100_0000_01B3 }
    }
    return "\(input.format)-\(count)x\(input.clusters)-" + String(hash, radix: 16)
  }

  private static func samplePositions(rows: Int) -> [Int] {
    let most = 32
    guard rows > most else { return Array(0..<rows) }
    // Division comes first, so that nothing overflows, however many rows a header claims.
    return (0..<most).map { $0 == most - 1 ? rows - 1 : (rows - 1) / (most - 1) * $0 }
  }
}
