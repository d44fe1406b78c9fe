import Algorithms

/// How far two trees agree about triples of leaves: in which two of them are closer to each other than to the third.
package struct TripletComparison: Sendable, Equatable, Encodable {
  /// The triples that the reference resolves.
  package let resolved: Int
  /// Those of them that were looked at: all, or a sample.
  package let compared: Int
  /// Those of which the tree says the same.
  package let agreeing: Int
  /// 0...1; a tree that knows nothing of the reference agrees in a third. 1 if the reference resolves none.
  package let agreement: Double
  /// The standard error of ``agreement``: 0 unless it is from a sample.
  package let standardError: Double

  init(resolved: Int, compared: Int, agreeing: Int) {
    self.resolved = resolved
    self.compared = compared
    self.agreeing = agreeing
    agreement = compared == 0 ? 1 : Double(agreeing) / Double(compared)
    standardError = compared == resolved ? 0 : (agreement * (1 - agreement) / Double(compared)).squareRoot()
  }
}

extension TreePair {
  /// The most leaves for which all triples are counted: some seconds' work.
  package static let mostLeavesForAllTriplets = 20_000

  /// Compares the triples that the reference resolves: all of them, or a sample of trees with very many leaves.
  ///
  /// - Complexity: O(n²) up to ``mostLeavesForAllTriplets``, O(n log n) above.
  package func comparedTriplets(
    mostLeavesForAll: Int = mostLeavesForAllTriplets, samples: Int = 1_000_000
  ) -> TripletComparison {
    leafCount <= mostLeavesForAll ? countedTriplets() : sampledTriplets(samples)
  }

  /// A triple {a, b | c} is resolved by the child of the three's lowest common ancestor that holds a and b. So for a node u
  /// of the tree and a node v of the reference, neither a root, those resolved alike by both are
  ///
  ///     C(|u ∩ v|, 2) · |(u⁺ ∖ u) ∩ (v⁺ ∖ v)|,   u⁺ and v⁺ the nodes above,
  ///
  /// and each triple is in one such pair of nodes.
  private func countedTriplets() -> TripletComparison {
    var agreeing = 0
    var common = SharedLeaves(self)
    var commonAbove = common
    for above in tree.innerNodes {
      var isCounted = false
      for node in tree.children(of: above) where !tree.isLeaf(node) {
        if !isCounted { commonAbove.count(below: above) }
        isCounted = true
        common.count(below: node)
        agreeing += common.agreeingTriplets(above: commonAbove)
      }
    }
    let resolved = tripletsResolved().reduce(0, +)
    return TripletComparison(resolved: resolved, compared: resolved, agreeing: agreeing)
  }

  /// The triples of which each node of the reference holds two leaves, and the node above the third.
  private func tripletsResolved() -> [Int] {
    reference.nodes.map { node in
      let leaves = reference.leafCount(below: node)
      return leaves * (leaves - 1) / 2 * (reference.leafCount(below: reference.parents[node]) - leaves)
    }
  }

  /// Triples that the reference resolves, all alike likely, the same ones each time.
  private func sampledTriplets(_ samples: Int) -> TripletComparison {
    let ancestors = LowestCommonAncestors(tree)
    let upTo = tripletsResolved().reduce(into: [0]) { $0.append($0[$0.count - 1] + $1) }
    guard let resolved = upTo.last, resolved > 0 else {
      return TripletComparison(resolved: 0, compared: 0, agreeing: 0)
    }
    var generator = SplitMix64(seed: 1)
    var agreeing = 0
    for _ in 0..<samples {
      let ticket = generator.below(resolved)
      let node = upTo.partitioningIndex { $0 > ticket } - 1
      let inside = reference.positions(below: node)
      let around = reference.positions(below: reference.parents[node])
      let first = inside.lowerBound + generator.below(inside.count)
      var second = inside.lowerBound + generator.below(inside.count - 1)
      if second >= first { second += 1 }
      var third = around.lowerBound + generator.below(around.count - inside.count)
      if third >= inside.lowerBound { third += inside.count }
      let pair = ancestors.node(above: positions[first], positions[second])
      if pair > ancestors.node(above: positions[first], positions[third]) { agreeing += 1 }
    }
    return TripletComparison(resolved: resolved, compared: samples, agreeing: agreeing)
  }
}

/// How many leaves of a node of the tree are below each of the reference's nodes that are no leaves.
private struct SharedLeaves {
  private let pair: TreePair
  /// The node above each leaf of the reference, by the leaf's position in the tree, among the nodes that are no leaves.
  private let aboveLeaf: [Int]
  /// The node above each node that is no leaf, among those; the root's is the root.
  private let parents: [Int]
  private var counts: [Int]

  init(_ pair: TreePair) {
    self.pair = pair
    let inner = pair.reference.innerNodes
    var numbers = [Int](repeating: 0, count: pair.reference.nodes.count)
    for (number, node) in inner.enumerated() { numbers[node] = number }
    parents = inner.map { numbers[pair.reference.parents[$0]] }
    var aboveLeaf = [Int](repeating: 0, count: pair.leafCount)
    for (leaf, position) in zip(pair.reference.leaves, pair.positions) {
      aboveLeaf[position] = numbers[pair.reference.parents[leaf]]
    }
    self.aboveLeaf = aboveLeaf
    counts = parents.map { _ in 0 }
  }

  mutating func count(below node: Int) {
    for index in counts.indices { counts[index] = 0 }
    for position in pair.tree.positions(below: node) { counts[aboveLeaf[position]] += 1 }
    for index in counts.indices.dropFirst().reversed() { counts[parents[index]] += counts[index] }
  }

  /// The triples of ``TreePair/countedTriplets()`` for one node of the tree, `above` being counted for the node above it.
  func agreeingTriplets(above: SharedLeaves) -> Int {
    var triplets = 0
    for index in counts.indices.dropFirst() where counts[index] > 1 {
      let parent = parents[index]
      let thirds = above.counts[parent] - above.counts[index] - counts[parent] + counts[index]
      triplets += counts[index] * (counts[index] - 1) / 2 * thirds
    }
    return triplets
  }
}

/// Random numbers that a seed repeats (Steele, Lea and Flood 2014).
private struct SplitMix64 {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  /// A number from 0 to below `bound`. What the remainder favours is out of all proportion to a sample's error.
  mutating func below(_ bound: Int) -> Int {
    state &+= 0x9E37_79B9_7F4A_7C15
    var bits = state
    bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
    bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
    return Int((bits ^ (bits >> 31)) % UInt64(bound))
  }
}
