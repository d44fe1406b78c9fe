import HeapModule

/// The groups of a run of the method's loop, with their scores: that with the lowest is merged next.
///
/// - Complexity: O(log K) a merge, apart from what ``GroupForest`` takes.
struct ScoredGroups {
  struct Entry: Comparable {
    let score: Score
    let node: Int

    /// Of equal scores, the smaller node id is the lower.
    static func < (a: Entry, b: Entry) -> Bool { (a.score, a.node) < (b.score, b.node) }
  }

  var forest: GroupForest
  private let aggregation: Aggregation
  /// By nodes; those of clusters without rows are of nothing.
  private var parts: [ScoreParts]
  /// Groups that were merged away are dropped when they come first.
  private var queue: Heap<Entry>
  /// What scores are at least; nil where they are exact.
  private var leastScores: Heap<Entry>?

  /// Each cluster by itself, but for those without rows.
  init(_ statistics: ClusterStatistics, aggregation: Aggregation) {
    self.aggregation = aggregation
    let alive = statistics.counts.indices.filter { statistics.counts[$0] > 0 }
    forest = GroupForest(clusters: statistics.clusters, alive: alive)
    var parts = Array(repeating: ScoreParts(), count: statistics.clusters)
    for cluster in alive { parts[cluster] = ScoreParts(cluster: cluster, of: statistics) }
    queue = Heap(alive.map { Entry(score: parts[$0].score(aggregation), node: $0) })
    if statistics.doubtErrors != nil {
      leastScores = Heap(alive.map { Entry(score: parts[$0].leastScore(aggregation), node: $0) })
    }
    self.parts = parts
  }

  /// The number of groups alive.
  var count: Int { forest.count }

  /// What the score of a group is made of.
  func parts(of node: Int) -> ScoreParts { parts[node] }

  /// The group with the lowest score, which stays the lowest; nil if there is none.
  mutating func lowest() -> Entry? {
    while let entry = queue.min {
      if forest.isAlive(entry.node) { return entry }
      queue.removeMin()
    }
    return nil
  }

  /// The same, to be merged with another: it is no longer the lowest.
  mutating func takeLowest() -> Entry? {
    guard let lowest = lowest() else { return nil }
    queue.removeMin()
    return lowest
  }

  /// How far the score of a group that was the lowest, and was taken, lies below all others, with certainty.
  ///
  /// - Precondition: There is another group.
  mutating func gap(above lowest: Entry) -> Double {
    guard let second = self.lowest() else { preconditionFailure("there is no other group") }
    while let least = leastScores?.min {
      if forest.isAlive(least.node), least.node != lowest.node {
        return max(0, least.score.gap(above: lowest.score + parts[lowest.node].scoreError(aggregation)))
      }
      // The lowest group is merged now.
      leastScores?.removeMin()
    }
    return second.score.gap(above: lowest.score)
  }

  /// Merges a group that was taken with another, and returns the new node.
  mutating func merge(_ lowest: Int, _ partner: Int) -> Int {
    let node = forest.merge(lowest, partner)
    let merged = parts[lowest] + parts[partner]
    parts.append(merged)
    queue.insert(Entry(score: merged.score(aggregation), node: node))
    leastScores?.insert(Entry(score: merged.leastScore(aggregation), node: node))
    return node
  }
}
