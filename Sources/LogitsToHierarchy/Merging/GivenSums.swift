/// What is known of a group's reassigned probability, added up by the groups it goes to: bounds, or sums that are equal.
struct GivenSums: Sendable {
  struct Interval: Sendable {
    var lower: UInt128 = 0
    var upper: UInt128 = 0
  }

  /// A group and what it gets on average, at most or at least.
  struct Receiver: Sendable {
    let node: Int
    let average: PairAverage
  }

  /// By nodes alive, those that get something.
  private(set) var intervals: [Int: Interval] = [:]
  /// What may go to any one cluster, beside the upper bounds.
  let unresolved: UInt128
  /// All that is given, to clusters without rows too: the upper bounds and what is unresolved.
  let total: UInt128
  /// The number that averages are divided by beside the receiver's clusters.
  let rows: UInt128
  /// Whether bounds are equal.
  let isExact: Bool
  /// The receiver with the highest lower bound, and the two with the highest upper bounds; nil where they have to be found.
  private var ranking: Ranking?

  private struct Ranking: Sendable {
    var best: Receiver?
    var first: Receiver?
    var second: Receiver?

    func has(_ node: Int) -> Bool { best?.node == node || first?.node == node || second?.node == node }
  }

  init(_ bounds: ReassignedBounds, rows: UInt128, among groups: inout GroupForest) {
    var total: UInt128 = 0
    var isExact = bounds.unresolved == 0
    for (index, cluster) in bounds.clusters.enumerated() where bounds.upper[index] > 0 {
      total += bounds.upper[index]
      isExact = isExact && bounds.lower[index] == bounds.upper[index]
      let node = groups.group(of: cluster)
      guard groups.isAlive(node) else { continue }
      intervals[node, default: Interval()].lower += bounds.lower[index]
      intervals[node, default: Interval()].upper += bounds.upper[index]
    }
    unresolved = UInt128(bounds.unresolved) * UInt128(FixedPoint.one)
    self.total = total + unresolved
    self.rows = rows
    self.isExact = isExact
  }

  /// Adds up what goes to two groups, which are one now.
  mutating func merge(_ first: Int, _ second: Int, into node: Int) {
    let (a, b) = (intervals.removeValue(forKey: first), intervals.removeValue(forKey: second))
    guard a != nil || b != nil else { return }
    let (x, y) = (a ?? Interval(), b ?? Interval())
    intervals[node] = Interval(lower: x.lower + y.lower, upper: x.upper + y.upper)
    // The average of both is not above the larger of the two averages.
    if let ranking, ranking.has(first) || ranking.has(second) { self.ranking = nil }
  }

  /// The group that certainly gets most, of equals the one of the smallest node; nil if none gets anything for certain.
  mutating func best(_ groups: GroupForest) -> Receiver? { ranked(groups).best }

  /// The most that any group may get on average but one.
  ///
  /// - Parameter smallest: The number of clusters of the smallest group: all that is unresolved may go there.
  mutating func most(except node: Int?, smallest: Int, _ groups: GroupForest) -> PairAverage {
    let ranking = ranked(groups)
    let most = ranking.first.flatMap { $0.node == node ? ranking.second : $0 }?.average ?? .zero
    return unresolved == 0 ? most : max(most, PairAverage(sum: unresolved, divisor: UInt128(smallest) * rows))
  }

  private mutating func ranked(_ groups: GroupForest) -> Ranking {
    if let ranking { return ranking }
    var found = Ranking()
    for (node, interval) in intervals {
      let divisor = UInt128(groups.size(of: node)) * rows
      let lower = Receiver(node: node, average: PairAverage(sum: interval.lower, divisor: divisor))
      if interval.lower > 0, found.best.map({ lower.precedes($0) }) ?? true { found.best = lower }
      let upper = Receiver(node: node, average: PairAverage(sum: interval.upper + unresolved, divisor: divisor))
      if found.first.map({ upper.precedes($0) }) ?? true {
        (found.first, found.second) = (upper, found.first)
      } else if found.second.map({ upper.precedes($0) }) ?? true {
        found.second = upper
      }
    }
    ranking = found
    return found
  }
}

extension GivenSums.Receiver {
  /// Whether this gets more, or as much with a smaller node.
  func precedes(_ other: GivenSums.Receiver) -> Bool {
    average > other.average || average == other.average && node < other.node
  }
}
