import HDF5

extension LogitInput {
  /// Tells whether the first `rows` rows of a dataset are still the same, from the bytes of some of them.
  ///
  /// Looked at are the first row, the last, and thirty evenly spaced between, so that growth (other rows at the end) is
  /// told from change at the price of reading next to nothing. FNV-1a, 64 bits.
  ///
  /// - Throws: ``LogitStreamError`` if the rows can't be read.
  public func fingerprint(rows count: Int) throws(LogitStreamError) -> String {
    precondition(count > 0 && count <= rows)
    let dataset = try Self.openDataset(dataset, in: Self.open(file))
    guard dataset.rowCount >= count, dataset.rowByteCount == rowByteCount else {
      throw .changed(file: file, dataset: self.dataset)
    }
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    var row = [UInt8](repeating: 0, count: rowByteCount)
    var result = Result<Void, HDF5Error>.success(())
    for place in Self.samplePlaces(rows: count) {
      row.withUnsafeMutableBytes { buffer in
        result = Result { () throws(HDF5Error) in try dataset.readRows(place..<place + 1, into: buffer) }
      }
      do { try result.get() } catch { throw .library(error) }
      for byte in row { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
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
