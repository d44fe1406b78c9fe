import Algorithms
import Hierarchy

/// How far two trees agree about triples of leaves: about which two of them are closer to each other than to the third.
package struct TripletComparison: Sendable, Equatable, Encodable {
  /// The number of triples that the reference resolves.
  package let resolved: Int
  /// The number of these that were compared: all, or a sample.
  package let compared: Int
  /// The number of these that the tree resolves in the same way.
  package let agreeing: Int
  /// The number of these that the tree resolves in any way: all, if its nodes have two children.
  package let resolvedByTree: Int
  /// The fraction of the compared triples that agree, 0...1. It is about 1/3 if the tree knows nothing of the
  /// reference, and 1 if the reference resolves none.
  package let agreement: Double
  /// The standard error of ``agreement``; 0 if all triples were compared.
  package let standardError: Double

  init(resolved: Int, compared: Int, agreeing: Int, resolvedByTree: Int) {
    self.resolved = resolved
    self.compared = compared
    self.agreeing = agreeing
    self.resolvedByTree = resolvedByTree
    agreement = compared == 0 ? 1 : Double(agreeing) / Double(compared)
    standardError = compared == resolved ? 0 : (agreement * (1 - agreement) / Double(compared)).squareRoot()
  }
}

extension TreePair {
  /// The most leaves for which all triples are counted, which takes some seconds.
  package static let mostLeavesForAllTriplets = 20_000

  /// Compares the triples that the reference resolves: all of them, or a sample if there are very many leaves.
  ///
  /// - Complexity: O(n²) up to ``mostLeavesForAllTriplets``, O(n log n) above.
  package func comparedTriplets(
    mostLeavesForAll: Int = mostLeavesForAllTriplets, samples: Int = 1_000_000
  ) -> TripletComparison {
    leafCount <= mostLeavesForAll ? countedTriplets() : sampledTriplets(samples)
  }

  /// Counts the triples that both trees resolve in the same way.
  ///
  /// A triple {a, b | c} is resolved by the child of its lowest common ancestor that has a and b but not c. Take a node
  /// u of the tree and a node v of the reference, neither of them a root, and the nodes u⁺ and v⁺ above them. The
  /// number of triples that both u and v resolve is
  ///
  ///     C(|u ∩ v|, 2) · |(u⁺ ∖ u) ∩ (v⁺ ∖ v)|
  ///
  /// and each triple belongs to one such pair of nodes.
  private func countedTriplets() -> TripletComparison {
    var agreeing = 0
    var unresolved = 0
    var common = SharedLeaves(self)
    var commonAbove = common
    for above in tree.innerNodes {
      let children = Array(tree.children(of: above))
      let innerChildren = children.filter { !tree.isLeaf($0) }
      guard children.count > 2 || !innerChildren.isEmpty else { continue }
      commonAbove.count(below: above)
      var fork = children.count > 2 ? UnresolvedTriplets(at: commonAbove) : nil
      for node in innerChildren {
        common.count(below: node)
        agreeing += common.agreeingTriplets(above: commonAbove)
        fork?.add(child: common)
      }
      unresolved += fork?.count ?? 0
    }
    let resolved = tripletsResolved().reduce(0, +)
    return TripletComparison(
      resolved: resolved, compared: resolved, agreeing: agreeing, resolvedByTree: resolved - unresolved)
  }

  /// For each node of the reference, the number of triples that it resolves: two leaves below it, the third only below
  /// the node above.
  private func tripletsResolved() -> [Int] {
    reference.nodes.map { node in
      let leaves = reference.leafCount(below: node)
      return leaves * (leaves - 1) / 2 * (reference.leafCount(below: reference.parents[node]) - leaves)
    }
  }

  /// Compares a sample of the triples that the reference resolves. All are equally likely, and every run draws the
  /// same.
  private func sampledTriplets(_ samples: Int) -> TripletComparison {
    let ancestors = LowestCommonAncestors(tree)
    let upTo = tripletsResolved().reduce(into: [0]) { $0.append($0[$0.count - 1] + $1) }
    guard let resolved = upTo.last, resolved > 0 else {
      return TripletComparison(resolved: 0, compared: 0, agreeing: 0, resolvedByTree: 0)
    }
    var generator = SplitMix64(seed: 1)
    var (agreeing, resolvedByTree) = (0, 0)
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
      // Of the three nodes above two of them, two are the same, and the third is that or lies below.
      let pair = ancestors.node(above: positions[first], positions[second])
      let other = ancestors.node(above: positions[first], positions[third])
      if pair > other { agreeing += 1 }
      if pair != other || ancestors.node(above: positions[second], positions[third]) != pair { resolvedByTree += 1 }
    }
    return TripletComparison(
      resolved: resolved, compared: samples, agreeing: agreeing, resolvedByTree: resolvedByTree)
  }
}

/// For each inner node of the reference, how many leaves of a node of the tree are below it.
private struct SharedLeaves {
  private let pair: TreePair
  /// The inner node above each leaf of the reference, as an index among inner nodes, by the leaf's position in the
  /// tree.
  private let aboveLeaf: [Int]
  /// The node above each inner node, as an index among inner nodes; for the root, the root itself.
  let parents: [Int]
  private(set) var counts: [Int]

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

  /// The number of agreeing triples for one node of the tree, over all nodes of the reference (see
  /// ``TreePair/countedTriplets()``).
  ///
  /// - Parameter above: The counts for the node above.
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

/// Counts the triples that the reference resolves and a node of the tree with three children or more does not: those with a
/// leaf below each of three children.
///
/// Let v be a node of the reference, and x(i) and y(i) the numbers of leaves below child i that are below v, and that are
/// only below the node above v; X and Y are their sums. The triples that v resolves, with leaves below different children
/// i, j and k, are
///
///     Σ x(i) x(j) (Y − y(i) − y(j)) over i < j  =  (X² − Σ x²) / 2 · Y − X · Σ x y + Σ x² y
///
/// A child that is a leaf has x y = 0 and x² = x. So only the other children are gone through.
private struct UnresolvedTriplets {
  private let node: SharedLeaves
  /// For each inner node of the reference: Σ x, Σ x², Σ x y, Σ x² y over the children that are no leaves.
  private var sums: [SIMD4<Int>]

  /// The triples at a node, given how many leaves it shares with nodes of the reference.
  init(at node: SharedLeaves) {
    self.node = node
    sums = Array(repeating: .zero, count: node.counts.count)
  }

  mutating func add(child: SharedLeaves) {
    for index in sums.indices.dropFirst() where child.counts[index] > 0 {
      let x = child.counts[index]
      let y = child.counts[child.parents[index]] - x
      sums[index] &+= SIMD4(x, x * x, x * y, x * x * y)
    }
  }

  var count: Int {
    var count = 0
    for (index, sums) in sums.enumerated().dropFirst() where node.counts[index] > 1 {
      let x = node.counts[index]
      let y = node.counts[node.parents[index]] - x
      let squares = sums[1] + x - sums[0]
      count += (x * x - squares) / 2 * y - x * sums[2] + sums[3]
    }
    return count
  }
}

extension SplitMix64 {
  /// A number in 0..<bound. The remainder favours small numbers, but by far less than a sample's error.
  fileprivate mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }
}
