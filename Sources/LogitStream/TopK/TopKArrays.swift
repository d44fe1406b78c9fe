import Texts

/// What a top-k input has beside its values: the clusters that these are of, and rows' log-sum-exp.
///
/// A row is read as one record: its values, their clusters, and the log-sum-exp, each as it lies in its array.
package struct TopKArrays: Sendable, Hashable, Codable {
  /// K.
  package let clusters: Int
  /// The values of a row.
  package let width: Int
  let indices: Part
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

  var parts: [Part] { [indices] + [normalizer].compactMap(\.self) }

  /// The bytes of a record after its values.
  var byteCount: Int { width * indexFormat.byteCount + (normalizerFormat?.byteCount ?? 0) }

  /// Whether another description is of the same arrays, which may have grown.
  func isContained(in other: TopKArrays) -> Bool {
    guard clusters == other.clusters, width == other.width, indexFormat == other.indexFormat,
      normalizerFormat == other.normalizerFormat, parts.count == other.parts.count
    else { return false }
    return zip(parts, other.parts).allSatisfy { $0.isContained(in: $1) }
  }
}

extension TopKArrays {
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
    guard width >= 2 else { throw .tooFewKept(file: values.file, dataset: values.name, found: width) }
    guard width <= dump.clusters else {
      throw .tooManyKept(file: values.file, dataset: values.name, found: width, clusters: dump.clusters)
    }
    guard dump.clusters <= LogitInput.mostClusters else {
      throw .tooManyClusters(file: values.file, dataset: values.name, found: dump.clusters)
    }
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
  /// Where the clusters and the log-sum-exps of a top-k dump are, for messages.
  package var topKLocations: (indices: String, normalizer: String?)? {
    topK.map { topK in
      (
        Self.location(file, topK.indices.name.string),
        topK.normalizer.map { Self.location(file, $0.name.string) }
      )
    }
  }
}
