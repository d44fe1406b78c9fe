import Hierarchy

/// Runs the merge loop on what segments tell, again when they tell more.
///
/// Segments' evidence is added up when it is taken in, so that memory does not grow with their number.
public struct SegmentMerging {
  private let statistics: ClusterStatistics
  private let segmentCount: Int
  private let options: BuildOptions
  private let sketches: SketchEvidence?
  /// Sums of exact evidence, and how many segments they are of.
  private var sums: [Group: (reassigned: ReassignedProbability, segments: Int)] = [:]
  /// The groups' bounds from earlier runs, which read a group's rows once.
  private var known: [Group: ReassignedBounds] = [:]

  /// - Parameters:
  ///   - statistics: Of all segments together.
  ///   - sketches: The segments' sketches, one each, or none at all.
  public init(
    _ statistics: ClusterStatistics, segmentCount: Int, sketches: [any SketchReading], options: BuildOptions
  ) {
    precondition(sketches.isEmpty || sketches.count == segmentCount, "all segments have sketches, or none")
    self.statistics = statistics
    self.segmentCount = segmentCount
    self.options = options
    self.sketches =
      sketches.isEmpty ? nil : SketchEvidence(sketches, clusters: statistics.clusters, options: options)
  }

  /// Takes in exact evidence from the rows of one segment; of each group, once.
  public mutating func add(_ evidence: Evidence) {
    for (group, reassigned) in evidence {
      if let sum = sums[group] {
        sums[group] = (sum.reassigned + reassigned, sum.segments + 1)
      } else {
        sums[group] = (reassigned, 1)
      }
    }
  }

  /// All merges, and the groups whose exact evidence is needed and not there.
  ///
  /// - Throws: What reading sketches throws.
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
    if group.clusters.count == 1, let single = exact(group) { return ReassignedBounds(single) }
    let bounds = try sketches.bounds(of: group)
    known[group] = bounds
    return bounds
  }

  func exact(_ group: Group) -> ReassignedProbability? {
    guard let sum = sums[group], sum.segments == segmentCount else { return nil }
    return sum.reassigned
  }
}
