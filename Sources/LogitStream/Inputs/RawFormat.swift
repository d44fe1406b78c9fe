/// How numbers without a header are read: row after row, so many in each.
public struct RawFormat: Sendable, Hashable, Codable {
  public let format: LogitFormat
  /// K.
  public let clusters: Int
  /// What a row has in place of all its logits, if these are only the largest; else nil.
  package let record: TopKRecord?
  /// Whether the type is what it is said to be, even if numbers look like those of another.
  package let isTrusted: Bool

  public init(format: LogitFormat, clusters: Int, isTrusted: Bool = false) {
    self.init(format: format, clusters: clusters, record: nil, isTrusted: isTrusted)
  }

  package init(format: LogitFormat, clusters: Int, record: TopKRecord?, isTrusted: Bool = false) {
    self.format = format
    self.clusters = clusters
    self.record = record
    self.isTrusted = isTrusted
  }

  /// Makes sure that bytes, with which rows begin, are no header, and numbers of the type that was said.
  ///
  /// - Parameter start: At most ``ApparentType/mostBytes`` tell something.
  /// - Throws: ``LogitStreamError/hasHeader(_:format:isStream:)``, ``LogitStreamError/looksLikeType(_:said:found:)``
  func check(_ start: [UInt8], of location: String, isStream: Bool) throws(LogitStreamError) {
    if let header = Self.header(start) { throw .hasHeader(location, format: header, isStream: isStream) }
    guard !isTrusted, record == nil, let found = ApparentType(start).other(than: format) else { return }
    throw .looksLikeType(location, said: format, found: found)
  }

  /// The format with a header that begins with these bytes; nil if there is none such.
  private static func header(_ bytes: [UInt8]) -> String? {
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
    try raw.check(file.head(ApparentType.mostBytes), of: file.path, isStream: false)
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
