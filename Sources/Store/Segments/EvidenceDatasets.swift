import Checksums
import HDF5
import LogitsToHierarchy

/// Exact evidence in an HDF5 file: groups, and for each the clusters that something was reassigned to, with the sums.
enum EvidenceDatasets {
  static let groupStarts = "/reassigned/group_starts"
  static let groupClusters = "/reassigned/group_clusters"
  static let starts = "/reassigned/starts"
  static let clusters = "/reassigned/clusters"
  static let sumsLow = "/reassigned/sums_low"
  static let sumsHigh = "/reassigned/sums_high"

  /// Writes evidence to a new file of its own. Returns what it is meant to hold.
  static func write(_ evidence: ExactEvidence, to path: String) throws(HDF5Error) -> FileSum {
    let file = try NewFile(path)
    try write(evidence, to: file)
    return try file.close()
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

  /// Whether positions begin with 0, never go back, and end with `end`.
  static func isAscending(_ positions: [UInt64], to end: Int) -> Bool {
    positions.first == 0 && positions.last == UInt64(end)
      && zip(positions, positions.dropFirst()).allSatisfy { $0 <= $1 }
  }
}
