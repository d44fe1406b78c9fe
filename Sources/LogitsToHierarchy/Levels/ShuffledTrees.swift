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

  /// The trees of the test. That none of so many reaches what the real tree does, happens by chance once in a hundred times
  /// (Hope 1968).
  static let count = 99

  /// The highest modularity of any level of any of the trees.
  ///
  /// - Throws: ``Interrupted``
  func highestModularity(workers: Int, shouldStop: @escaping @Sendable () -> Bool) throws -> Double {
    let highest = Mutex(0.0)
    let weights = shares.rows.map { $0.doubt > 0 ? 1.0 : 0 }
    try forEachItem(Self.count, workers: workers, shouldStop: shouldStop) { next in
      while let index = next() {
        let shuffled = shuffled(seed: UInt64(index))
        let curve = LevelCurve(shuffled, weights: weights, merges: merges(of: shuffled))
        let found = curve.modularity.max() ?? 0
        highest.withLock { $0 = max($0, found) }
      }
    }
    return highest.withLock { $0 }
  }

  /// The shares, given to others.
  package func shuffled(seed: UInt64) -> DoubtShares {
    var random = SplitMix64(seed: SplitMix64.mixed(seed &+ 1))
    var leaves = statistics.counts.indices.filter { statistics.counts[$0] > 0 }.map { Int32($0) }
    var shuffled = shares
    for (cluster, row) in shares.rows.enumerated() where !row.clusters.isEmpty {
      // The beginning of a shuffle of all leaves but this one, whatever order they are in.
      var chosen: [Int32] = []
      var place = 0
      while chosen.count < row.clusters.count {
        leaves.swapAt(place, place + random.next(below: leaves.count - place))
        if leaves[place] != Int32(cluster) { chosen.append(leaves[place]) }
        place += 1
      }
      let order = chosen.indices.sorted { chosen[$0] < chosen[$1] }
      shuffled.rows[cluster].clusters = order.map { chosen[$0] }
      shuffled.rows[cluster].shares = order.map { row.shares[$0] }
    }
    return shuffled
  }

  /// The merges that the method makes of shares.
  package func merges(of shares: DoubtShares) -> [(lowest: Int, partner: Int)] {
    var loop = MergeLoop(statistics, aggregation: aggregation)
    var sums = [UInt64](repeating: 0, count: statistics.clusters)
    var isMember = [Bool](repeating: false, count: statistics.clusters)
    var merges: [(lowest: Int, partner: Int)] = []
    while let lowest = loop.lowestNode() {
      let members = loop.group(lowest).clusters
      for cluster in members { isMember[cluster] = true }
      var touched: [Int] = []
      for cluster in members {
        for (other, share) in zip(shares.rows[cluster].clusters, shares.rows[cluster].shares)
        where share > 0 && !isMember[Int(other)] {
          if sums[Int(other)] == 0 { touched.append(Int(other)) }
          sums[Int(other)] += share
        }
      }
      touched.sort()
      let given = ReassignedProbability(clusters: touched, sums: touched.map { UInt128(sums[$0]) })
      for cluster in members { isMember[cluster] = false }
      for cluster in touched { sums[cluster] = 0 }
      merges.append((lowest, loop.merge(by: ReassignedBounds(given)).partner))
    }
    return merges
  }
}

extension SplitMix64 {
  /// A number below `bound`.
  fileprivate mutating func next(below bound: Int) -> Int {
    Int(next().multipliedFullWidth(by: UInt64(bound)).high)
  }
}
