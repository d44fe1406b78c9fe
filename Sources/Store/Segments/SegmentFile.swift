import Checksums
import HDF5
import LogitsToHierarchy

/// A segment's HDF5 file: statistics, the evidence of single clusters, the clusters of rows, and sketches in the order of
/// clusters.
///
/// docs/formats.md describes the datasets.
enum SegmentFile {
  static let counts = "/counts"
  static let doubtsLow = "/doubts_low"
  static let doubtsHigh = "/doubts_high"
  static let doubtErrors = "/doubt_errors"
  static let logits = "/sketches/logits"
  static let clusters = "/sketches/clusters"
  static let rests = "/sketches/rest"
  static let restErrors = "/sketches/rest_errors"
  static let starts = "/sketches/starts"
  /// In the order of rows, all others in that of clusters.
  static let assignments = "/assignments"

  /// Rows gathered at a time when they are written in another order or form.
  private static let partRows = 8192

  /// Writes a scanned segment to a new file. Returns what it is meant to hold.
  static func write(_ result: PassResult, _ segment: ScannedSegment, to path: String) throws(HDF5Error) -> FileSum {
    let file = try NewFile(path)
    let statistics = result.statistics
    try file.write(statistics.counts.map { Int64($0) }, to: counts)
    try file.write(statistics.doubts.map { UInt64(truncatingIfNeeded: $0) }, to: doubtsLow)
    try file.write(statistics.doubts.map { UInt64($0 >> 64) }, to: doubtsHigh)
    if let errors = statistics.doubtErrors {
      // A segment has not so many rows that this would not hold them.
      try file.write(errors.map { UInt64(clamping: $0) }, to: doubtErrors)
    }
    try EvidenceDatasets.write(result.evidence, to: file)
    try write(segment.assignments, clusters: statistics.clusters, to: file)
    if let sketches = segment.sketches { try write(sketches, segment.assignments, to: file) }
    return try file.close()
  }

  private static func write(
    _ rows: SketchRows, _ assignments: RowAssignments, to file: borrowing NewFile
  ) throws(HDF5Error) {
    let format = rows.format
    let (order, starts) = assignments.sorted(clusters: format.clusters)
    try file.write(starts.map { UInt64($0) }, to: Self.starts)
    let logits = try file.createDataset(
      Self.logits, format.isDouble ? .float64 : .float32, shape: [order.count, format.width])
    let clusters = try file.createDataset(
      Self.clusters, format.hasWideIndices ? .uint32 : .uint16, shape: [order.count, format.width])
    let rests = try file.createDataset(Self.rests, .float32, shape: [order.count])
    let part = SketchRows(format, capacity: min(partRows, max(1, order.count)))
    for start in stride(from: 0, to: order.count, by: partRows) {
      let range = start..<min(start + partRows, order.count)
      part.copy(order[range], of: rows, to: 0)
      try logits.write(range, from: UnsafeRawBufferPointer(part.values))
      try clusters.write(range, from: UnsafeRawBufferPointer(part.indices))
      try rests.write(range, from: UnsafeRawBufferPointer(part.rests))
    }
    try logits.close()
    try clusters.close()
    try rests.close()
    if format.hasRestErrors { try write(errorsOf: rows, order, to: file) }
  }

  private static func write(
    errorsOf rows: SketchRows, _ order: [UInt32], to file: borrowing NewFile
  ) throws(HDF5Error) {
    let errors = try file.createDataset(Self.restErrors, .float32, shape: [order.count])
    for start in stride(from: 0, to: order.count, by: partRows) {
      let range = start..<min(start + partRows, order.count)
      try write(order[range].map { rows.restErrors[Int($0)] }, range, to: errors)
    }
    try errors.close()
  }
}

extension SegmentFile {
  /// Rows that were left out are of no cluster, for which stands the number after the last cluster's.
  private static func write(
    _ assignments: RowAssignments, clusters: Int, to file: borrowing NewFile
  ) throws(HDF5Error) {
    let all = assignments.clusters
    let width = RowAssignments.storedByteCount(clusters: clusters)
    let dataset = try file.createDataset(
      Self.assignments, width == 1 ? .uint8 : width == 2 ? .uint16 : .uint32, shape: [all.count])
    for start in stride(from: 0, to: all.count, by: partRows) {
      let rows = start..<min(start + partRows, all.count)
      switch width {
      case 1: try write(all[rows].map { UInt8($0 < 0 ? clusters : Int($0)) }, rows, to: dataset)
      case 2: try write(all[rows].map { UInt16($0 < 0 ? clusters : Int($0)) }, rows, to: dataset)
      default: try write(all[rows].map { UInt32($0 < 0 ? clusters : Int($0)) }, rows, to: dataset)
      }
    }
    try dataset.close()
  }

  private static func write(
    _ numbers: [some StoredNumber], _ rows: Range<Int>, to dataset: borrowing NewDataset
  ) throws(HDF5Error) {
    let result = numbers.withUnsafeBytes { bytes in
      Result { () throws(HDF5Error) in try dataset.write(rows, from: bytes) }
    }
    try result.get()
  }
}
