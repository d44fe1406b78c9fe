import Hierarchy

/// The loop of the paper's ablation: of all groups, take the two of which the one gives most to the other, until one group is
/// left. ``MergeStrategy`` says what most is.
///
/// As ``MergeLoop`` it goes as far as it is certain, and stays there; what comes after is tried on a copy. A pair is certain
/// if the lower bound of its average, less 1e-5 of it, is above the upper bound of every other pair; two groups are one pair,
/// whichever of them gives. If it is not, exact evidence decides between all groups that have a pair with such an upper bound,
/// the contenders. Those of which it is not there are pending.
///
/// - Complexity: O(K²), and bounds of each group once.
package struct PairLoop {
  private let aggregation: Aggregation
  private let isPerRow: Bool
  private var groups: GroupForest
  private var parts: [ScoreParts?]
  /// By nodes, those alive.
  private var givers: [Giver?]
  private var merges: [Merge] = []
  private var guesses: [Int] = []
  /// What lacks evidence, if guesses are wanted.
  private var pending: PendingGroups?

  /// The loop before its first step. Clusters without rows take no part.
  package init(_ statistics: ClusterStatistics, aggregation: Aggregation, isPerRow: Bool) {
    self.aggregation = aggregation
    self.isPerRow = isPerRow
    let alive = statistics.counts.indices.filter { statistics.counts[$0] > 0 }
    groups = GroupForest(clusters: statistics.clusters, alive: alive)
    parts = Array(repeating: nil, count: statistics.clusters)
    for cluster in alive { parts[cluster] = ScoreParts(cluster: cluster, of: statistics) }
    givers = Array(repeating: nil, count: statistics.clusters)
  }

  /// Runs the loop.
  ///
  /// Where sketches certify a pair, they decide, even if exact evidence is at hand, so that results do not depend on what was
  /// computed before.
  ///
  /// - Throws: What `evidence` throws; the loop may be run again then.
  package mutating func run(_ evidence: inout some EvidenceSource) throws -> MergeLoop.Outcome {
    while groups.count > 1, try learn(&evidence), let choice = try choice(&evidence) {
      let merged = [choice.giver, choice.receiver].compactMap { givers[$0]?.group }
      merge(choice)
      for group in merged { evidence.forget(group) }
    }
    var rest = self
    rest.pending = PendingGroups(room: evidence.room)
    while rest.groups.count > 1, try rest.learn(&evidence), let choice = try rest.choice(&evidence) {
      rest.merge(choice)
    }
    return MergeLoop.Outcome(merges: rest.merges, pending: rest.pending?.groups ?? [], guesses: rest.guesses)
  }

  /// Takes in what is known of the groups alive that nothing was asked about yet.
  ///
  /// - Returns: Whether something is known of each. Without sketches, that is exact evidence or nothing.
  private mutating func learn(_ evidence: inout some EvidenceSource) throws -> Bool {
    var knowsAll = true
    for node in Array(groups.aliveAscending) where givers[node] == nil {
      let group = Group(groups.clusters(of: node))
      if let bounds = try evidence.bounds(of: group) ?? evidence.exact(group).map({ ReassignedBounds($0) }) {
        givers[node] = Giver(group, bounds: sums(bounds, of: node))
      } else {
        pending?.add(group, byteCount: evidence.exactByteCount(of: group))
        knowsAll = false
      }
    }
    return knowsAll
  }

  private mutating func sums(_ bounds: ReassignedBounds, of node: Int) -> GivenSums {
    let rows = isPerRow ? UInt128(parts[node]?.samples ?? 1) : 1
    return GivenSums(bounds, rows: rows, among: &groups)
  }
}

// MARK: Choosing

extension PairLoop {
  /// Two groups, and how what the one gives to the other compares with other pairs.
  private struct Choice {
    var giver: Int
    var receiver: Int
    var average = PairAverage.zero
    /// The highest of all other pairs, or what that does not exceed.
    var second = PairAverage.zero
    /// All that the giver gives.
    var total: UInt128 = 0
    var evidence = Merge.Evidence.sketch

    /// The group that makes the same pair with another; nil if that is neither of the two.
    func counterpart(of node: Int) -> Int? { node == giver ? receiver : node == receiver ? giver : nil }
  }

  /// The pair to merge; nil if bounds don't tell and exact evidence is lacking, and no guess is wanted.
  private mutating func choice(_ evidence: inout some EvidenceSource) throws -> Choice? {
    let alive = Array(groups.aliveAscending)
    let smallest = SmallestGroups(alive, groups)
    var choice = Choice(giver: alive[0], receiver: alive[1])
    // Of equal averages, the smaller node that gives comes first.
    for node in alive {
      guard let best = givers[node]?.best(groups), best.average > choice.average else { continue }
      (choice.giver, choice.receiver, choice.average) = (node, best.node, best.average)
    }
    var contenders: [Int] = []
    var isNothing = true
    for node in alive {
      let size = smallest.size(except: node)
      let other = givers[node]?.most(except: choice.counterpart(of: node), smallest: size, groups) ?? .zero
      choice.second = max(choice.second, other)
      // What the receiver gives back makes the same pair, but with more of it others would not be the best.
      let most = node == choice.giver ? other : givers[node]?.most(except: nil, smallest: size, groups) ?? .zero
      if node == choice.giver || !choice.average.isClearlyAbove(most) { contenders.append(node) }
      isNothing = isNothing && givers[node]?.bounds.total == 0
    }
    if alive.count == 2 || isNothing || choice.average.isClearlyAbove(choice.second) {
      choice.total = givers[choice.giver]?.bounds.total ?? 0
      return choice
    }
    return try exactChoice(among: contenders, alive, smallest, &evidence)
  }

  /// The pair with the highest average by exact evidence of the contenders, or by guesses where it is lacking.
  private mutating func exactChoice(
    among contenders: [Int], _ alive: [Int], _ smallest: SmallestGroups, _ evidence: inout some EvidenceSource
  ) throws -> Choice? {
    var choice = Choice(giver: alive[0], receiver: alive[1], evidence: .exact)
    for node in contenders where try !refine(node, &evidence) {
      guard pending != nil else { return nil }
      choice.evidence = .estimate
    }
    for node in contenders {
      guard let best = givers[node]?.finestBest(groups), best.average > choice.average else { continue }
      (choice.giver, choice.receiver, choice.average) = (node, best.node, best.average)
    }
    let isContender = Set(contenders)
    for node in alive {
      let (counterpart, size) = (choice.counterpart(of: node), smallest.size(except: node))
      let most =
        isContender.contains(node)
        ? givers[node]?.finestMost(except: counterpart, smallest: size, groups)
        : givers[node]?.most(except: counterpart, smallest: size, groups)
      choice.second = max(choice.second, most ?? .zero)
    }
    // What no contender gives may be bounded above what a guess says.
    choice.second = min(choice.second, choice.average)
    choice.total = givers[choice.giver]?.finestTotal ?? 0
    return choice
  }

  /// Asks for exact evidence of a group; if it is lacking, notes the group as pending and takes the best guess.
  ///
  /// - Returns: Whether the group is known exactly.
  private mutating func refine(_ node: Int, _ evidence: inout some EvidenceSource) throws -> Bool {
    guard let giver = givers[node], !giver.isKnownExactly else { return true }
    try evidence.recall(giver.group)
    if let exact = evidence.exact(giver.group) {
      let sums = sums(ReassignedBounds(exact), of: node)
      givers[node]?.take(exact: sums)
      return true
    }
    if pending != nil, !giver.isGuess, let bounds = try evidence.bounds(of: giver.group) {
      pending?.add(giver.group, byteCount: evidence.exactByteCount(of: giver.group))
      let estimate = try evidence.estimate(of: giver.group, within: bounds) ?? bounds.estimate
      let sums = sums(ReassignedBounds(estimate), of: node)
      givers[node]?.take(guess: sums)
    }
    return false
  }

  private mutating func merge(_ choice: Choice) {
    guard let giver = parts[choice.giver], let receiver = parts[choice.receiver] else {
      preconditionFailure("a merge takes two groups alive")
    }
    if choice.evidence == .estimate { guesses.append(merges.count + 1) }
    let isOnly = groups.count == 2
    let node = groups.merge(choice.giver, choice.receiver)
    let merged = giver + receiver
    parts.append(merged)
    (givers[choice.giver], givers[choice.receiver]) = (nil, nil)
    givers.append(nil)
    for other in groups.aliveAscending { givers[other]?.merge(choice.giver, choice.receiver, into: node) }
    let margin = isOnly ? 1 : choice.average.margin(over: choice.second)
    merges.append(
      Merge(
        step: merges.count + 1, lowest: choice.giver, partner: choice.receiver, node: node, clusters: merged.clusters,
        samples: merged.samples, score: giver.score(aggregation).double,
        gap: choice.average.double - (isOnly ? 0 : choice.second.double), reassigned: choice.average.double,
        share: choice.total == 0 ? 0 : Double(choice.average.sum) / Double(choice.total), margin: margin,
        evidence: guesses.isEmpty ? choice.evidence : .estimate, isNearTie: margin < Merge.nearTieMargin))
  }
}

/// The two groups of the fewest clusters: enough to tell the smallest but for any one.
private struct SmallestGroups {
  private var first = (size: Int.max, node: -1)
  private var second = Int.max

  init(_ alive: [Int], _ groups: GroupForest) {
    for node in alive {
      let size = groups.size(of: node)
      if size < first.size {
        (first, second) = ((size, node), first.size)
      } else if size < second {
        second = size
      }
    }
  }

  func size(except node: Int) -> Int { node == first.node ? second : first.size }
}
