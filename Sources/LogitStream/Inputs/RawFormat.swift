/// How numbers without a header are read: row after row, so many in each.
public struct RawFormat: Sendable, Hashable, Codable {
  public let format: LogitFormat
  /// K.
  public let clusters: Int
  /// What a row has in place of all its logits, if these are only the largest; else nil.
  package let record: TopKRecord?

  public init(format: LogitFormat, clusters: Int) { self.init(format: format, clusters: clusters, record: nil) }

  package init(format: LogitFormat, clusters: Int, record: TopKRecord?) {
    self.format = format
    self.clusters = clusters
    self.record = record
  }

  /// The format with a header that begins with these bytes; nil if there is none such.
  static func header(_ bytes: some Collection<UInt8>) -> String? {
    let known: [(format: String, start: [UInt8])] = [
      (".npy", NPYHeader.magic), ("HDF5", [0x89] + "HDF\r\n\u{1A}\n".utf8), (".npz or .pt", ZipArchive.magic),
    ]
    return known.first { bytes.starts(with: $0.start) }?.format
  }

  /// The logits, or the values, of a row.
  var columns: Int { record?.width ?? clusters }

  /// The bytes of a row; nil if there are more than a file can have.
  var rowByteCount: Int? {
    let (byteCount, overflow) = columns.multipliedReportingOverflow(by: format.byteCount)
    return overflow ? nil : byteCount + (record?.byteCountAfterValues ?? 0)
  }
}

/// A row without a header of which the k largest logits or log-probabilities are there: k values, then k clusters, then,
/// if values are logits, their log-sum-exp.
package struct TopKRecord: Sendable, Hashable, Codable {
  /// The values of a row.
  package let width: Int
  package let indexFormat: IntegerFormat
  /// The type of the log-sum-exp; nil if there is none.
  package let normalizerFormat: LogitFormat?

  package init(width: Int, indexFormat: IntegerFormat, normalizerFormat: LogitFormat?) {
    self.width = width
    self.indexFormat = indexFormat
    self.normalizerFormat = normalizerFormat
  }

  /// The bytes of clusters and log-sum-exp.
  var byteCountAfterValues: Int { width * indexFormat.byteCount + (normalizerFormat?.byteCount ?? 0) }
}

extension StoredArray {
  /// The numbers of a file without a header: all of it.
  ///
  /// - Throws: ``LogitStreamError/noWholeRows(_:byteCount:rowByteCount:)`` if a row is not complete.
  init(_ raw: RawFormat, in file: PlainFile, isTransposed: Bool) throws(LogitStreamError) {
    guard let rowByteCount = raw.rowByteCount, rowByteCount > 0, file.byteCount % rowByteCount == 0 else {
      throw .noWholeRows(file.path, byteCount: file.byteCount, rowByteCount: raw.rowByteCount ?? .max)
    }
    if let format = RawFormat.header(try file.head(8)) { throw .hasHeader(file.path, format: format, isStream: false) }
    let rows = file.byteCount / rowByteCount
    self.init(
      raw, file: file.path, shape: isTransposed ? [raw.clusters, rows] : [rows, raw.columns],
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
