import Hierarchy

/// What segments tell of groups, added up, for the merge loop to ask: exact evidence, and bounds from sketches.
///
/// Segments' evidence is added up when it is taken in, so that memory does not grow with their number.
package struct EvidencePool {
  private let statistics: ClusterStatistics
  private let segmentCount: Int
  private let sketches: SketchEvidence?
  private let observer: any BuildObserver
  /// R of each single cluster that reassigns anything, from all segments: a scan always gives it.
  private var singles: [Int: ReassignedProbability] = [:]
  /// Sums of exact evidence of groups of several clusters, and the segments they are of.
  private var sums: [Group: (reassigned: ReassignedProbability, segments: Set<Int>)] = [:]
  /// The bytes there is still room for in ``sums``.
  package private(set) var room: Int
  /// Groups' bounds from earlier runs of the loop, which read a group's rows once.
  private var known: [Group: ReassignedBounds] = [:]
  /// The bytes there is still room for in ``known``. If one cluster after another is merged with the same group, all groups
  /// together have K² clusters. Those that find no room are read anew in each run.
  private var roomForKnown: Int

  /// - Parameters:
  ///   - statistics: Of all segments together.
  ///   - sketches: The segments' sketches, one each, or none at all.
  ///   - meaning: Of the rows that the sketches are of.
  ///   - observer: May stop a run of the merge loop.
  package init(
    _ statistics: ClusterStatistics, segmentCount: Int, sketches: [any SketchReading], meaning: RowMeaning,
    memory: MemoryPlan, observer: any BuildObserver
  ) {
    precondition(sketches.isEmpty || sketches.count == segmentCount, "all segments have sketches, or none")
    self.statistics = statistics
    self.segmentCount = segmentCount
    self.observer = observer
    roomForKnown = memory.bounds
    room = memory.evidence
    self.sketches =
      sketches.isEmpty
      ? nil
      : SketchEvidence(
        sketches, clusters: statistics.clusters, meaning: meaning, workers: memory.mergeWorkers)
  }

  /// Takes in exact evidence from the rows of a segment, given by its number; of each group, once.
  package mutating func add(_ evidence: ExactEvidence, ofSegment segment: Int) {
    for (group, reassigned) in evidence {
      if group.clusters.count == 1 {
        singles[group.clusters[0]] = singles[group.clusters[0]].map { $0 + reassigned } ?? reassigned
      } else {
        var sum = sums[group, default: (.nothing, [])]
        room += byteCount(of: group, sum.reassigned, segments: sum.segments.count)
        let isNew = sum.segments.insert(segment).inserted
        precondition(isNew, "a segment's evidence counts once")
        sum.reassigned += reassigned
        room -= byteCount(of: group, sum.reassigned, segments: sum.segments.count)
        sums[group] = sum
      }
    }
  }

  /// The segments that there is exact evidence from of a group of several clusters.
  package func segments(withEvidenceOf group: Group) -> Set<Int> { sums[group]?.segments ?? [] }

  /// What a group's evidence takes in memory; nothing if there is none.
  private func byteCount(of group: Group, _ reassigned: ReassignedProbability, segments: Int) -> Int {
    guard segments > 0 else { return 0 }
    return group.byteCount + ReassignedProbability.byteCount(sums: reassigned.clusters.count)
      + 2 * MemoryLayout<Int>.stride * segments
  }
}

extension EvidencePool: EvidenceSource {
  package mutating func bounds(of group: Group) throws -> ReassignedBounds? {
    guard let sketches else { return nil }
    if let bounds = known[group] { return bounds }
    // A single cluster's evidence comes with the scan and needs no bounds.
    if group.clusters.count == 1 { return ReassignedBounds(single(group.clusters[0])) }
    let bounds = try sketches.bounds(of: group) { [observer] in observer.shouldStop }
    let byteCount = group.byteCount + bounds.byteCount
    if byteCount <= roomForKnown {
      roomForKnown -= byteCount
      known[group] = bounds
    }
    return bounds
  }

  /// The middle of the bounds, corrected by the segments that have exact evidence of the group, if there are any. In those
  /// it is known how far the middle is off, and for all rows it is taken to be off in proportion.
  package func estimate(of group: Group, within bounds: ReassignedBounds) throws -> ReassignedProbability {
    guard let sketches, let (sampled, segments) = sums[group] else { return bounds.estimate }
    let rows = group.clusters.reduce(0) { $0 + statistics.counts[$1] }
    let sampledRows = sketches.rowCount(of: group, in: segments)
    guard sampledRows > 0 else { return bounds.estimate }
    let factor = Double(rows) / Double(sampledRows)
    var estimates = Dictionary(uniqueKeysWithValues: bounds.estimate.values.map { ($0.cluster, $0.value) })
    for (cluster, value) in sampled.values { estimates[cluster, default: 0] += factor * value }
    let sampledBounds = try sketches.bounds(of: group, in: segments) { [observer] in observer.shouldStop }
    for (cluster, value) in sampledBounds.estimate.values {
      estimates[cluster, default: 0] -= factor * value
    }
    let positive = estimates.filter { $0.value > 0 }.sorted { $0.key < $1.key }
    return ReassignedProbability(
      clusters: positive.map(\.key), sums: positive.map { UInt128(($0.value * 0x1p40).rounded()) })
  }

  /// A group's rows may each add to the sum of another cluster. Its clusters are also listed where it is named.
  package func exactByteCount(of group: Group) -> Int {
    let rows = group.clusters.reduce(0) { $0 + statistics.counts[$1] }
    let sums = min(rows, statistics.clusters - group.clusters.count)
    return 2 * group.byteCount + ReassignedProbability.byteCount(sums: sums)
  }

  package mutating func forget(_ group: Group) {
    if group.clusters.count == 1 { singles[group.clusters[0]] = nil }
    if let bounds = known.removeValue(forKey: group) { roomForKnown += group.byteCount + bounds.byteCount }
    if let (reassigned, segments) = sums.removeValue(forKey: group) {
      room += byteCount(of: group, reassigned, segments: segments.count)
    }
  }

  private func single(_ cluster: Int) -> ReassignedProbability { singles[cluster] ?? .nothing }

  package func exact(_ group: Group) -> ReassignedProbability? {
    if group.clusters.count == 1 { return single(group.clusters[0]) }
    guard let sum = sums[group], sum.segments.count == segmentCount else { return nil }
    return sum.reassigned
  }
}
