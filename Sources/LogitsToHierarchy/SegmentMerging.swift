import Hierarchy

/// A segment as the merge loop needs it.
public protocol SegmentEvidence: Sendable {
  var statistics: ClusterStatistics { get }
  /// Exact evidence of groups, single clusters among them, from the segment's rows.
  func exact(_ group: Group) -> ReassignedProbability?
  /// The rows' sketches; nil where none are kept.
  var sketches: (any SketchReading)? { get }
}

/// Runs the merge loop on segments, and keeps what it found out for the next run.
public struct SegmentMerging {
  private let segments: [any SegmentEvidence]
  private let statistics: ClusterStatistics
  private let options: BuildOptions
  private let sketches: SketchEvidence?
  /// The groups' bounds from earlier runs, which read a group's rows once.
  private var known: [Group: ReassignedBounds] = [:]

  public init(_ segments: [any SegmentEvidence], options: BuildOptions) {
    let clusters = segments.first?.statistics.clusters ?? 0
    self.segments = segments
    self.options = options
    statistics = segments.reduce(into: ClusterStatistics(clusters: clusters)) { $0.add($1.statistics) }
    let readers = segments.compactMap(\.sketches)
    sketches =
      readers.count == segments.count ? SketchEvidence(readers, clusters: clusters, options: options) : nil
  }

  /// All merges, and the groups whose exact evidence is needed and not there.
  ///
  /// - Throws: What reading the segments throws.
  public mutating func run() throws -> (merges: [Merge], pending: [Group]) {
    let outcome = try MergeLoop.run(statistics, aggregation: options.aggregation, evidence: &self)
    return (outcome.merges, outcome.pending)
  }

  /// The same with segments that have more exact evidence, of the same rows.
  public mutating func run(with segments: [any SegmentEvidence]) throws -> (merges: [Merge], pending: [Group]) {
    var next = SegmentMerging(segments, options: options)
    next.known = known
    let result = try next.run()
    self = next
    return result
  }
}

extension SegmentMerging: EvidenceSource {
  mutating func bounds(of group: Group) throws -> ReassignedBounds? {
    guard let sketches else { return nil }
    if let bounds = known[group] { return bounds }
    // A single cluster's evidence comes with the scan.
    let bounds: ReassignedBounds
    if group.clusters.count == 1, let single = exact(group) {
      bounds = ReassignedBounds(single)
    } else {
      bounds = try sketches.bounds(of: group)
    }
    known[group] = bounds
    return bounds
  }

  func exact(_ group: Group) -> ReassignedProbability? {
    if segments.count == 1 { return segments[0].exact(group) }
    var sums: [Int: UInt128] = [:]
    for segment in segments {
      guard let evidence = segment.exact(group) else { return nil }
      for (cluster, sum) in zip(evidence.clusters, evidence.sums) { sums[cluster, default: 0] += sum }
    }
    let clusters = sums.keys.sorted()
    return ReassignedProbability(clusters: clusters, sums: clusters.map { sums[$0, default: 0] })
  }
}
