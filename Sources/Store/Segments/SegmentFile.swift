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
  static let logits = "/sketches/logits"
  static let clusters = "/sketches/clusters"
  static let rests = "/sketches/rest"
  static let starts = "/sketches/starts"
  /// In the order of rows, all others in that of clusters.
  static let assignments = "/assignments"

  /// Rows gathered at a time when they are written in another order or form.
  private static let pieceRows = 8192

  /// Writes a scanned segment to a new file.
  static func write(_ result: PassResult, _ segment: ScannedSegment, to path: String) throws(HDF5Error) {
    let file = try NewFile(path)
    let statistics = result.statistics
    try file.write(statistics.counts.map { Int64($0) }, to: counts)
    try file.write(statistics.doubts.map { UInt64(truncatingIfNeeded: $0) }, to: doubtsLow)
    try file.write(statistics.doubts.map { UInt64($0 >> 64) }, to: doubtsHigh)
    try EvidenceDatasets.write(result.evidence, to: file)
    try write(segment.assignments, clusters: statistics.clusters, to: file)
    if let sketches = segment.sketches { try write(sketches, segment.assignments, to: file) }
    try file.close()
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
    let piece = SketchRows(format, capacity: min(pieceRows, max(1, order.count)))
    for start in stride(from: 0, to: order.count, by: pieceRows) {
      let range = start..<min(start + pieceRows, order.count)
      for (position, row) in order[range].enumerated() { piece.copy(Int(row), of: rows, to: position) }
      try logits.write(range, from: UnsafeRawBufferPointer(piece.values))
      try clusters.write(range, from: UnsafeRawBufferPointer(piece.indices))
      try rests.write(range, from: UnsafeRawBufferPointer(piece.rests))
    }
  }
}

extension SegmentFile {
  /// Rows that were left out are of no cluster, for which stands the number after the last cluster's.
  private static func write(
    _ assignments: RowAssignments, clusters: Int, to file: borrowing NewFile
  ) throws(HDF5Error) {
    let isWide = clusters > UInt16.max
    let all = assignments.clusters
    let dataset = try file.createDataset(Self.assignments, isWide ? .uint32 : .uint16, shape: [all.count])
    for start in stride(from: 0, to: all.count, by: pieceRows) {
      let rows = start..<min(start + pieceRows, all.count)
      if isWide {
        try write(all[rows].map { UInt32($0 < 0 ? clusters : Int($0)) }, rows, to: dataset)
      } else {
        try write(all[rows].map { UInt16($0 < 0 ? clusters : Int($0)) }, rows, to: dataset)
      }
    }
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

/// Exact evidence in an HDF5 file: groups, and for each the clusters that something was reassigned to, with the sums.
enum EvidenceDatasets {
  static let groupStarts = "/reassigned/group_starts"
  static let groupClusters = "/reassigned/group_clusters"
  static let starts = "/reassigned/starts"
  static let clusters = "/reassigned/clusters"
  static let sumsLow = "/reassigned/sums_low"
  static let sumsHigh = "/reassigned/sums_high"

  /// Writes evidence to a new file of its own.
  static func write(_ evidence: ExactEvidence, to path: String) throws(HDF5Error) {
    let file = try NewFile(path)
    try write(evidence, to: file)
    try file.close()
  }

  static func write(_ evidence: ExactEvidence, to file: borrowing NewFile) throws(HDF5Error) {
    // In an order that depends on the groups alone.
    let groups = evidence.keys.sorted { $0.clusters.lexicographicallyPrecedes($1.clusters) }
    var groupStarts: [UInt64] = [0]
    var groupClusters: [UInt32] = []
    var starts: [UInt64] = [0]
    var clusters: [UInt32] = []
    var sumsLow: [UInt64] = []
    var sumsHigh: [UInt64] = []
    for group in groups {
      groupClusters += group.clusters.map { UInt32($0) }
      groupStarts.append(UInt64(groupClusters.count))
      if let reassigned = evidence[group] {
        clusters += reassigned.clusters.map { UInt32($0) }
        sumsLow += reassigned.sums.map { UInt64(truncatingIfNeeded: $0) }
        sumsHigh += reassigned.sums.map { UInt64($0 >> 64) }
      }
      starts.append(UInt64(clusters.count))
    }
    try file.write(groupStarts, to: Self.groupStarts)
    try file.write(groupClusters, to: Self.groupClusters)
    try file.write(starts, to: Self.starts)
    try file.write(clusters, to: Self.clusters)
    try file.write(sumsLow, to: Self.sumsLow)
    try file.write(sumsHigh, to: Self.sumsHigh)
  }

  /// Reads evidence back; nil if what the file says makes no sense.
  static func read(_ file: borrowing File, clusters count: Int) throws(HDF5Error) -> ExactEvidence? {
    let groupStarts = try file.dataset(groupStarts).readNumbers(UInt64.self)
    let groupClusters = try file.dataset(groupClusters).readNumbers(UInt32.self)
    let starts = try file.dataset(starts).readNumbers(UInt64.self)
    let clusters = try file.dataset(clusters).readNumbers(UInt32.self)
    let sumsLow = try file.dataset(sumsLow).readNumbers(UInt64.self)
    let sumsHigh = try file.dataset(sumsHigh).readNumbers(UInt64.self)
    guard groupStarts.count == starts.count, isAscending(groupStarts, to: groupClusters.count),
      isAscending(starts, to: clusters.count), clusters.count == sumsLow.count, clusters.count == sumsHigh.count,
      clusters.allSatisfy({ $0 < count }), groupClusters.allSatisfy({ $0 < count })
    else { return nil }
    var evidence: ExactEvidence = [:]
    evidence.reserveCapacity(starts.count)
    for index in 0..<(starts.count - 1) {
      let group = Group(groupClusters[Int(groupStarts[index])..<Int(groupStarts[index + 1])].map { Int($0) })
      let range = Int(starts[index])..<Int(starts[index + 1])
      evidence[group] = ReassignedProbability(
        clusters: clusters[range].map { Int($0) },
        sums: range.map { UInt128(sumsHigh[$0]) << 64 | UInt128(sumsLow[$0]) })
    }
    return evidence
  }

  /// Whether places begin with 0, never go back, and end with `end`.
  static func isAscending(_ positions: [UInt64], to end: Int) -> Bool {
    positions.first == 0 && positions.last == UInt64(end)
      && zip(positions, positions.dropFirst()).allSatisfy { $0 <= $1 }
  }
}
