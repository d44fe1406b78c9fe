import Algorithms

/// How far two trees agree in their clades, the sets of leaves below their nodes.
///
/// The clades of one leaf and the clade of all leaves are in every tree, so they don't count.
package struct CladeComparison: Sendable, Equatable, Encodable {
  /// The comparison of clades: the trees with their roots.
  package let rooted: RobinsonFoulds
  /// The comparison of splits: the trees without their roots, in which each branch divides the leaves in two. Both
  /// sides must have at least two leaves.
  package let unrooted: RobinsonFoulds
  /// The number of the tree's clades that contradict the reference: no tree can have them together with all of its
  /// clades. The others are in the reference, or are finer than it.
  package let contradicting: Int
}

/// The Robinson–Foulds distance of two trees (Robinson and Foulds, Math. Biosci. 53, 1981), and the counts behind it.
package struct RobinsonFoulds: Sendable, Equatable, Encodable {
  /// The number of the tree's clades or splits.
  package let tree: Int
  /// The number of the reference's. The more children its nodes have, the fewer they are.
  package let reference: Int
  /// The number of those that both have.
  package let shared: Int
  /// The number of those that only one of them has.
  package let distance: Int
  /// The distance over its largest value, which is reached if none are shared: 0...1. It can't be 0 for a tree that is
  /// finer than the reference.
  package let normalized: Double
  /// The most that a tree with as many clades or splits could share with the reference.
  package let mostShared: Int
  /// The distance of such a tree: the least that there can be.
  package let least: Int

  init(tree: Int, reference: Int, shared: Int) {
    self.tree = tree
    self.reference = reference
    self.shared = shared
    distance = tree + reference - 2 * shared
    normalized = tree + reference == 0 ? 0 : Double(distance) / Double(tree + reference)
    mostShared = min(tree, reference)
    least = tree + reference - 2 * mostShared
  }
}

extension TreePair {
  /// Compares the clades of the trees.
  ///
  /// If leaves are numbered by their positions in the tree, the tree's clades are intervals. So a clade of the
  /// reference is shared only if its smallest leaf, its largest leaf and its size make it an interval (Day, J.
  /// Classification 2, 1985).
  ///
  /// - Complexity: O(n log n) for the contradictions, O(n) for the distances.
  package func comparedClades() -> CladeComparison {
    let spans = referenceSpans()
    let clades = Set(tree.innerNodes.dropFirst().map { Span(tree.positions(below: $0)) })
    let referenceNodes = reference.innerNodes.dropFirst()
    let shared = referenceNodes.count {
      spans[$0].count == reference.leafCount(below: $0) && clades.contains(spans[$0])
    }
    return CladeComparison(
      rooted: RobinsonFoulds(tree: clades.count, reference: referenceNodes.count, shared: shared),
      unrooted: comparedSplits(spans), contradicting: contradictingClades().count)
  }

  /// The smallest and the largest position of some leaves.
  struct Span: Hashable {
    var first: Int
    var last: Int

    init(_ range: Range<Int>) { (first, last) = (range.lowerBound, range.upperBound - 1) }

    /// The number of leaves from the first to the last.
    var count: Int { last - first + 1 }

    mutating func formUnion(_ other: Span) { (first, last) = (min(first, other.first), max(last, other.last)) }
  }

  /// For each node of the reference, the span in the tree of the leaves below it.
  func referenceSpans() -> [Span] {
    var spans = reference.nodes.map { _ in Span(0..<0) }
    for (leaf, position) in zip(reference.leaves, positions) { spans[leaf] = Span(position..<position + 1) }
    for node in reference.nodes.reversed() where !reference.isLeaf(node) {
      spans[node] = spans[node + 1]
      for child in reference.children(of: node) { spans[node].formUnion(spans[child]) }
    }
    return spans
  }

  /// A split is represented by its side without the tree's first leaf. If the split is in the tree, that side is an
  /// interval.
  private func comparedSplits(_ spans: [Span]) -> RobinsonFoulds {
    let count = leafCount
    func isProper(_ leaves: Int) -> Bool { (2...count - 2).contains(leaves) }
    guard count > 3 else { return RobinsonFoulds(tree: 0, reference: 0, shared: 0) }
    let treeSplits = Set(
      tree.innerNodes.dropFirst().lazy.map(tree.positions).filter { isProper($0.count) }
        .map { $0.lowerBound > 0 ? Span($0) : Span($0.upperBound..<count) })
    let outside = spansOutside(spans)
    var shared: Set<Span> = []
    var splits = 0
    for node in reference.innerNodes.dropFirst() where isProper(reference.leafCount(below: node)) {
      splits += 1
      let holdsFirst = spans[node].first == 0
      let leaves = holdsFirst ? count - reference.leafCount(below: node) : reference.leafCount(below: node)
      guard let side = holdsFirst ? outside[node] : spans[node] else { continue }
      if side.count == leaves, treeSplits.contains(side) { shared.insert(side) }
    }
    // The two children of a root are one and the same split.
    let halves = Array(reference.children(of: 0))
    if halves.count == 2, halves.allSatisfy({ isProper(reference.leafCount(below: $0)) }) { splits -= 1 }
    return RobinsonFoulds(tree: treeSplits.count, reference: splits, shared: shared.count)
  }

  /// For the reference's nodes above the tree's first leaf, the span of the leaves that are not below the node.
  private func spansOutside(_ spans: [Span]) -> [Int: Span] {
    var outside: [Int: Span] = [:]
    var node = 0
    while !reference.isLeaf(node) {
      guard let below = reference.children(of: node).first(where: { spans[$0].first == 0 }) else { break }
      var span = outside[node]
      for child in reference.children(of: node) where child != below {
        span?.formUnion(spans[child])
        span = span ?? spans[child]
      }
      outside[below] = span
      node = below
    }
    return outside
  }

  /// For each node of the tree, the lowest node of the reference above all of its leaves.
  func enclosingReferenceNodes() -> [Int] {
    let ancestors = LowestCommonAncestors(reference)
    var spans = tree.nodes.map { _ in Span(0..<0) }
    for (position, treePosition) in positions.enumerated() {
      spans[tree.leaves[treePosition]] = Span(position..<position + 1)
    }
    for node in tree.nodes.dropFirst().reversed() {
      let parent = tree.parents[node]
      // The first child that comes by gives the node its span, the others add theirs.
      spans[parent] = spans[parent].count == 0 ? spans[node] : spans[parent]
      spans[parent].formUnion(spans[node])
    }
    return spans.map { ancestors.node(above: $0.first, $0.last) }
  }

  /// The tree's clades that no tree can have together with all clades of the reference.
  ///
  /// A clade can be added to the reference if it consists of some children of one node.
  func contradictingClades() -> [Int] {
    let treeAncestors = LowestCommonAncestors(tree)
    let spans = referenceSpans()
    let enclosing = enclosingReferenceNodes()
    // For each node of the reference, its children: for each child the lowest node of the tree above its leaves, in
    // order of these nodes, and how many leaves the children up to there have.
    let children = reference.nodes.map { node in
      reference.isLeaf(node)
        ? []
        : reference.children(of: node)
          .map {
            (node: treeAncestors.node(above: spans[$0].first, spans[$0].last), leaves: reference.leafCount(below: $0))
          }
          .sorted { $0.node < $1.node }
    }
    let leavesUpTo = children.map { children in children.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1.leaves) } }
    return tree.innerNodes.dropFirst().filter { node in
      let below = children[enclosing[node]]
      let first = below.partitioningIndex { $0.node >= node }
      let end = below.partitioningIndex { $0.node >= tree.ends[node] }
      let whole = leavesUpTo[enclosing[node]]
      return whole[end] - whole[first] != tree.leafCount(below: node)
    }
  }
}
