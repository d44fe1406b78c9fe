import Files
import Texts

/// One array of logits, N rows × K clusters, as part of a ``LogitSource``.
public struct LogitInput: Sendable, Hashable, Codable {
  public var file: String { path.string }
  /// The array's name in the file; empty if the file is one array without a name.
  public var dataset: String { name.string }
  public let format: LogitFormat
  /// The lengths of the dimensions, as the file gives them.
  public private(set) var shape: [Int]
  /// Whether the first dimension is that of the clusters.
  public let isTransposed: Bool
  /// Whether the first dimension changes fastest from element to element, as in Fortran.
  package let isColumnMajor: Bool
  /// The lengths of a chunk's sides; nil if the array is not chunked.
  package let chunkShape: [Int]?
  /// Whether a chunk is read as a whole, however few of its rows are wanted.
  package let readsWholeChunks: Bool
  /// What it takes to decode a chunk of a virtual array's sources, in bytes; nil if the array is not virtual.
  private let sourceWorkspaceByteCount: Int?
  /// How many buffers it takes to decode a chunk; nil for the fewest, and in descriptions from before there was this.
  private let decodingBuffers: Int?
  /// Whether the library undoes filters of a chunk, in descriptions from before ``decodingBuffers``; else nil.
  private let isDecodedByLibrary: Bool?
  /// How many rows there are from one place at which the reading of an array can begin that is compressed as a whole, to the
  /// next; nil if it is not.
  private let rowsBetweenStops: Int?
  /// The distances of neighbours along each dimension, in elements, if they lie neither row after row nor column after column.
  let strides: [Int]?
  /// Whether the file has no header, so that ``format`` and ``clusters`` are as they were given; nil if it has one.
  private var isRaw: Bool?
  /// Tells streams of one store from each other, which have nothing else of their own; nil for a file.
  package private(set) var streamNumber: Int?
  /// The rows that are taken, counted in the array; nil for all, including rows that are appended later.
  package private(set) var selection: Range<Int>?
  /// What there is beside the values of a top-k dump; nil for logits of all clusters.
  package private(set) var topK: TopKArrays?
  /// The path of the file, of which others are other files that look alike, and the array's name.
  private var path: ByteText
  private let name: ByteText

  private enum CodingKeys: String, CodingKey {
    case path = "file"
    case name = "dataset"
    case format, shape, isTransposed, isColumnMajor, chunkShape, readsWholeChunks, sourceWorkspaceByteCount
    case decodingBuffers, isDecodedByLibrary, rowsBetweenStops, strides, isRaw, streamNumber, selection, topK
  }

  /// Whether its rows came once, and can't be read again.
  package var isStream: Bool { streamNumber != nil }

  /// The rows that are taken, counted in the array.
  package var rowRange: Range<Int> { selection ?? 0..<arrayRows }
  /// N.
  public var rows: Int { rowRange.count }
  /// K.
  public var clusters: Int { topK?.clusters ?? geometry.clusters }
  package var rowByteCount: Int { layout.rowByteCount + (topK?.byteCount ?? 0) }

  /// Whether values are logits of which the log-sum-exp is there too.
  var hasNormalizer: Bool { topK?.normalizerFormat != nil }

  /// All rows of the array.
  package var arrayRows: Int { geometry.rowShape.reduce(1, *) }

  var geometry: RowGeometry {
    RowGeometry(
      shape: isColumnMajor ? shape.reversed() : shape, clustersComeFirst: isTransposed != isColumnMajor)
  }

  /// Where the rows of logits or values are.
  var layout: RowLayout {
    let before = isDecodedByLibrary == true ? ChunkDecoder.buffersByLibrary : ChunkDecoder.leastBuffers
    return RowLayout(
      file: file, dataset: dataset, geometry: geometry, elementByteCount: format.byteCount, chunkShape: chunkShape,
      readsWholeChunks: readsWholeChunks, decodingBuffers: decodingBuffers ?? before,
      rowsBetweenStops: rowsBetweenStops,
      strides: strides)
  }

  /// Whether the logits of a row lie far from one another in what may be compressed as a whole.
  package var isScattered: Bool { layout.isScattered }

  /// The rows at which to cut the input: of several arrays, where the one with the highest chunks is.
  package var alignment: RowAlignment {
    let others = topK?.parts.map { $0.layout(in: file).alignment } ?? []
    return others.reduce(layout.alignment) { $1.unit > $0.unit ? $1 : $0 }
  }

  /// The bytes that a worker needs beside the rows of a block: for a chunk as it is stored, and as it is decoded.
  package var workspaceByteCount: Int {
    let others = topK?.parts.reduce(0) { $0 + $1.layout(in: file).workspaceByteCount } ?? 0
    return (sourceWorkspaceByteCount ?? layout.workspaceByteCount) + others
  }

  /// How many times the bytes of a block a worker needs for the block. It is more than 1 if rows are put together from
  /// parts.
  package var buffersPerBlock: Int {
    // Rows of each array, which may be put together from parts, and the records made of them.
    if let topK { return topK.parts.isEmpty ? 1 : 3 }
    guard let chunkShape, !readsWholeChunks else { return isTransposed || sourceWorkspaceByteCount != nil ? 2 : 1 }
    let chunkClusters = chunkShape.last ?? 1
    return chunkClusters == clusters ? 1 : 1 + (chunkClusters + clusters - 1) / clusters
  }

  /// About how many bytes to read at a time; nil for as many as of other inputs.
  ///
  /// If rows lie in columns or in parts, a block takes a stretch of every column or part. Short stretches are
  /// slow to read.
  package var preferredBlockByteCount: Int? {
    // Blocks end anywhere in the chunks of a virtual array's sources.
    if let sourceWorkspaceByteCount { return min(16 << 20, 2 * sourceWorkspaceByteCount) }
    // One block of rows after another goes on where a stream can be gone on with.
    if let rowsBetweenStops, !geometry.clustersComeFirst { return min(32 << 20, rowsBetweenStops * rowByteCount) }
    if strides != nil { return 16 << 20 }
    let isScattered = chunkShape == nil ? geometry.clustersComeFirst : !readsWholeChunks && buffersPerBlock > 1
    return isScattered ? 16 << 20 : nil
  }

  /// The specification that names this input.
  package var specification: InputSpecification {
    var specification = InputSpecification(
      file: file, dataset: dataset.isEmpty ? nil : dataset, isTransposed: isTransposed, raw: raw)
    if let topK, let indices = topK.indices {
      specification.topK = TopKSpecification(
        indices: indices.name.string, values: dataset, normalizer: topK.normalizer?.name.string,
        clusters: topK.clusters)
    }
    return specification
  }

  /// How the numbers are read, if there is no header to tell. They were looked at when they were taken in.
  package var raw: RawFormat? {
    isRaw == true ? RawFormat(format: format, clusters: clusters, record: topK?.record, isTrusted: true) : nil
  }

  /// The location, FILE:/dataset, for messages.
  public var location: String {
    let name = Self.location(file, dataset)
    guard let streamNumber, streamNumber > 1 else { return name }
    return "\(name) (\(streamNumber))"
  }

  package static func location(_ file: String, _ dataset: String) -> String {
    if file == InputSpecification.standardInput { return "standard input" }
    return dataset.isEmpty ? file : "\(file):\(dataset)"
  }

  /// The same array in a file of another path.
  package func moved(to file: String) -> LogitInput {
    var input = self
    input.path = ByteText(file)
    return input
  }

  /// A stream of which so many rows are known.
  package init(stream path: String, number: Int, _ raw: RawFormat, rows: Int) throws(LogitStreamError) {
    try self.init(raw, StoredArray(raw, file: path, shape: [1, raw.columns], byteCount: 0), isTransposed: false)
    streamNumber = number
    shape = [rows, raw.columns]
  }

  /// The same stream with so many rows.
  package func withStreamedRows(_ rows: Int) -> LogitInput {
    precondition(isStream)
    var input = self
    input.shape[0] = rows
    return input
  }

  /// The same array with only some of its rows taken.
  package func selecting(_ rows: Range<Int>) -> LogitInput {
    precondition(rows.lowerBound >= 0 && rows.upperBound <= arrayRows)
    var input = self
    input.selection = rows
    return input
  }

  /// A name for a row, for messages. In an array of more than two dimensions it has the indices: "row 75, at [1, 5]".
  package func name(ofRow row: Int) -> String {
    let shape = geometry.rowShape
    guard shape.count > 1, !isColumnMajor else { return "row \(row)" }
    return "row \(row), at \(RowBox.covering(row..<row + 1, of: shape)[0].start)"
  }

  /// Opens `specification` and describes its array.
  ///
  /// - Throws: ``LogitStreamError`` if the file can't be read, has no array to take, or has several.
  public init(opening specification: InputSpecification) throws(LogitStreamError) {
    let container = try ArrayContainer(opening: specification)
    if let dump = specification.topK {
      if try container.listing().allSatisfy({ $0.name.isEmpty }) { throw .singleArray(file: specification.file) }
      try self.init(dump, values: container.array(named: dump.values), in: container)
      return
    }
    try self.init(
      specification.raw, container.array(named: specification.dataset), isTransposed: specification.isTransposed)
  }

  /// Describes an array, or numbers without a header, which are read as `raw` says.
  ///
  /// - Throws: ``LogitStreamError`` that says why they can't be taken as logits.
  init(_ raw: RawFormat?, _ array: StoredArray, isTransposed: Bool) throws(LogitStreamError) {
    try self.init(describing: array, isTransposed: isTransposed)
    guard let raw else { return }
    isRaw = true
    if let record = raw.record { topK = try TopKArrays(record, clusters: raw.clusters, in: array.file) }
  }

  /// Describes the arrays of a top-k dump.
  ///
  /// - Throws: ``LogitStreamError`` that says why they are none.
  init(
    _ dump: TopKSpecification, values: StoredArray, in container: borrowing ArrayContainer
  ) throws(LogitStreamError) {
    let topK = try TopKArrays(dump, values: values, in: container)
    try self.init(describing: values)
    self.topK = topK
  }

  /// The same input as its file is now. If all rows were taken, appended ones are taken too. If the file shrank, there
  /// are fewer.
  ///
  /// - Throws: ``LogitStreamError`` if it is no longer there, or holds no logits.
  package func current() throws(LogitStreamError) -> LogitInput {
    guard !isStream else { throw .streamEnded(location) }
    let found = try LogitInput(opening: specification)
    return selection.map { found.selecting($0.clamped(to: 0..<found.arrayRows)) } ?? found
  }

  /// Describes an array that holds logits.
  ///
  /// - Throws: ``LogitStreamError`` that says why the array can't be taken as logits.
  package init(describing array: StoredArray, isTransposed: Bool = false) throws(LogitStreamError) {
    let (file, dataset) = (array.file, array.name)
    path = ByteText(file)
    name = ByteText(dataset)
    guard let format = array.format else {
      throw .notFloatingPoint(file: file, dataset: dataset, type: array.type)
    }
    guard array.shape.count >= 2, array.shape.count == 2 || !array.isColumnMajor else {
      throw .wrongDimensions(file: file, dataset: dataset, shape: array.shape)
    }
    self.format = format
    shape = array.shape
    self.isTransposed = isTransposed
    isColumnMajor = array.isColumnMajor
    chunkShape = array.chunkShape
    sourceWorkspaceByteCount = array.virtual?.decodingByteCount
    decodingBuffers = array.decodingBuffers > ChunkDecoder.leastBuffers ? array.decodingBuffers : nil
    isDecodedByLibrary = nil
    strides = array.strides
    let geometry = RowGeometry(
      shape: array.isColumnMajor ? array.shape.reversed() : array.shape,
      clustersComeFirst: isTransposed != array.isColumnMajor)
    rowsBetweenStops = array.rowsBetweenStops(rowByteCount: geometry.clusters * format.byteCount)
    readsWholeChunks = array.readsWholeChunks || array.chunkShape != nil && isTransposed
    guard clusters >= 2 else { throw .tooFewClusters(file: file, dataset: dataset, found: clusters) }
    guard clusters <= Self.mostClusters else {
      throw .tooManyClusters(file: file, dataset: dataset, found: clusters)
    }
    guard arrayRows > 0 else { throw .noRows(file: file, dataset: dataset) }
    guard arrayRows <= LogitSource.mostRows else { throw .tooManyRows(file: file, dataset: dataset) }
    if case .unreadable(let filter) = array.access {
      throw .missingFilter(file: file, dataset: dataset, filter: filter)
    }
    if let codec = array.unknownCodec { throw .unknownCodec(file: file, dataset: dataset, codec: codec) }
    if let reason = array.missingParts { throw .incomplete(file: file, dataset: dataset, reason: reason) }
  }

  /// The limit is that ids of nodes, up to 2 K, are 32 bits wide.
  static let mostClusters = 1 << 30

  /// Whether another has the same file and dataset.
  package func isSameArray(as other: LogitInput) -> Bool {
    path == other.path && name == other.name && streamNumber == other.streamNumber
  }

  /// What no two arrays have in common, whatever links lead to them: the file as it is found, and the dataset in it.
  var identity: [ByteText] {
    // The arrays of a Zarr directory are directories in it.
    guard FileSystem.isDirectory(file) else { return [ByteText(file.resolvedPath), name] }
    return [ByteText(file.appendingPathComponent(dataset).resolvedPath), ByteText("")]
  }

  /// Whether another description is of the same array, which may have grown.
  func isContained(in other: LogitInput) -> Bool {
    let growing = isTransposed ? 1 : 0
    guard isSameArray(as: other), format == other.format, shape.count == other.shape.count,
      isTransposed == other.isTransposed, isColumnMajor == other.isColumnMajor, chunkShape == other.chunkShape,
      strides == other.strides
    else { return false }
    switch (topK, other.topK) {
    case (nil, nil): break
    case (let mine?, let theirs?): guard mine.isContained(in: theirs) else { return false }
    default: return false
    }
    return shape.indices.allSatisfy { $0 == growing ? shape[$0] <= other.shape[$0] : shape[$0] == other.shape[$0] }
  }
}
