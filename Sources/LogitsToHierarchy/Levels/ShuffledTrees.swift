import Hierarchy
import Synchronization
import Threads

/// Trees of clusters whose doubt falls to others as unevenly as that of the real ones, but to any: what a tree makes of doubt
/// in which there are no groups.
///
/// A cluster keeps its shares, and who gets them is drawn anew. The merge loop is the method's: lowest score, and the partner
/// with the highest average. What a group gives to others is the sum of its clusters' shares.
package struct ShuffledTrees {
  let shares: DoubtShares
  let statistics: ClusterStatistics
  let aggregation: Aggregation

  package init(shares: DoubtShares, statistics: ClusterStatistics, aggregation: Aggregation) {
    self.shares = shares
    self.statistics = statistics
    self.aggregation = aggregation
  }

  /// The most trees. That none of 99 reaches what the real tree does, happens by chance once in a hundred times (Hope 1968).
  static let most = Levels.mostShuffledTrees
  /// The fewest: by chance it happens once in twenty times.
  static let fewest = 19
  /// How many shares all trees together are made of, about, if the fewest are not more already.
  static let mostShares = 100_000_000

  /// What the trees make of doubt.
  struct Found {
    /// The highest modularity of any level of any of the trees.
    let modularity: Double
    let trees: Int
  }

  private var shareCount: Int { shares.rows.reduce(0) { $0 + $1.clusters.count } }

  /// How many trees are made: the fewer, the more shares each has.
  package var count: Int { max(Self.fewest, min(Self.most, Self.mostShares / max(1, shareCount))) }

  /// The highest modularity of any tree; where that of the first is no lower than `candidate`, the others are not made.
  ///
  /// - Throws: ``Interrupted``
  func highestModularity(
    against candidate: Double, workers: Int, shouldStop: @escaping @Sendable () -> Bool
  ) throws -> Found {
    let first = try highestModularity(0..<1, workers: 1, shouldStop: shouldStop)
    guard first < candidate else { return Found(modularity: first, trees: 1) }
    // A tree at work takes 16 bytes a share.
    let workers = min(workers, max(1, Self.mostMemory / (16 * max(1, shareCount))))
    let others = try highestModularity(1..<count, workers: workers, shouldStop: shouldStop)
    return Found(modularity: max(first, others), trees: count)
  }

  /// The most memory that trees may take at once, in bytes, if one does not take more.
  private static let mostMemory = 256 << 20

  private func highestModularity(
    _ trees: Range<Int>, workers: Int, shouldStop: @escaping @Sendable () -> Bool
  ) throws -> Double {
    let highest = Mutex(0.0)
    let weights = shares.rows.map { $0.doubt > 0 ? 1.0 : 0 }
    try forEachItem(trees.count, workers: workers, shouldStop: shouldStop) { next in
      while let index = next() {
        let shuffled = shuffled(seed: UInt64(trees.lowerBound + index))
        let curve = LevelCurve(shuffled, weights: weights, merges: try merges(of: shuffled, shouldStop: shouldStop))
        let found = curve.modularity.max() ?? 0
        highest.withLock { $0 = max($0, found) }
      }
    }
    return highest.withLock { $0 }
  }

  /// The shares, given to others, which are in no particular order.
  package func shuffled(seed: UInt64) -> DoubtShares {
    var random = SplitMix64(seed: SplitMix64.mixed(seed &+ 1))
    var leaves = statistics.counts.indices.filter { statistics.counts[$0] > 0 }.map { Int32($0) }
    var shuffled = shares
    for (cluster, row) in shares.rows.enumerated() where !row.clusters.isEmpty {
      // The beginning of a shuffle of all leaves but this one, whatever order they are in.
      var chosen: [Int32] = []
      chosen.reserveCapacity(row.clusters.count)
      var place = 0
      while chosen.count < row.clusters.count {
        leaves.swapAt(place, place + random.next(below: leaves.count - place))
        if leaves[place] != Int32(cluster) { chosen.append(leaves[place]) }
        place += 1
      }
      shuffled.rows[cluster].clusters = chosen
    }
    return shuffled
  }

  /// The merges that the method makes of shares.
  ///
  /// - Throws: ``Interrupted``
  package func merges(
    of shares: DoubtShares, shouldStop: () -> Bool = { false }
  ) throws -> [(lowest: Int, partner: Int)] {
    var groups = ScoredGroups(statistics, aggregation: aggregation)
    var given = GivenShares(shares)
    var merges: [(lowest: Int, partner: Int)] = []
    while groups.count > 1, let lowest = groups.takeLowest()?.node {
      if merges.count % 1024 == 0, shouldStop() { throw Interrupted() }
      let partner = given.partner(of: lowest, among: &groups.forest)
      _ = groups.merge(lowest, partner)
      given.merge(lowest, partner)
      merges.append((lowest, partner))
    }
    return merges
  }
}

/// What the groups of a run of the method's loop give to others.
///
/// What a group gives is added up when it is the lowest, by groups that are alive then, and the sums are kept for the group it
/// becomes part of. So what is looked at again gets less as there are fewer groups.
private struct GivenShares {
  private struct Part {
    /// Nodes, alive when the part was made.
    var nodes: [Int32] = []
    var shares: [UInt64] = []
    /// The next part of the same node; −1 for none.
    var next = -1
  }

  private var parts: [Part]
  /// The first and the last part of each node; −1 for none.
  private var ends: [(first: Int, last: Int)]
  /// Between searches 0.
  private var sums: [UInt64]
  private var touched: [Int32] = []

  init(_ shares: DoubtShares) {
    parts = shares.rows.map { Part(nodes: $0.clusters, shares: $0.shares) }
    ends = parts.indices.map { ($0, $0) }
    sums = Array(repeating: 0, count: 2 * parts.count)
  }

  /// The group that the lowest gives most to on average; of equals, or if it gives nothing, that with the smallest node.
  ///
  /// - Precondition: There is another group.
  mutating func partner(of lowest: Int, among groups: inout GroupForest) -> Int {
    guard var partner = groups.smallestAlive(except: lowest) else { preconditionFailure("there is no other group") }
    addUp(lowest, &groups)
    var best = (sum: UInt64(0), clusters: UInt64(1))
    for node in touched {
      let (sum, clusters) = (sums[Int(node)], UInt64(groups.size(of: Int(node))))
      let (own, most) = (sum.multipliedFullWidth(by: best.clusters), best.sum.multipliedFullWidth(by: clusters))
      guard own.high == most.high ? own.low >= most.low : own.high > most.high else { continue }
      if own == most, node > partner { continue }
      (best, partner) = ((sum, clusters), Int(node))
    }
    parts.append(Part(nodes: touched, shares: touched.map { sums[Int($0)] }))
    for node in touched { sums[Int(node)] = 0 }
    ends[lowest] = (parts.count - 1, parts.count - 1)
    return partner
  }

  /// Adds up what a group gives, and forgets its parts.
  private mutating func addUp(_ lowest: Int, _ groups: inout GroupForest) {
    touched.removeAll(keepingCapacity: true)
    var next = ends[lowest].first
    while next >= 0 {
      let part = parts[next]
      parts[next] = Part()
      for (node, share) in zip(part.nodes, part.shares) where share > 0 {
        let node = groups.group(of: Int(node))
        guard node != lowest else { continue }
        if sums[node] == 0 { touched.append(Int32(node)) }
        sums[node] += share
      }
      next = part.next
    }
  }

  /// Goes along with a merge, which makes the next node.
  mutating func merge(_ lowest: Int, _ partner: Int) {
    parts[ends[lowest].last].next = ends[partner].first
    ends.append((ends[lowest].first, ends[partner].last))
  }
}

extension SplitMix64 {
  /// A number below `bound`.
  fileprivate mutating func next(below bound: Int) -> Int {
    Int(next().multipliedFullWidth(by: UInt64(bound)).high)
  }
}
