import Foundation
import HDF5
import LogitsToHierarchy

/// A segment's HDF5 file: statistics, the evidence of single clusters, and sketches in the order of clusters.
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

  /// Rows gathered at a time when sketches are written in another order.
  private static let pieceRows = 8192

  /// Writes a scanned segment to a new file.
  static func write(_ result: PassResult, _ sketches: ScannedSketches?, to path: String) throws(HDF5Error) {
    let file = try NewFile(path)
    let statistics = result.statistics
    try file.write(statistics.counts.map { Int64($0) }, to: counts)
    try file.write(statistics.doubts.map { UInt64(truncatingIfNeeded: $0) }, to: doubtsLow)
    try file.write(statistics.doubts.map { UInt64($0 >> 64) }, to: doubtsHigh)
    try EvidenceDatasets.write(result.evidence, to: file)
    if let sketches { try write(sketches, to: file) }
    try file.close()
  }

  private static func write(_ sketches: ScannedSketches, to file: borrowing NewFile) throws(HDF5Error) {
    let rows = sketches.rows
    let format = rows.format
    let (order, starts) = sketches.sorted()
    try file.write(starts.map { UInt64($0) }, to: Self.starts)
    try write(assignments: sketches.assignments, clusters: format.clusters, to: file)
    let logits = try file.createDataset(
      Self.logits, format.isDouble ? .float64 : .float32, shape: [order.count, format.width])
    let clusters = try file.createDataset(
      Self.clusters, format.hasWideIndices ? .uint32 : .uint16, shape: [order.count, format.width])
    let rests = try file.createDataset(Self.rests, .float32, shape: [order.count])
    let piece = SketchRows(format, capacity: min(pieceRows, max(1, order.count)))
    for start in stride(from: 0, to: order.count, by: pieceRows) {
      let range = start..<min(start + pieceRows, order.count)
      for (place, row) in order[range].enumerated() { piece.copy(Int(row), of: rows, to: place) }
      try logits.write(range, from: UnsafeRawBufferPointer(piece.values))
      try clusters.write(range, from: UnsafeRawBufferPointer(piece.indices))
      try rests.write(range, from: UnsafeRawBufferPointer(piece.rests))
    }
  }
}

extension SegmentFile {
  /// Rows that were left out are of no cluster, for which stands the number after the last cluster's.
  private static func write(
    assignments: UnsafeMutableBufferPointer<Int32>, clusters: Int, to file: borrowing NewFile
  ) throws(HDF5Error) {
    if clusters <= UInt16.max {
      try file.write(assignments.map { UInt16($0 < 0 ? clusters : Int($0)) }, to: Self.assignments)
    } else {
      try file.write(assignments.map { UInt32($0 < 0 ? clusters : Int($0)) }, to: Self.assignments)
    }
  }
}

/// The cluster of each row of a segment, in its file.
struct SegmentAssignments: ~Copyable {
  private let dataset: Dataset
  private let clusters: Int
  private let path: String

  /// - Throws: ``StoreError/damaged(_:reason:)`` if the file does not have them of so many rows.
  init(_ path: String, rows: Int, clusters: Int) throws(StoreError) {
    let dataset = try Self.dataset(path)
    guard dataset.shape == [rows] else {
      throw .damaged(path, reason: "its assignments are of shape \(dataset.shape) instead of \(rows)")
    }
    self.dataset = dataset
    self.clusters = clusters
    self.path = path
  }

  private static func dataset(_ path: String) throws(StoreError) -> Dataset {
    do { return try File(readOnly: path).dataset(SegmentFile.assignments) } catch {
      throw .damaged(path, reason: error.message)
    }
  }

  /// The clusters of some rows, −1 for rows left out.
  ///
  /// - Throws: ``StoreError/damaged(_:reason:)``
  func read(_ rows: Range<Int>) throws(StoreError) -> [Int32] {
    do {
      return clusters <= UInt16.max
        ? try decoded(dataset.readNumbers(UInt16.self, rows: rows))
        : try decoded(dataset.readNumbers(UInt32.self, rows: rows))
    } catch let error as HDF5Error {
      throw .damaged(path, reason: error.message)
    } catch let error as StoreError {
      throw error
    } catch {
      throw .damaged(path, reason: "\(error)")
    }
  }

  private func decoded(_ stored: [some UnsignedInteger]) throws(StoreError) -> [Int32] {
    guard (stored.max() ?? 0) <= clusters else {
      throw .damaged(path, reason: "a row is assigned to a cluster that is not there")
    }
    return stored.map { $0 == clusters ? -1 : Int32($0) }
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

  static func write(_ evidence: Evidence, to file: borrowing NewFile) throws(HDF5Error) {
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
  static func read(_ file: borrowing File, clusters count: Int) throws(HDF5Error) -> Evidence? {
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
    var evidence: Evidence = [:]
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
  static func isAscending(_ places: [UInt64], to end: Int) -> Bool {
    places.first == 0 && places.last == UInt64(end) && zip(places, places.dropFirst()).allSatisfy { $0 <= $1 }
  }
}
