import Texts

/// Where the rows of an array are, whatever its elements stand for: what it takes to read their bytes.
struct RowLayout: Sendable {
  let file: String
  let dataset: String
  let geometry: RowGeometry
  let elementByteCount: Int
  let chunkShape: [Int]?
  /// Whether a chunk is read as a whole, however few of its rows are wanted.
  let readsWholeChunks: Bool
  /// How many buffers it takes to decode a chunk.
  let decodingBuffers: Int
  /// How many rows there are from one place at which the reading of an array can begin that is compressed as a whole, to the
  /// next; nil if it is not.
  let rowsBetweenStops: Int?
  /// The distances of neighbours along each dimension, in elements, if they lie neither row after row nor column after column.
  let strides: [Int]?

  /// Whether the elements of a row lie far from one another.
  var isScattered: Bool { geometry.clustersComeFirst || strides != nil }
  /// The elements of a row.
  var columns: Int { geometry.clusters }
  var rowByteCount: Int { columns * elementByteCount }
  /// All rows of the array.
  var arrayRows: Int { geometry.rowShape.reduce(1, *) }

  /// The rows at which to cut the array.
  var alignment: RowAlignment {
    if let rowsBetweenStops { return RowAlignment(unit: rowsBetweenStops) }
    guard let chunkShape else { return RowAlignment(unit: 1) }
    return RowAlignment(chunkShape: geometry.rowPart(chunkShape), rowShape: geometry.rowShape)
  }

  /// What a worker needs beside the rows of a block, in bytes: for a chunk as it is stored, and as it is decoded.
  var workspaceByteCount: Int {
    guard let chunkShape else {
      return (isScattered ? ColumnRows.panelByteCount : 0)
        + (rowsBetweenStops == nil ? 0 : InflatedBytes.memoryByteCount)
    }
    guard readsWholeChunks else { return 0 }
    return ChunkDecoder.byteCount(chunkShape.reduce(elementByteCount, *), buffers: decodingBuffers)
  }
}
