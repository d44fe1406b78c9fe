import Hierarchy

/// Runs the merge loop on what segments tell, again when they tell more.
///
/// Segments' evidence is added up when it is taken in, so that memory does not grow with their number.
public struct SegmentMerging {
  private let statistics: ClusterStatistics
  private let segmentCount: Int
  private let options: BuildOptions
  private let sketches: SketchEvidence?
  private let observer: any BuildObserver
  /// R of each single cluster that reassigns anything, from all segments: a scan always gives it.
  private var singles: [Int: ReassignedProbability] = [:]
  /// Sums of exact evidence of groups of several clusters, and the segments they are of.
  private var sums: [Group: (reassigned: ReassignedProbability, segments: Set<Int>)] = [:]
  /// The groups' bounds from earlier runs, which read a group's rows once.
  private var known: [Group: ReassignedBounds] = [:]

  /// - Parameters:
  ///   - statistics: Of all segments together.
  ///   - sketches: The segments' sketches, one each, or none at all.
  ///   - observer: May stop a run of the merge loop.
  public init(
    _ statistics: ClusterStatistics, segmentCount: Int, sketches: [any SketchReading], options: BuildOptions,
    observer: any BuildObserver
  ) {
    precondition(sketches.isEmpty || sketches.count == segmentCount, "all segments have sketches, or none")
    self.statistics = statistics
    self.segmentCount = segmentCount
    self.options = options
    self.observer = observer
    self.sketches =
      sketches.isEmpty ? nil : SketchEvidence(sketches, clusters: statistics.clusters, options: options)
  }

  /// Takes in exact evidence from the rows of a segment, given by its number; of each group, once.
  public mutating func add(_ evidence: Evidence, ofSegment segment: Int) {
    for (group, reassigned) in evidence {
      if group.clusters.count == 1 {
        singles[group.clusters[0]] = singles[group.clusters[0]].map { $0 + reassigned } ?? reassigned
      } else {
        let isNew = sums[group, default: (.nothing, [])].segments.insert(segment).inserted
        precondition(isNew, "a segment's evidence counts once")
        sums[group, default: (.nothing, [])].reassigned += reassigned
      }
    }
  }

  /// The segments that there is exact evidence from of a group of several clusters.
  public func segments(withEvidenceOf group: Group) -> Set<Int> { sums[group]?.segments ?? [] }

  /// The groups of several clusters that merges were not certain of by sketches alone: nested or disjoint, since they are
  /// nodes of one tree.
  public static func uncertified(_ merges: [Merge]) -> [Group] {
    var members: [Int: [Int]] = [:]
    var found: [Group] = []
    for merge in merges {
      let lowest = members.removeValue(forKey: merge.lowest) ?? [merge.lowest]
      let partner = members.removeValue(forKey: merge.partner) ?? [merge.partner]
      if merge.evidence != .sketch, lowest.count > 1 { found.append(Group(lowest)) }
      members[merge.node] = lowest + partner
    }
    return found
  }

  /// All merges, and the groups whose exact evidence is needed and not there.
  ///
  /// - Throws: What reading sketches throws, ``BuildError/interrupted``
  public mutating func run() throws -> (merges: [Merge], pending: [Group]) {
    let outcome = try MergeLoop.run(statistics, aggregation: options.aggregation, evidence: &self)
    return (outcome.merges, outcome.pending)
  }
}

extension SegmentMerging: EvidenceSource {
  mutating func bounds(of group: Group) throws -> ReassignedBounds? {
    guard let sketches else { return nil }
    if let bounds = known[group] { return bounds }
    // A single cluster's evidence comes with the scan and needs no bounds.
    if group.clusters.count == 1 { return ReassignedBounds(single(group.clusters[0])) }
    let bounds = try sketches.bounds(of: group) { [observer] in observer.shouldStop }
    known[group] = bounds
    return bounds
  }

  /// What sketches leave open is guessed from the segments that exact evidence is there of, if there are any: how far
  /// the middle of the bounds is off for the group's rows in those, it is off for all, in proportion.
  func estimate(of group: Group, within bounds: ReassignedBounds) throws -> ReassignedProbability {
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

  private func single(_ cluster: Int) -> ReassignedProbability { singles[cluster] ?? .nothing }

  func exact(_ group: Group) -> ReassignedProbability? {
    if group.clusters.count == 1 { return single(group.clusters[0]) }
    guard let sum = sums[group], sum.segments.count == segmentCount else { return nil }
    return sum.reassigned
  }
}
