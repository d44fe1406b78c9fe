import Hierarchy

/// The method's loop: take the group with the lowest score, merge it with its partner, until one group is left.
///
/// The loop depends on nothing but statistics and evidence. It goes as far as it is certain, and stays there. What comes
/// after is tried on a copy, to learn which groups lack evidence. When there is more evidence, the loop goes on from where
/// it stayed.
///
/// L2H, Palumbo et al., ICML 2025 (arXiv 2410.07858), algorithm 1; ties as in its published listing.
///
/// - Complexity: O(K log K) plus the nonzero entries of the evidence used; each lowest group is also listed once.
package struct MergeLoop {
  /// Where a run of the loop got.
  package struct Outcome {
    /// All merges, or those up to a group that nothing is known of.
    package var merges: [Merge] = []
    /// The groups whose exact reassigned probability is needed and not known, so that the run is not the last; if there is
    /// no room for the evidence of all, the first of them.
    package var pending: [Group] = []
    /// The steps whose partner was guessed, of which all that follow are estimates too.
    package var guesses: [Int] = []
  }

  private let aggregation: Aggregation
  private var groups: ScoredGroups
  private var merges: [Merge] = []
  private var guesses: [Int] = []
  private var search: PartnerSearch
  /// Of each node, how many rows sketches leave unresolved at least: what is unresolved of a group is so of all around it.
  private var unresolved: [Int]

  /// The loop before its first step. Clusters without rows take no part.
  package init(_ statistics: ClusterStatistics, aggregation: Aggregation) {
    self.aggregation = aggregation
    groups = ScoredGroups(statistics, aggregation: aggregation)
    unresolved = Array(repeating: 0, count: statistics.clusters)
    search = PartnerSearch(nodes: 2 * statistics.clusters)
  }

  /// Runs the loop.
  ///
  /// Where sketches certify a partner, they decide, even if exact evidence is at hand, so that results do not depend on
  /// what was computed before. Where they don't and exact evidence is missing, the group is pending and the best
  /// estimate is taken, to learn of as many pending groups as can be. Where there is nothing to estimate from, neither
  /// sketches nor rows in memory, the run ends, and all groups alive are pending.
  ///
  /// - Throws: What `evidence` throws; the loop may be run again then.
  package mutating func run(_ evidence: inout some EvidenceSource) throws -> Outcome {
    while let (lowest, group) = next() {
      if try !mergeWithoutBounds(lowest, group, &evidence) {
        let bounds = try bounds(lowest, group, &evidence)
        guard try mergeIfCertain(lowest, group, bounds, &evidence) else { break }
      }
      evidence.forget(group)
    }
    var rest = self
    let pending = try rest.guess(&evidence)
    return Outcome(merges: rest.merges, pending: pending, guesses: rest.guesses)
  }

  /// Runs to the end, or as far as there is anything to go by, and returns the groups that are pending.
  private mutating func guess(_ evidence: inout some EvidenceSource) throws -> [Group] {
    var pending = PendingGroups(room: evidence.room)
    while let (lowest, group) = next() {
      if try mergeWithoutBounds(lowest, group, &evidence) { continue }
      let bounds = try bounds(lowest, group, &evidence)
      if try mergeIfCertain(lowest, group, bounds, &evidence) { continue }
      pending.add(group, byteCount: evidence.exactByteCount(of: group))
      guard let guess = try evidence.estimate(of: group, within: bounds) else {
        for node in groups.forest.aliveAscending where node != lowest {
          let other = self.group(node)
          if evidence.exact(other) == nil { pending.add(other, byteCount: evidence.exactByteCount(of: other)) }
        }
        break
      }
      guesses.append(merges.count + 1)
      merge(partner(of: lowest, guess), .estimate)
    }
    return pending.groups
  }

  /// The group with the lowest score, the next to be merged; nil if all clusters are in one group.
  private mutating func next() -> (lowest: Int, group: Group)? {
    guard groups.count > 1, let lowest = groups.lowest()?.node else { return nil }
    return (lowest, group(lowest))
  }

  private mutating func bounds(
    _ lowest: Int, _ group: Group, _ evidence: inout some EvidenceSource
  ) throws -> ReassignedBounds? {
    let bounds = try evidence.bounds(of: group)
    if let bounds { unresolved[lowest] = max(unresolved[lowest], bounds.unresolved) }
    return bounds
  }

  /// Merges the lowest group by exact evidence, where bounds would certify nothing: then they need not be found, which takes
  /// reading the sketches of all its rows.
  private mutating func mergeWithoutBounds(
    _ lowest: Int, _ group: Group, _ evidence: inout some EvidenceSource
  ) throws -> Bool {
    guard isBeyondBounds(lowest) else { return false }
    try evidence.recall(group)
    guard let reassigned = evidence.exact(group) else { return false }
    merge(partner(of: lowest, reassigned), .exact)
    return true
  }

  /// Whether at least half of the rows are unresolved, and two single clusters are alive: either of them may get all these rows,
  /// and no group more on average.
  private func isBeyondBounds(_ lowest: Int) -> Bool {
    let samples = samples(lowest)
    guard samples > 0, 2 * unresolved[lowest] >= samples else { return false }
    let others = groups.forest.aliveAscending.lazy.filter { $0 != lowest }.prefix(2)
    return others.count(where: { groups.forest.size(of: $0) == 1 }) == 2
  }

  /// Merges the lowest group, if bounds or exact evidence tell with certainty with which.
  private mutating func mergeIfCertain(
    _ lowest: Int, _ group: Group, _ bounds: ReassignedBounds?, _ evidence: inout some EvidenceSource
  ) throws -> Bool {
    if let bounds, let partner = certifiedPartner(of: lowest, bounds) {
      merge(partner, .sketch)
      return true
    }
    try evidence.recall(group)
    if let reassigned = evidence.exact(group) {
      merge(partner(of: lowest, reassigned), .exact)
    } else if let bounds, evidence.isFinal(group, within: bounds),
      let partner = certifiedPartner(of: lowest, bounds, isFinal: true)
    {
      merge(partner, .sketch)
    } else if let bounds = try evidence.narrowerBounds(of: group), let partner = certifiedPartner(of: lowest, bounds) {
      merge(partner, .sketch)
    } else {
      return false
    }
    return true
  }

  private mutating func partner(of lowest: Int, _ reassigned: ReassignedProbability) -> PartnerSearch.Choice {
    search.partner(of: lowest, reassigned, among: &groups.forest)
  }

  private mutating func certifiedPartner(
    of lowest: Int, _ bounds: ReassignedBounds, isFinal: Bool = false
  ) -> PartnerSearch.Choice? {
    search.certifiedPartner(of: lowest, bounds, among: &groups.forest, isFinal: isFinal)
  }

  /// - Parameter evidence: Of what follows a guess, no evidence is more than an estimate.
  private mutating func merge(_ choice: PartnerSearch.Choice, _ evidence: Merge.Evidence) {
    guard let lowest = groups.takeLowest() else { preconditionFailure("a merge takes two groups alive") }
    let gap = groups.gap(above: lowest)
    let nearTieGap = groups.parts(of: lowest.node).nearTieGap(aggregation)
    let node = groups.merge(lowest.node, choice.partner)
    let merged = groups.parts(of: node)
    unresolved.append(unresolved[lowest.node] + unresolved[choice.partner])
    merges.append(
      Merge(
        step: merges.count + 1, lowest: lowest.node, partner: choice.partner, node: node,
        clusters: merged.clusters, samples: merged.samples, score: lowest.score.double, gap: gap,
        reassigned: choice.average, share: choice.share, margin: choice.margin,
        evidence: guesses.isEmpty ? evidence : .estimate,
        isNearTie: choice.margin < Merge.nearTieMargin || gap < nearTieGap))
  }
}

/// The loop step by step, for who has bounds of one group after another, and no other evidence.
extension MergeLoop {
  /// K.
  var clusters: Int { search.nodeCount / 2 }

  /// The node of the next group to be merged; nil if all clusters are in one group.
  mutating func lowestNode() -> Int? { groups.count > 1 ? groups.lowest()?.node : nil }

  /// The clusters of a node alive.
  func group(_ node: Int) -> Group { Group(groups.forest.clusters(of: node)) }

  /// The node alive that has exactly these clusters; nil if there is none.
  mutating func node(of group: Group) -> Int? {
    let node = groups.forest.group(of: group.clusters[0])
    guard groups.forest.isAlive(node), groups.forest.size(of: node) == group.clusters.count else { return nil }
    for cluster in group.clusters where groups.forest.group(of: cluster) != node { return nil }
    return node
  }

  /// The rows of a node alive.
  func samples(_ node: Int) -> Int { groups.parts(of: node).samples }

  /// Merges the lowest group with the partner that bounds certify, or else with that of their middles, and returns the
  /// merge.
  ///
  /// - Precondition: There is a ``lowestNode()``, and the bounds are its.
  mutating func merge(by bounds: ReassignedBounds) -> Merge {
    guard let lowest = groups.lowest()?.node else { preconditionFailure("a merge takes two groups alive") }
    if let partner = certifiedPartner(of: lowest, bounds) {
      merge(partner, .sketch)
    } else {
      merge(partner(of: lowest, bounds.estimate), .estimate)
    }
    return merges[merges.count - 1]
  }
}
