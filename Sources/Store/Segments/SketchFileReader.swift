import Files
import HDF5
import LogitsToHierarchy

/// The sketches in a segment's file, read where the library says they are, by many threads at once.
final class SketchFileReader: SketchReading {
  let format: SketchFormat
  private let path: String
  private let rows: ClusterRows
  private let keptFile: KeptFile?
  private let logitsOffset: Int
  private let clustersOffset: Int
  private let restsOffset: Int
  private let restErrorsOffset: Int

  init(_ file: borrowing File, clusters: Int, _ counts: [Int]) throws {
    path = file.path
    let logits = try file.dataset(SegmentFile.logits)
    let indices = try file.dataset(SegmentFile.clusters)
    let rests = try file.dataset(SegmentFile.rests)
    let hasErrors = try file.datasetPaths().contains(SegmentFile.restErrors)
    let starts = try file.dataset(SegmentFile.starts).readNumbers(UInt64.self)
    let rows = counts.reduce(0, +)
    guard logits.shape.count == 2, logits.shape == indices.shape, logits.shape[0] == rows, rests.shape == [rows],
      logits.shape[1] >= 1, starts.count == clusters + 1, EvidenceDatasets.isAscending(starts, to: rows),
      zip(zip(starts, starts.dropFirst()), counts).allSatisfy({ Int($0.1 - $0.0) == $1 })
    else { throw StoreError.damaged(path, reason: "its sketches are not those of its rows") }
    format = SketchFormat(
      width: logits.shape[1], clusters: clusters, isDouble: logits.elementByteCount == 8,
      hasRestErrors: hasErrors)
    guard format.width == logits.shape[1], format.valueByteCount == logits.elementByteCount,
      format.indexByteCount == indices.elementByteCount
    else { throw StoreError.damaged(path, reason: "its sketches have another form than \(clusters) clusters need") }
    guard let clusterRows = ClusterRows(counts) else {
      throw StoreError.damaged(path, reason: "it has more rows than a segment may")
    }
    self.rows = clusterRows
    guard rows == 0 || (logits.fileOffset != nil && indices.fileOffset != nil && rests.fileOffset != nil) else {
      throw StoreError.damaged(path, reason: "its sketches are not in the file")
    }
    logitsOffset = logits.fileOffset ?? 0
    clustersOffset = indices.fileOffset ?? 0
    restsOffset = rests.fileOffset ?? 0
    restErrorsOffset = hasErrors ? try Self.restErrorsOffset(file, rows: rows) : 0
    keptFile = try KeptFile(path)
  }

  private static func restErrorsOffset(_ file: borrowing File, rows: Int) throws -> Int {
    let errors = try file.dataset(SegmentFile.restErrors)
    guard errors.shape == [rows], rows == 0 || errors.fileOffset != nil else {
      throw StoreError.damaged(file.path, reason: "its sketches' errors are not those of its rows")
    }
    return errors.fileOffset ?? 0
  }

  func rows(of cluster: Int) -> Range<Int> { rows[cluster] }

  func read(_ rows: Range<Int>, into buffer: SketchRows, at position: Int) throws {
    precondition(position >= 0 && position + rows.count <= buffer.capacity)
    precondition(buffer.format == format)
    guard let values = buffer.values.baseAddress, let indices = buffer.indices.baseAddress,
      let rests = buffer.rests.baseAddress
    else { return }
    let first = rows.lowerBound
    let valueBytes = format.width * format.valueByteCount
    let indexBytes = format.width * format.indexByteCount
    try withFile { file throws(FileError) in
      try file.read(
        at: logitsOffset + first * valueBytes,
        into: .init(start: values + position * valueBytes, count: rows.count * valueBytes))
      try file.read(
        at: clustersOffset + first * indexBytes,
        into: .init(start: indices + position * indexBytes, count: rows.count * indexBytes))
      try file.read(at: restsOffset + first * 4, into: .init(start: rests + position, count: rows.count * 4))
      if format.hasRestErrors, let errors = buffer.restErrors.baseAddress {
        try file.read(at: restErrorsOffset + first * 4, into: .init(start: errors + position, count: rows.count * 4))
      }
    }
    guard buffer.indicesAreValid(position..<position + rows.count) else {
      throw StoreError.damaged(path, reason: "a sketch names a cluster that is not there")
    }
  }

  /// Gives the open file. It is kept open, or is opened for this call.
  private func withFile(_ body: (borrowing OpenFile) throws(FileError) -> Void) throws(StoreError) {
    do throws(FileError) {
      if let keptFile { return try body(keptFile.file) }
      try body(OpenFile(path))
    } catch {
      if case .endsEarly = error.cause { throw .damaged(path, reason: error.reason) }
      throw .file(error)
    }
  }
}
