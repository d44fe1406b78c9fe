import Texts

/// What a top-k input has beside its values: the clusters that these are of, and rows' log-sum-exp.
///
/// A row is read as one record: its values, their clusters, and the log-sum-exp, each as it lies in its array. Without a header
/// rows are such records already.
package struct TopKArrays: Sendable, Hashable, Codable {
  /// K.
  package let clusters: Int
  /// The values of a row.
  package let width: Int
  /// nil if rows are records.
  let indices: Part?
  package let indexFormat: IntegerFormat
  let normalizer: Part?
  package let normalizerFormat: LogitFormat?

  /// One of the arrays, of the same file as the values.
  struct Part: Sendable, Hashable, Codable {
    let name: ByteText
    let shape: [Int]
    let isColumnMajor: Bool
    /// Whether there is one number for each row, and all dimensions are rows.
    let isOfSingleNumbers: Bool
    let elementByteCount: Int
    let chunkShape: [Int]?
    let readsWholeChunks: Bool
    let decodingBuffers: Int
    let rowsBetweenStops: Int?
    let strides: [Int]?

    init(_ array: StoredArray, elementByteCount: Int, isOfSingleNumbers: Bool = false) {
      name = ByteText(array.name)
      shape = array.shape
      isColumnMajor = array.isColumnMajor
      self.isOfSingleNumbers = isOfSingleNumbers
      self.elementByteCount = elementByteCount
      chunkShape = array.chunkShape
      readsWholeChunks = array.readsWholeChunks
      decodingBuffers = array.decodingBuffers
      strides = array.strides
      let geometry = Self.geometry(shape, isColumnMajor, isOfSingleNumbers)
      rowsBetweenStops = array.rowsBetweenStops(rowByteCount: geometry.clusters * elementByteCount)
    }

    var geometry: RowGeometry { Self.geometry(shape, isColumnMajor, isOfSingleNumbers) }

    private static func geometry(_ shape: [Int], _ isColumnMajor: Bool, _ isOfSingleNumbers: Bool) -> RowGeometry {
      if isOfSingleNumbers { return RowGeometry(ofSingleNumbers: shape) }
      return RowGeometry(shape: isColumnMajor ? shape.reversed() : shape, clustersComeFirst: isColumnMajor)
    }

    func layout(in file: String) -> RowLayout {
      RowLayout(
        file: file, dataset: name.string, geometry: geometry, elementByteCount: elementByteCount,
        chunkShape: chunkShape, readsWholeChunks: readsWholeChunks, decodingBuffers: decodingBuffers,
        rowsBetweenStops: rowsBetweenStops, strides: strides)
    }

    /// Whether another is the same array, which may have grown along its first dimension.
    func isContained(in other: Part) -> Bool {
      name == other.name && isColumnMajor == other.isColumnMajor && isOfSingleNumbers == other.isOfSingleNumbers
        && elementByteCount == other.elementByteCount && chunkShape == other.chunkShape && strides == other.strides
        && shape.count == other.shape.count && shape.dropFirst() == other.shape.dropFirst()
        && (shape.first ?? 0) <= (other.shape.first ?? 0)
    }
  }

  /// The arrays beside that of the values; none if rows are records.
  var parts: [Part] { [indices, normalizer].compactMap(\.self) }

  /// A row as it is read.
  private var form: TopKRecord {
    TopKRecord(width: width, indexFormat: indexFormat, normalizerFormat: normalizerFormat)
  }

  /// The bytes of a record after its values.
  var byteCount: Int { form.byteCountAfterValues }

  /// What a row without a header has; nil for a dump of arrays.
  var record: TopKRecord? { indices == nil ? form : nil }

  /// Whether another description is of the same arrays, which may have grown.
  func isContained(in other: TopKArrays) -> Bool {
    guard clusters == other.clusters, width == other.width, indexFormat == other.indexFormat,
      normalizerFormat == other.normalizerFormat, parts.count == other.parts.count
    else { return false }
    return zip(parts, other.parts).allSatisfy { $0.isContained(in: $1) }
  }
}

extension TopKArrays {
  /// Rows of a file or stream without a header.
  ///
  /// - Throws: ``LogitStreamError`` if they can't have so many values.
  init(_ record: TopKRecord, clusters: Int, in file: String) throws(LogitStreamError) {
    try Self.check(width: record.width, clusters: clusters, file: file, dataset: "")
    self.clusters = clusters
    width = record.width
    indices = nil
    indexFormat = record.indexFormat
    normalizer = nil
    normalizerFormat = record.normalizerFormat
  }

  private static func check(width: Int, clusters: Int, file: String, dataset: String) throws(LogitStreamError) {
    guard width >= 2 else { throw .tooFewKept(file: file, dataset: dataset, found: width) }
    guard width <= clusters else {
      throw .tooManyKept(file: file, dataset: dataset, found: width, clusters: clusters)
    }
    guard clusters <= LogitInput.mostClusters else {
      throw .tooManyClusters(file: file, dataset: dataset, found: clusters)
    }
  }

  /// Describes the arrays that go with `values`.
  ///
  /// - Throws: ``LogitStreamError`` that says why they don't.
  init(
    _ dump: TopKSpecification, values: StoredArray, in container: borrowing ArrayContainer
  ) throws(LogitStreamError) {
    let found = try container.array(named: dump.indices)
    guard let indexFormat = found.integerFormat else {
      if found.format != nil, values.integerFormat != nil {
        throw .swappedArrays(file: found.file, indices: dump.indices, values: dump.values)
      }
      throw .noIndices(file: found.file, dataset: found.name, type: found.type)
    }
    guard values.format != nil else {
      throw .notFloatingPoint(file: values.file, dataset: values.name, type: values.type)
    }
    guard found.shape == values.shape else { throw .otherShape(found, as: values) }
    guard let width = values.shape.last, values.shape.count >= 2 else {
      throw .wrongDimensions(file: values.file, dataset: values.name, shape: values.shape)
    }
    try Self.check(width: width, clusters: dump.clusters, file: values.file, dataset: values.name)
    try found.checkReadable()
    clusters = dump.clusters
    self.width = width
    self.indexFormat = indexFormat
    indices = Part(found, elementByteCount: indexFormat.byteCount)
    guard let name = dump.normalizer else {
      normalizer = nil
      normalizerFormat = nil
      return
    }
    let sums = try container.array(named: name)
    guard let format = sums.format else {
      throw .notFloatingPoint(file: sums.file, dataset: sums.name, type: sums.type)
    }
    let rowShape = Array(values.shape.dropLast())
    guard sums.shape == rowShape || sums.shape == rowShape + [1] else { throw .otherShape(sums, as: values) }
    try sums.checkReadable()
    normalizerFormat = format
    normalizer = Part(
      sums, elementByteCount: format.byteCount, isOfSingleNumbers: sums.shape.count == rowShape.count)
  }
}

extension StoredArray {
  /// Makes sure that all of the array can be read.
  ///
  /// - Throws: ``LogitStreamError``
  func checkReadable() throws(LogitStreamError) {
    if case .unreadable(let filter) = access { throw .missingFilter(file: file, dataset: name, filter: filter) }
    if let missingParts { throw .incomplete(file: file, dataset: name, reason: missingParts) }
  }
}

extension LogitInput {
  /// Where the clusters and the log-sum-exps of a top-k dump are, for messages, if they are arrays of their own.
  package var topKLocations: (indices: String, normalizer: String?)? {
    guard let topK, let indices = topK.indices else { return nil }
    return (
      Self.location(file, indices.name.string), topK.normalizer.map { Self.location(file, $0.name.string) }
    )
  }
}
