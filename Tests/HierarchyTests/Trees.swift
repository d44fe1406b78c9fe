import Hierarchy

extension Merge {
  /// A merge in which what a test is not about is filled in.
  static func example(
    _ step: Int, _ lowest: Int, _ partner: Int, node: Int, clusters: Int = 2, samples: Int = 2, score: Double = 0.5
  ) -> Merge {
    Merge(
      step: step, lowest: lowest, partner: partner, node: node, clusters: clusters, samples: samples, score: score,
      gap: 0.25, reassigned: 1.5, share: 0.75, margin: 0.125, evidence: .exact, isNearTie: false)
  }
}

extension ClusterHierarchy {
  /// The tree that joins pairs of nodes in turn; clusters named in `empty` have no samples.
  static func joining(
    _ pairs: [(Int, Int)], names: [String], empty: Set<Int> = []
  ) throws(HierarchyError) -> ClusterHierarchy {
    let clusters = names.enumerated().map { index, name in
      Cluster(
        name: name, samples: empty.contains(index) ? 0 : 10, meanProbability: empty.contains(index) ? nil : 0.5)
    }
    var sizes = [Int](repeating: 1, count: names.count)
    var merges: [Merge] = []
    for (index, pair) in pairs.enumerated() {
      sizes.append(sizes[pair.0] + sizes[pair.1])
      merges.append(
        .example(
          index + 1, pair.0, pair.1, node: names.count + index, clusters: sizes[names.count + index],
          samples: 10 * sizes[names.count + index], score: Double(index) + 0.5))
    }
    return try ClusterHierarchy(clusters: clusters, merges: merges)
  }

  /// ((d, a), (b, c)): a to d are clusters 0 to 3.
  static func four(names: [String] = ["a", "b", "c", "d"]) throws(HierarchyError) -> ClusterHierarchy {
    try joining([(2, 1), (3, 0), (5, 4)], names: names)
  }

  /// Each merge adds one cluster to all that were merged before.
  static func chain(_ clusters: Int) throws(HierarchyError) -> ClusterHierarchy {
    var pairs = [(1, 0)]
    for cluster in 2..<clusters { pairs.append((cluster, clusters + cluster - 2)) }
    return try joining(pairs, names: (0..<clusters).map { "c\($0)" })
  }

  static func single(name: String = "only") throws(HierarchyError) -> ClusterHierarchy {
    try joining([], names: [name])
  }
}
