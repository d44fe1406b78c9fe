/// How numbers without a header are read: row after row, so many in each.
public struct RawFormat: Sendable, Hashable, Codable {
  public let format: LogitFormat
  /// K.
  public let clusters: Int

  public init(format: LogitFormat, clusters: Int) {
    self.format = format
    self.clusters = clusters
  }
}

extension StoredArray {
  /// The numbers of a file without a header: all of it.
  ///
  /// - Throws: ``LogitStreamError/noWholeRows(_:byteCount:rowByteCount:)`` if a row is not complete.
  init(_ raw: RawFormat, in file: PlainFile, isTransposed: Bool) throws(LogitStreamError) {
    let (rowByteCount, overflow) = raw.clusters.multipliedReportingOverflow(by: raw.format.byteCount)
    guard !overflow, rowByteCount > 0, file.byteCount % rowByteCount == 0 else {
      throw .noWholeRows(file.path, byteCount: file.byteCount, rowByteCount: overflow ? .max : rowByteCount)
    }
    let rows = file.byteCount / rowByteCount
    self.init(
      raw, file: file.path, shape: isTransposed ? [raw.clusters, rows] : [rows, raw.clusters],
      byteCount: file.byteCount)
  }

  /// Numbers without a header, in a file or from a stream.
  init(_ raw: RawFormat, file: String, shape: [Int], byteCount: Int) {
    self.init(
      file: file, name: "", shape: shape, type: raw.format.description, format: raw.format, isColumnMajor: false,
      chunkShape: nil, layout: "contiguous, without a header", filters: [], storedByteCount: byteCount,
      access: .contiguous(offset: 0))
  }
}
