extension LogitInput {
  /// Tells whether the first `rows` rows of those taken are still the same, from the bytes of some of them.
  ///
  /// Looked at are the first row, the last, and thirty evenly spaced between, so that growth (other rows at the end) is
  /// told from change at the price of reading next to nothing. FNV-1a, 64 bits.
  ///
  /// - Throws: ``LogitStreamError`` if the rows can't be read.
  package func fingerprint(rows count: Int) throws(LogitStreamError) -> String {
    precondition(count > 0 && count <= rows)
    let reader = try InputReader(opening: self)
    var workspace = Workspace()
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for position in Self.samplePlaces(rows: count) {
      let row = rowRange.lowerBound + position
      let block = try reader.read(row..<row + 1, into: &workspace)
      // A row that was never written has no bytes, and counts as zeros.
      let bytes = block.unwritten.isEmpty ? UnsafeRawBufferPointer(start: block.start, count: rowByteCount) : nil
      for index in 0..<rowByteCount { hash = (hash ^ UInt64(bytes?[index] ?? 0)) &* 0x100_0000_01B3 }
    }
    return "\(format)-\(count)x\(clusters)-" + String(hash, radix: 16)
  }

  private static func samplePlaces(rows: Int) -> [Int] {
    let most = 32
    guard rows > most else { return Array(0..<rows) }
    // rows / (most − 1) times a number below most: no overflow, however many rows a header claims.
    return (0..<most).map { $0 == most - 1 ? rows - 1 : (rows - 1) / (most - 1) * $0 }
  }
}
