import Hierarchy
import Threads

/// Finds, for merges that were made, what other groups would have got of what the lowest group reassigns.
///
/// Figures are those that the merge was decided by: what is certain from sketches, so that a group gets that at least, or what exact
/// evidence says. So the partner's
/// are those of the merge.
package struct RivalSearch {
  private let hierarchy: ClusterHierarchy
  private let sketches: SketchEvidence?
  /// Whether single clusters have bounds too, as in top-k dumps.
  private let boundsSingles: Bool
  private let evidence: ExactEvidence
  private let shouldStop: @Sendable () -> Bool
  private var groups: GroupForest
  /// The merges that `groups` has taken.
  private var merged = 0

  /// - Parameters:
  ///   - evidence: R of single clusters, and of groups whose rows have all been asked, from all segments together.
  ///   - sketches: The segments' sketches, one each, or none at all.
  ///   - meaning: Of the rows that the sketches are of.
  package init(
    _ hierarchy: ClusterHierarchy, _ evidence: ExactEvidence, sketches: [any SketchReading], meaning: RowMeaning,
    workers: Int, shouldStop: @escaping @Sendable () -> Bool
  ) {
    self.hierarchy = hierarchy
    self.evidence = evidence
    self.shouldStop = shouldStop
    boundsSingles = sketches.contains { $0.format.hasRestErrors }
    self.sketches =
      sketches.isEmpty
      ? nil : SketchEvidence(sketches, clusters: hierarchy.clusters.count, meaning: meaning, workers: workers)
    groups = GroupForest(clusters: hierarchy.clusters.count, alive: hierarchy.leaves)
  }

  /// The group that a merge began with.
  package static func lowestGroup(of merge: Merge, in hierarchy: ClusterHierarchy) -> Group {
    Group(hierarchy.leaves(below: merge.lowest))
  }

  /// The rivals of a merge; nil if nothing tells. Merges must be asked in order; some may be left out.
  ///
  /// - Parameter most: The most groups to list, the partner among them.
  /// - Throws: What reading sketches throws, ``Interrupted``
  package mutating func rivals(of merge: Merge, most: Int) throws -> MergeRivals? {
    while merged < merge.step - 1 {
      _ = groups.merge(hierarchy.merges[merged].lowest, hierarchy.merges[merged].partner)
      merged += 1
    }
    guard let bounds = try bounds(of: merge) else { return nil }
    let unresolved = UInt128(bounds.unresolved) * UInt128(FixedPoint.one)
    let total = Double(bounds.upper.reduce(unresolved, +))
    var sums: [Int: UInt128] = [merge.partner: 0]
    for (cluster, sum) in zip(bounds.clusters, bounds.lower) where sum > 0 {
      let node = groups.group(of: cluster)
      if groups.isAlive(node) { sums[node, default: 0] += sum }
    }
    let found = sums.map { node, sum in
      MergeRivals.Rival(
        node: node, reassigned: FixedPoint.double(sum) / Double(groups.size(of: node)),
        share: total == 0 ? 0 : Double(sum) / total)
    }
    // The partner is the first by definition, also where it is one of several that get as much.
    let sorted = found.sorted { first, second in
      if (first.node == merge.partner) != (second.node == merge.partner) { return first.node == merge.partner }
      return first.reassigned == second.reassigned ? first.node < second.node : first.reassigned > second.reassigned
    }
    return MergeRivals(node: merge.node, groups: Array(sorted.prefix(most)))
  }

  /// What decided a merge, with no width where it is exact, or an estimate; nil if that is not there.
  private func bounds(of merge: Merge) throws -> ReassignedBounds? {
    let group = Self.lowestGroup(of: merge, in: hierarchy)
    let isSingle = group.clusters.count == 1
    if isSingle, !boundsSingles { return ReassignedBounds(evidence[group] ?? .nothing) }
    if merge.evidence == .exact, let exact = evidence[group] { return ReassignedBounds(exact) }
    guard let bounds = try sketches?.bounds(of: group, shouldStop: shouldStop) else {
      return evidence[group].map(ReassignedBounds.init)
    }
    return merge.evidence == .estimate ? ReassignedBounds(bounds.estimate) : bounds
  }
}
