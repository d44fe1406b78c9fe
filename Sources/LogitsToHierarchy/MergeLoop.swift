import HeapModule
import Hierarchy

/// The method's loop: take the group with the lowest score, merge it with its partner, until one group is left.
///
/// The loop depends on nothing but statistics and evidence, so it is run again from the start when there is more
/// evidence. L2H, Palumbo et al., ICML 2025 (arXiv 2410.07858), algorithm 1; ties as in its published listing.
///
/// - Complexity: O(K log K) plus the nonzero entries of the evidence used; each lowest group is also listed once.
struct MergeLoop {
  /// Where a run of the loop got.
  struct Outcome {
    /// All merges, or those up to a group that nothing is known of.
    var merges: [Merge] = []
    /// The groups whose exact reassigned probability is needed and not known, so that the run is not the last.
    var pending: [Group] = []
  }

  private let aggregation: Aggregation
  private var groups: GroupForest
  private var parts: [ScoreParts?]
  private var queue: Heap<Entry>
  private var merges: [Merge] = []
  private var search: PartnerSearch

  private struct Entry: Comparable {
    let score: Score
    let node: Int

    /// Of equal scores, the smaller node id is the lower.
    static func < (a: Entry, b: Entry) -> Bool { (a.score, a.node) < (b.score, b.node) }
  }

  /// The loop before its first step. Clusters without rows take no part.
  init(_ statistics: ClusterStatistics, aggregation: Aggregation) {
    self.aggregation = aggregation
    let alive = statistics.counts.indices.filter { statistics.counts[$0] > 0 }
    groups = GroupForest(clusters: statistics.clusters, alive: alive)
    parts = Array(repeating: nil, count: statistics.clusters)
    for cluster in alive { parts[cluster] = ScoreParts(cluster: cluster, of: statistics) }
    let parts = parts
    queue = Heap(alive.compactMap { node in parts[node].map { Entry(score: $0.score(aggregation), node: node) } })
    search = PartnerSearch(nodes: 2 * statistics.clusters)
  }

  /// Runs the loop.
  ///
  /// Where sketches certify a partner, they decide, even if exact evidence is at hand, so that results do not depend on
  /// what was computed before. Where they don't and exact evidence is missing, the group is pending and the best
  /// estimate is taken, to learn of as many pending groups as can be. Without sketches there is nothing to estimate
  /// from: the run ends, and all groups alive are pending.
  ///
  /// - Throws: What `evidence` throws.
  static func run(
    _ statistics: ClusterStatistics, aggregation: Aggregation, evidence: inout some EvidenceSource
  ) throws -> Outcome {
    var loop = MergeLoop(statistics, aggregation: aggregation)
    var pending: [Group] = []
    while let lowest = loop.lowest(), loop.groups.count > 1 {
      let group = Group(loop.groups.clusters(of: lowest.node))
      let bounds = try evidence.bounds(of: group)
      if let bounds, let partner = loop.certifiedPartner(of: lowest, bounds) {
        loop.merge(lowest, partner, .sketch)
      } else if let reassigned = evidence.exact(group) {
        loop.merge(lowest, loop.partner(of: lowest, reassigned), .exact)
      } else if let bounds {
        pending.append(group)
        let guess = try evidence.estimate(of: group, within: bounds)
        loop.merge(lowest, loop.partner(of: lowest, guess), .estimate)
      } else {
        pending = loop.groups.aliveAscending.map { Group(loop.groups.clusters(of: $0)) }.filter {
          evidence.exact($0) == nil
        }
        break
      }
    }
    return Outcome(merges: loop.merges, pending: pending)
  }

  private mutating func partner(of lowest: Entry, _ reassigned: ReassignedProbability) -> PartnerSearch.Choice {
    search.partner(of: lowest.node, reassigned, among: &groups)
  }

  private mutating func certifiedPartner(of lowest: Entry, _ bounds: ReassignedBounds) -> PartnerSearch.Choice? {
    search.certifiedPartner(of: lowest.node, bounds, among: &groups)
  }

  /// The group with the lowest score, left in the queue. Groups that were merged away are dropped on the way.
  private mutating func lowest() -> Entry? {
    while let entry = queue.min {
      if groups.isAlive(entry.node) { return entry }
      queue.removeMin()
    }
    return nil
  }

  private mutating func merge(_ lowest: Entry, _ choice: PartnerSearch.Choice, _ evidence: Merge.Evidence) {
    queue.removeMin()
    guard let runnerUp = self.lowest(), let lowestParts = parts[lowest.node] else {
      preconditionFailure("a merge takes two groups alive")
    }
    guard let partnerParts = parts[choice.partner] else { preconditionFailure("a partner is alive") }

    let node = groups.merge(lowest.node, choice.partner)
    let merged = lowestParts + partnerParts
    parts.append(merged)
    queue.insert(Entry(score: merged.score(aggregation), node: node))

    let gap = runnerUp.score.gap(above: lowest.score)
    merges.append(
      Merge(
        step: merges.count + 1, lowest: lowest.node, partner: choice.partner, node: node,
        clusters: merged.clusters, samples: merged.samples, score: lowest.score.double, gap: gap,
        reassigned: choice.average, share: choice.share, margin: choice.margin, evidence: evidence,
        isNearTie: choice.margin < Merge.nearTieMargin || gap < lowestParts.nearTieGap(aggregation)))
  }
}
