import Algorithms
import Hierarchy

/// A taxonomy above the leaves of a hierarchy, in which the term is found that fits some of them best.
///
/// The part of the taxonomy that they span has a term for each of them and more. But most can't fit: of s leaves, c under a
/// term, no term below it has an F1 above 2c / (s + c). So the search goes from where all meet down, and only where this is no
/// less than the best so far. With a term above all n leaves, it sees n / s nodes at most of a level.
struct TermTree {
  /// The nodes where two leaves of the hierarchy meet at least, and these.
  private let tree: RootedTree
  /// For each node the name of its term; nil for leaves, and nodes without a name.
  private let names: [String?]
  /// For each node, the lowest one at or above it that has a name; −1 if there is none.
  private let named: [Int]
  private let ancestors: LowestCommonAncestors
  /// The nodes right below each node, one node's after the other's, and where each begins.
  private let children: [Int]
  private let starts: [Int]
  /// The position of each cluster's leaf; nil for clusters that are not in the taxonomy, or not in the hierarchy.
  let places: [Int32?]
  /// Names that stand for several clusters, or several leaves of the taxonomy, so that it can't be told which is which.
  let ambiguous: [String]

  /// nil if the hierarchy has no leaf of the taxonomy.
  init?(_ reference: ReferenceTree, above hierarchy: ClusterHierarchy) {
    let whole = reference.tree
    let clusters = hierarchy.leaves
    let matching = LeafMatching(clusters.map { hierarchy.clusters[$0].name }, whole.leafNames)
    ambiguous = matching.ambiguous
    var isKept = [Bool](repeating: false, count: whole.leaves.count)
    for counterpart in matching.counterparts { if let counterpart { isKept[counterpart] = true } }
    guard isKept.contains(true) else { return nil }
    // Positions among all leaves become positions among those that stay.
    var kept: [Int32] = []
    var next: Int32 = 0
    for isKept in isKept {
      kept.append(next)
      next += isKept ? 1 : 0
    }
    var places = [Int32?](repeating: nil, count: hierarchy.clusters.count)
    for (cluster, counterpart) in zip(clusters, matching.counterparts) {
      places[cluster] = counterpart.map { kept[$0] }
    }
    self.places = places
    let tree = whole.inheritingNames(reference.terms, above: isKept).restricted(to: isKept)
    self.tree = tree
    let names = tree.nodes.map { tree.isLeaf($0) || tree.labels[$0].isEmpty ? nil : tree.labels[$0] }
    self.names = names
    var named: [Int] = []
    for node in tree.nodes { named.append(names[node] != nil ? node : node == 0 ? -1 : named[tree.parents[node]]) }
    self.named = named
    ancestors = LowestCommonAncestors(tree)
    var (children, starts): ([Int], [Int]) = ([], [0])
    for node in tree.nodes {
      children += tree.children(of: node)
      starts.append(children.count)
    }
    (self.children, self.starts) = (children, starts)
  }

  /// The number of terms.
  var termCount: Int { names.count { $0 != nil } }

  /// The name of the leaf at a place.
  func leafName(at place: Int32) -> String { tree.name(at: Int(place)) }

  /// A term, and how much of it some leaves are.
  struct Fit {
    let node: Int
    let leaves: Int
    let termSize: Int

    /// Whether it fits `size` leaves better than another term: by F1, of two that are equal the narrower one, of two that are
    /// as wide the first.
    func isBetter(than other: Fit?, for size: Int) -> Bool {
      guard let other else { return true }
      let (own, others) = (leaves * (size + other.termSize), other.leaves * (size + termSize))
      return own == others ? (termSize, node) < (other.termSize, other.node) : own > others
    }

    /// The least leaves with which a term below another may fit `size` leaves as well: it is as wide at least.
    func leastLeaves(for size: Int) -> Int {
      let rest = size + termSize - leaves
      return (leaves * size + rest - 1) / rest
    }
  }

  func term(_ fit: Fit, of size: Int) -> NodeTerm? {
    names[fit.node].map { NodeTerm(term: $0, leaves: fit.leaves, size: size, termSize: fit.termSize) }
  }

  /// The term that fits some leaves best: see ``Fit/isBetter(than:for:)``. nil if none has any of them.
  ///
  /// - Parameters:
  ///   - places: Where leaves are, in ascending order.
  ///   - size: How many leaves there are, with those that are nowhere.
  ///   - likely: Terms that may fit well, which make the search shorter.
  func best(for places: [Int32], size: Int, likely: [Int]) -> Fit? {
    var best: Fit?
    func consider(_ node: Int, _ count: Int) {
      guard count > 0 else { return }
      let fit = Fit(node: node, leaves: count, termSize: tree.leafCount(below: node))
      if fit.isBetter(than: best, for: size) { best = fit }
    }
    for node in likely {
      let wanted = tree.positions(below: node)
      let start = places.partitioningIndex { $0 >= wanted.lowerBound }
      consider(node, places[start...].partitioningIndex { $0 >= wanted.upperBound } - start)
    }
    // Places that are below a child of a node, and that node.
    var waiting = [(parent: -1, places: places[...])]
    while let (parent, places) = waiting.popLast() {
      guard let first = places.first, let last = places.last else { continue }
      let meeting = ancestors.node(above: Int(first), Int(last))
      // Terms above have no more of these leaves, and are wider; those at the parent, or above it, had their turn.
      if named[meeting] > parent { consider(named[meeting], places.count) }
      guard !tree.isLeaf(meeting) else { continue }
      // Of so many neighbours below one child, one at least is that far from where the last child ended.
      let least = best?.leastLeaves(for: size) ?? 1
      var next = places.startIndex + least - 1
      while next < places.endIndex {
        let child = child(of: meeting, above: places[next])
        let found = places.neighbours(of: next, in: tree.positions(below: child))
        if found.count >= least { waiting.append((meeting, places[found])) }
        next = found.upperBound + least - 1
      }
    }
    return best
  }

  /// The node right below a node that is, or is above, the leaf at a place.
  private func child(of node: Int, above place: Int32) -> Int {
    let siblings = children[starts[node]..<starts[node + 1]]
    return siblings[siblings.partitioningIndex { tree.positions(below: $0).lowerBound > place } - 1]
  }
}

extension ArraySlice<Int32> {
  /// The indices of the elements around an element that are in a range, as it is; all are in ascending order. It takes the
  /// logarithm of their number.
  fileprivate func neighbours(of index: Int, in range: Range<Int>) -> Range<Int> {
    var step = 1
    var low = index
    while low > startIndex, self[low - 1] >= range.lowerBound {
      low = Swift.max(startIndex, index - step)
      step *= 2
    }
    let start = self[low..<index].partitioningIndex { $0 >= range.lowerBound }
    step = 1
    var high = index + 1
    while high < endIndex, self[high] < range.upperBound {
      high = Swift.min(endIndex, index + 1 + step)
      step *= 2
    }
    return start..<self[index..<high].partitioningIndex { $0 >= range.upperBound }
  }
}

extension RootedTree {
  /// The tree with names for nodes without one that have the same kept leaves as a node above, from there: of nodes that
  /// differ in no kept leaf only the lowest stays.
  ///
  /// - Parameters:
  ///   - terms: For each node its name, or nil.
  ///   - isKept: For each position, whether its leaf stays.
  fileprivate func inheritingNames(_ terms: [String?], above isKept: [Bool]) -> RootedTree {
    var kept = [0]
    for isKept in isKept { kept.append(kept[kept.count - 1] + (isKept ? 1 : 0)) }
    func keptCount(_ node: Int) -> Int {
      let positions = positions(below: node)
      return kept[positions.upperBound] - kept[positions.lowerBound]
    }
    var names = terms.map { $0 ?? "" }
    for node in nodes.dropFirst() where names[node].isEmpty && keptCount(node) == keptCount(parents[node]) {
      names[node] = names[parents[node]]
    }
    return RootedTree(depthFirst: parents, labels: names, heights: heights)
  }
}
