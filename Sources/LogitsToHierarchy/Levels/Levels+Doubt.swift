import Glibc
import HeapModule
import Hierarchy

extension Levels {
  /// The levels of a hierarchy.
  ///
  /// - Parameters:
  ///   - shares: How the doubt of its rows is spread.
  ///   - statistics: Of its rows.
  /// - Throws: ``Interrupted``
  package init(
    of hierarchy: ClusterHierarchy, _ shares: DoubtShares, _ statistics: ClusterStatistics, aggregation: Aggregation,
    workers: Int, shouldStop: @escaping @Sendable () -> Bool
  ) throws {
    let merges = hierarchy.merges.map { (lowest: $0.lowest, partner: $0.partner) }
    let doubts = shares.rows.map(\.doubt)
    let whole = LevelCurve(shares, weights: doubts, merges: merges)
    let even = LevelCurve(shares, weights: doubts.map { $0 > 0 ? 1 : 0 }, merges: merges)
    let rows = Double(statistics.counts.reduce(0, +))
    let doubt = doubts.reduce(0, +) / rows
    var sizes = GroupSizes(of: hierarchy)
    var levels: [Level] = []
    for (index, merge) in hierarchy.merges.enumerated() {
      var level = Level(
        groups: hierarchy.merges.count + 1 - index, certainty: 1 - doubt * (1 - whole.inside[index]),
        inside: whole.inside[index], chance: whole.chance[index], evenInside: even.inside[index],
        evenChance: even.chance[index], sampleBalance: sizes.sampleBalance, clusterBalance: sizes.clusterBalance,
        largest: sizes.largest, nextShare: merge.share, nextMargin: merge.margin)
      (level.support, level.leastSupport) = (sizes.meanSupport, sizes.leastSupport)
      levels.append(level)
      sizes.merge(index)
    }
    for corner in even.corners where corner.merges < levels.count {
      levels[corner.merges].gains = Gains(before: corner.before, next: corner.next)
    }
    // With as many groups as clusters nothing is inside.
    let candidates = levels.dropFirst().filter { $0.gains?.standOut == true }
    let trees = ShuffledTrees(shares: shares, statistics: statistics, aggregation: aggregation)
    let shuffled = try candidates.map(\.modularity).max().map {
      try trees.highestModularity(against: $0, workers: workers, shouldStop: shouldStop)
    }
    self.init(
      all: levels.reversed(), recommended: Self.best(candidates.filter { $0.modularity > shuffled?.modularity ?? 0 }),
      doubt: doubt, unknown: shares.unknown, shuffledModularity: shuffled?.modularity,
      shuffledTrees: shuffled?.trees ?? 0)
  }
}

/// The sizes of the groups, and their support, while merges make them fewer.
private struct GroupSizes {
  private let hierarchy: ClusterHierarchy
  private let samples: Double
  private let clusters: Double
  /// Σ n log n over groups.
  private var sampleEntropy = 0.0
  private var clusterEntropy = 0.0
  private var mostSamples = 0
  private var groups: Int
  /// The support of groups of several clusters, and those that are gone.
  private var supports: Heap<Supported> = []
  private var isGone: [Bool]
  private var supportSum = 0.0
  private var supported = 0

  private struct Supported: Comparable {
    let support: Double
    let merge: Int

    static func < (a: Supported, b: Supported) -> Bool { (a.support, a.merge) < (b.support, b.merge) }
  }

  init(of hierarchy: ClusterHierarchy) {
    self.hierarchy = hierarchy
    let counts = hierarchy.clusters.map(\.samples)
    samples = Double(counts.reduce(0, +))
    groups = hierarchy.merges.count + 1
    clusters = Double(groups)
    mostSamples = counts.max() ?? 0
    sampleEntropy = counts.reduce(0) { $0 + Self.term($1) }
    isGone = Array(repeating: false, count: hierarchy.merges.count)
  }

  private static func term(_ count: Int) -> Double { count > 1 ? Double(count) * log(Double(count)) : 0 }

  var sampleBalance: Double { balance(log(samples) - sampleEntropy / samples) }
  var clusterBalance: Double { balance(log(clusters) - clusterEntropy / clusters) }

  /// An entropy as a part of the most it can be. Rounding must not take it below 0.
  private func balance(_ entropy: Double) -> Double { max(0, entropy / log(Double(groups))) }

  var largest: Double { Double(mostSamples) / samples }
  var meanSupport: Double? { supported > 0 ? supportSum / Double(supported) : nil }
  var leastSupport: Double? { supports.min?.support }

  mutating func merge(_ index: Int) {
    let merge = hierarchy.merges[index]
    for node in [merge.lowest, merge.partner] {
      sampleEntropy -= Self.term(hierarchy.samples(of: node))
      clusterEntropy -= Self.term(hierarchy.clusterCount(of: node))
    }
    sampleEntropy += Self.term(merge.samples)
    clusterEntropy += Self.term(merge.clusters)
    mostSamples = max(mostSamples, merge.samples)
    groups -= 1
    addSupport(index, of: merge)
  }

  private mutating func addSupport(_ index: Int, of merge: Merge) {
    guard let support = hierarchy.support else { return }
    for node in [merge.lowest, merge.partner] where !hierarchy.isLeaf(node) {
      let child = node - hierarchy.clusters.count
      isGone[child] = true
      supportSum -= support.transfer[child]
      supported -= 1
    }
    supportSum += support.transfer[index]
    supported += 1
    supports.insert(Supported(support: support.transfer[index], merge: index))
    while let least = supports.min, isGone[least.merge] { supports.removeMin() }
  }
}
