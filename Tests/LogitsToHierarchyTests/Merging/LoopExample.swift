import LogitsToHierarchy
import TestSupport

/// A made-up data set: statistics of clusters, and for each group R, which is made up when it is asked for.
struct LoopExample {
  let statistics: ClusterStatistics
  private let seed: UInt64
  /// How many different sums there are: few make ties.
  private let variety: Int

  init(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let clusters = random.int(2...14)
    let empty = [0, 0, 0.2, 0.6][random.int(0...3)]
    // Few different means, so that scores tie, or any.
    let fewMeans = random.happens(0.6)
    variety = [1, 2, 3, 1_000_000_000][random.int(0...3)]
    var counts: [Int] = []
    var doubts: [UInt128] = []
    for _ in 0..<clusters {
      let rows = random.happens(empty) ? 0 : random.int(1...7)
      let mean = random.int(1...3) << 37
      let units = fewMeans ? rows * mean : Int(random.next() % (UInt64(max(rows, 1)) << 39))
      counts.append(rows)
      doubts.append(rows == 0 ? 0 : UInt128(units))
    }
    statistics = ClusterStatistics(counts: counts, doubts: doubts)
    self.seed = seed
  }

  /// R of a group, always the same for the same group.
  func reassigned(_ group: Group) -> [Int: UInt64] {
    var hash = seed
    for cluster in group.clusters {
      var step = SeededGenerator(seed: hash &+ UInt64(cluster))
      hash = step.next()
    }
    var random = SeededGenerator(seed: hash)
    guard !random.happens(0.1) else { return [:] }
    var sums: [Int: UInt64] = [:]
    for cluster in 0..<statistics.clusters where !group.clusters.contains(cluster) {
      if random.happens(0.6) { sums[cluster] = UInt64(random.int(1...variety)) << 20 }
    }
    return sums
  }

  func evidence(_ groups: [Group]) -> ExactEvidence {
    Dictionary(
      uniqueKeysWithValues: groups.map { group in
        let sums = reassigned(group).sorted { $0.key < $1.key }
        return (group, ReassignedProbability(clusters: sums.map(\.key), sums: sums.map { UInt128($0.value) }))
      })
  }
}
