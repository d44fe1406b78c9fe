import Checksums

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
    var hash = FNV1a()
    for position in Self.samplePositions(rows: count) {
      let row = input.rowRange.lowerBound + position
      let block = try read(row..<row + 1, into: &workspace)
      // A row that was never written has no bytes, and counts as zeros.
      if block.unwritten.isEmpty {
        hash.add(UnsafeRawBufferPointer(start: block.start, count: input.rowByteCount))
      } else {
        hash.add(zeros: input.rowByteCount)
      }
    }
    return "\(input.format)-\(count)x\(input.clusters)-" + hash.hexadecimal
  }

  private static func samplePositions(rows: Int) -> [Int] {
    let most = 32
    guard rows > most else { return Array(0..<rows) }
    // Division comes first, so that nothing overflows, however many rows a header claims.
    return (0..<most).map { $0 == most - 1 ? rows - 1 : (rows - 1) / (most - 1) * $0 }
  }
}
