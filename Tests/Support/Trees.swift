import Hierarchy

extension Merge {
  /// A merge in which what a test is not about is filled in.
  package static func example(
    _ step: Int, _ lowest: Int, _ partner: Int, node: Int, clusters: Int = 2, samples: Int = 2, score: Double = 0.5
  ) -> Merge {
    Merge(
      step: step, lowest: lowest, partner: partner, node: node, clusters: clusters, samples: samples, score: score,
      gap: 0.25, reassigned: 1.5, share: 0.75, margin: 0.125, evidence: .exact, isNearTie: false)
  }
}

extension ClusterHierarchy {
  /// The tree that joins pairs of nodes in turn; clusters named in `empty` have no samples, the others as many as
  /// `samples` says, 10 unless it says.
  package static func joining(
    _ pairs: [(Int, Int)], names: [String], empty: Set<Int> = [], samples: [Int]? = nil
  ) throws(HierarchyError) -> ClusterHierarchy {
    var samples = names.indices.map { empty.contains($0) ? 0 : samples?[$0] ?? 10 }
    let clusters = zip(names, samples).map { name, samples in
      Cluster(name: name, samples: samples, meanProbability: samples == 0 ? nil : 0.5)
    }
    var sizes = [Int](repeating: 1, count: names.count)
    var merges: [Merge] = []
    for (index, pair) in pairs.enumerated() {
      sizes.append(sizes[pair.0] + sizes[pair.1])
      samples.append(samples[pair.0] + samples[pair.1])
      merges.append(
        .example(
          index + 1, pair.0, pair.1, node: names.count + index, clusters: sizes[names.count + index],
          samples: samples[names.count + index], score: Double(index) + 0.5))
    }
    return try ClusterHierarchy(clusters: clusters, merges: merges)
  }

  /// ((d, a), (b, c)): a to d are clusters 0 to 3.
  package static func four(names: [String] = ["a", "b", "c", "d"]) throws(HierarchyError) -> ClusterHierarchy {
    try joining([(2, 1), (3, 0), (5, 4)], names: names)
  }

  /// Each merge adds one cluster to all that were merged before.
  package static func chain(_ clusters: Int) throws(HierarchyError) -> ClusterHierarchy {
    var pairs = [(1, 0)]
    for cluster in 2..<clusters { pairs.append((cluster, clusters + cluster - 2)) }
    return try joining(pairs, names: (0..<clusters).map { "c\($0)" })
  }

  package static func single(name: String = "only") throws(HierarchyError) -> ClusterHierarchy {
    try joining([], names: [name])
  }

  /// A tree in which any two nodes that are there may be joined next, of clusters with up to 50 samples. Up to a quarter
  /// of them have none, but two have some.
  package static func random(
    _ clusters: Int, _ generator: inout some RandomNumberGenerator
  ) throws(HierarchyError) -> ClusterHierarchy {
    let empty = Set(
      (0..<Int.random(in: 0...clusters / 4, using: &generator)).map { _ in
        Int.random(in: 2..<clusters, using: &generator)
      })
    var free = (0..<clusters).filter { !empty.contains($0) }
    var pairs: [(Int, Int)] = []
    while free.count > 1 {
      let first = free.remove(at: Int.random(in: free.indices, using: &generator))
      let second = free.remove(at: Int.random(in: free.indices, using: &generator))
      free.append(clusters + pairs.count)
      pairs.append((first, second))
    }
    let samples = (0..<clusters).map { _ in Int.random(in: 1...50, using: &generator) }
    return try joining(pairs, names: (0..<clusters).map { "c\($0)" }, empty: empty, samples: samples)
  }
}
