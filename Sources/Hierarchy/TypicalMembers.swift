/// The most typical members of each group: those that give most of what they lose to other members.
///
/// A class loses what its rows give to other classes when it is masked, R[{c}]. How typical it is of a group is the part of that
/// which goes to classes of the group, 0...1. So it does not matter how many rows a class has, and one that a model predicts for
/// rows of all kinds is typical of no small group. Of equals that comes first which has a greater part of what it gets from classes
/// of the group; then the one with the higher mean predicted probability; then the one with the smaller number.
package struct TypicalMembers {
  /// How many members are known of a group.
  package static let most = 3

  /// For each merge, the most typical members of its node, the first first.
  package let lists: [[Int]]

  /// - Parameters:
  ///   - hierarchy: The tree.
  ///   - given: R[{c}] of a cluster: clusters, each once, and what each gets. It is asked twice for each leaf.
  /// - Complexity: O(n log n) for n clusters in all that something is given to.
  package init(of hierarchy: ClusterHierarchy, given: (Int) -> (clusters: [Int], sums: [UInt128])) {
    let gifts = Gifts(in: hierarchy, given)
    // What each cluster has given to, and got from, those that are in its group so far.
    var givenInside = [UInt128](repeating: 0, count: hierarchy.clusters.count)
    var gotInside = givenInside
    var lists: [[Int]] = []
    var wasSeen = [Int](repeating: -1, count: hierarchy.clusters.count)
    func list(_ node: Int) -> [Int] { hierarchy.isLeaf(node) ? [node] : lists[node - hierarchy.clusters.count] }
    for (index, merge) in hierarchy.merges.enumerated() {
      // Who neither gives nor gets at this merge is as typical as before, and no more so than the first of its own list.
      var candidates = list(merge.lowest) + list(merge.partner)
      for candidate in candidates { wasSeen[candidate] = index }
      for gift in gifts.at(merge: index) {
        let (giver, getter) = (Int(gift.giver), Int(gift.getter))
        givenInside[giver] += gift.sum
        gotInside[getter] += gift.sum
        for cluster in [giver, getter] where wasSeen[cluster] < index {
          wasSeen[cluster] = index
          candidates.append(cluster)
        }
      }
      let ranked = candidates.map { cluster in
        Rank(
          cluster: cluster, given: Gifts.part(givenInside[cluster], of: gifts.given[cluster]),
          got: Gifts.part(gotInside[cluster], of: gifts.got[cluster]))
      }
      let sorted = ranked.sorted { first, second in
        if first.given != second.given { return first.given > second.given }
        if first.got != second.got { return first.got > second.got }
        return hierarchy.isSurer(first.cluster, than: second.cluster)
      }
      lists.append(sorted.prefix(Self.most).map(\.cluster))
    }
    self.lists = lists
  }

  private struct Rank {
    let cluster: Int
    let given: Double
    let got: Double
  }
}

/// What clusters give to each other, by the merge that brings both into one group.
private struct Gifts {
  struct Gift {
    let giver: Int32
    let getter: Int32
    let sum: UInt128
  }

  private var gifts: [Gift]
  /// Where the gifts of each merge begin.
  private var starts: [Int]
  /// All that each cluster gives, to whomever, and all that it gets.
  private(set) var given: [UInt128]
  private(set) var got: [UInt128]

  init(in hierarchy: ClusterHierarchy, _ givenBy: (Int) -> (clusters: [Int], sums: [UInt128])) {
    let steps = MeetingSteps(
      clusters: hierarchy.clusters.count, merges: hierarchy.merges.map { ($0.lowest, $0.partner) })
    given = Array(repeating: 0, count: hierarchy.clusters.count)
    got = given
    starts = Array(repeating: 0, count: hierarchy.merges.count + 1)
    gifts = []
    guard !hierarchy.merges.isEmpty else { return }
    func forEachGift(of giver: Int, _ body: (_ merge: Int, Gift) -> Void) {
      let (clusters, sums) = givenBy(giver)
      for (cluster, sum) in zip(clusters, sums) where cluster != giver && steps.places[cluster] >= 0 {
        body(steps.merge(of: giver, cluster), Gift(giver: Int32(giver), getter: Int32(cluster), sum: sum))
      }
    }
    for giver in hierarchy.leaves {
      given[giver] = givenBy(giver).sums.reduce(0, +)
      forEachGift(of: giver) { merge, gift in
        got[Int(gift.getter)] += gift.sum
        starts[merge + 1] += 1
      }
    }
    for merge in hierarchy.merges.indices { starts[merge + 1] += starts[merge] }
    var next = starts
    gifts = Array(repeating: Gift(giver: 0, getter: 0, sum: 0), count: starts[hierarchy.merges.count])
    for giver in hierarchy.leaves {
      forEachGift(of: giver) { merge, gift in
        gifts[next[merge]] = gift
        next[merge] += 1
      }
    }
  }

  func at(merge: Int) -> ArraySlice<Gift> { gifts[starts[merge]..<starts[merge + 1]] }

  /// The part of all that a sum is; 0 of nothing.
  static func part(_ sum: UInt128, of all: UInt128) -> Double { sum == 0 ? 0 : Double(sum) / Double(all) }
}

extension ClusterHierarchy {
  /// Whether the model is surer of one cluster than of another: by the mean predicted probability, of equals the smaller number.
  fileprivate func isSurer(_ first: Int, than second: Int) -> Bool {
    let (own, others) = (clusters[first].meanProbability ?? 0, clusters[second].meanProbability ?? 0)
    return own == others ? first < second : own > others
  }

  /// The most typical members of a node: those that give most of what they lose to others of it. A leaf's is itself.
  public func mostTypical(of node: Int) -> [Int] {
    if isLeaf(node) { return [node] }
    guard typical.isEmpty else { return typical[node - clusters.count] }
    return Array(leaves(below: node).sorted { isSurer($0, than: $1) }.prefix(TypicalMembers.most))
  }

  /// The leaves below a node: the most typical first, then the others in the tree's order.
  public func typicalFirst(of node: Int) -> [Int] {
    let first = mostTypical(of: node)
    return first + leaves(below: node).filter { !first.contains($0) }
  }

  /// The most typical members of each node, clusters first.
  ///
  /// - Complexity: O(K), however deep the tree is.
  package var typicalOfNodes: [[Int]] {
    var lists = clusters.indices.map { [$0] }
    guard typical.isEmpty else { return lists + typical }
    for merge in merges {
      let candidates = lists[merge.lowest] + lists[merge.partner]
      lists.append(Array(candidates.sorted { isSurer($0, than: $1) }.prefix(TypicalMembers.most)))
    }
    return lists
  }

  /// A name for a node: for a cluster its own name; for any other node the term of a taxonomy that fits it best, and how well,
  /// else the names of its three most typical members, and how many more it has.
  ///
  /// - Parameter hasMember: Whether its most typical member follows a term.
  public func groupLabel(of node: Int, withMember hasMember: Bool = false) -> String {
    guard hasMember, !isLeaf(node), let term = term(of: node) else {
      return groupLabel(of: node, mostTypical(of: node))
    }
    return term.text(withMember: clusters[mostTypical(of: node)[0]].name)
  }

  /// A name for every node, as ``groupLabel(of:)`` has it.
  ///
  /// - Complexity: O(K), however deep the tree is.
  public var nodeLabels: [String] {
    typicalOfNodes.enumerated().map { node, typical in groupLabel(of: node, typical) }
  }

  private func groupLabel(of node: Int, _ typical: @autoclosure () -> [Int]) -> String {
    if isLeaf(node) { return clusters[node].name }
    if let term = term(of: node) { return term.text }
    let named = typical().map { clusters[$0].name }.joined(separator: " / ")
    let rest = clusterCount(of: node) - TypicalMembers.most
    return rest > 0 ? "\(named) +\(rest)" : named
  }
}
