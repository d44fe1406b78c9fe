/// The whole comparison of a tree with a reference, with names, as it is reported.
package struct TreeComparison: Sendable, Encodable {
  package let leaves: CommonLeaves
  package let clades: CladeComparison
  package let triplets: TripletComparison
  /// One for each level of the reference, from the coarsest to the finest.
  package let cuts: [CutComparison]
  package let groups: GroupCounts
  /// The groups of the reference that take the most moves to put together, the worst first.
  package let tornGroups: [TornGroup]
  /// The clusters that sit farthest from their reference siblings, the farthest first.
  package let farClusters: [FarCluster]

  /// Which clusters are compared.
  package struct CommonLeaves: Sendable, Encodable {
    package let common: Int
    package let tree: Int
    package let reference: Int
    package let onlyInTree: [String]
    package let onlyInReference: [String]
    /// Names that several clusters or several leaves of the reference have. These are left out.
    package let ambiguous: [String]
    /// The number of names that were matched although blanks, underscores or the encoding of accents differ.
    package let nearlySame: Int
  }

  /// The groups of the reference: its nodes that are neither leaves nor the root.
  package struct GroupCounts: Sendable, Encodable {
    package let all: Int
    /// The number of groups that are a node of the tree.
    package let together: Int
    /// The size of the largest groups that were looked at.
    package let largestPlaced: Int
  }

  /// A group of the reference that is no node of the tree.
  package struct TornGroup: Sendable, Encodable {
    package let name: String
    package let level: String?
    package let clusters: Int
    /// How many nodes of the tree it takes to have all of the group and nothing else.
    package let pieces: Int
    /// How many clusters would have to move to make the nearest node the group.
    package let moves: Int
    /// The number of clusters below the nearest node, and below the lowest node above the whole group.
    package let nearestClusters: Int
    package let enclosingClusters: Int
    /// The group's clusters outside the nearest node, and clusters of other groups in it; in the tree's order.
    package let leftOut: [String]
    package let letIn: [String]
  }

  /// A cluster that is among clusters of other groups, with those of its siblings that are there too.
  package struct FarCluster: Sendable, Encodable {
    /// The cluster first, then others of its group if all of them together are a node of the tree.
    package let clusters: [String]
    /// Their group in the reference.
    package let group: String
    package let level: String?
    package let groupClusters: Int
    /// The clusters that the tree joins these with first, in its order.
    package let beside: [String]
    /// The nearest other cluster of the group, the first in the tree's order if there are several.
    package let nearestSibling: String
    /// The number of clusters that are nearer than that.
    package let nearer: Int
    /// See ``LeafPlacement/strangeness``.
    package let strangeness: Double
    /// How many other clusters, of this group and of others, the same branch of the tree parts from most of their siblings.
    package let alike: Int
  }
}

extension TreeComparison {
  /// Compares a tree with a reference.
  ///
  /// - Parameter top: How many torn groups and far clusters to list.
  /// - Returns: nil if they have fewer than three clusters in common.
  package init?(_ tree: ReferenceTree, _ reference: ReferenceTree, matching: LeafMatching, top: Int) {
    guard let pair = TreePair(tree.tree, reference.tree, matching: matching) else { return nil }
    leaves = CommonLeaves(
      common: pair.leafCount, tree: tree.tree.leaves.count, reference: reference.tree.leaves.count,
      onlyInTree: matching.onlyInFirst, onlyInReference: matching.onlyInSecond, ambiguous: matching.ambiguous,
      nearlySame: matching.nearlySame)
    clades = pair.comparedClades()
    triplets = pair.comparedTriplets()
    cuts = pair.comparedCuts(levelNames: reference.levelNames)
    let placements = pair.placements()
    groups = GroupCounts(
      all: clades.rooted.reference, together: clades.rooted.shared, largestPlaced: placements.largest)
    let naming = Naming(pair, reference)
    tornGroups = pair.mostTorn(placements.groups, top: top).map(naming.torn)
    farClusters = pair.farthest(placements.leaves, top: top).compactMap(naming.far)
  }
}

extension TreePair {
  /// The groups that take the most moves to put together. Of groups that have most of their clusters in common, only
  /// the worst is listed.
  func mostTorn(_ placements: [GroupPlacement], top: Int) -> [GroupPlacement] {
    func isWorse(_ first: GroupPlacement, _ second: GroupPlacement) -> Bool {
      (second.moves, first.size, first.group) < (first.moves, second.size, second.group)
    }
    var listed: [GroupPlacement] = []
    for placement in placements.filter({ $0.moves > 0 }).sorted(by: isWorse) {
      guard listed.count < top else { break }
      let isLikeListed = listed.contains { other in
        let (outer, inner) = other.group < placement.group ? (other, placement) : (placement, other)
        return reference.contains(outer.group, inner.group) && 2 * inner.size > outer.size
      }
      if !isLikeListed { listed.append(placement) }
    }
    return listed
  }
}

/// A leaf far from its siblings, and how many others the same branch of the tree parts from theirs.
struct FarLeaf {
  let placement: LeafPlacement
  /// See ``TreeComparison/FarCluster/alike``.
  let alike: Int
}

extension TreePair {
  /// The leaves that are farthest from their siblings. Of the leaves in one piece of a group, only the farthest is
  /// listed.
  ///
  /// All leaves that one branch near the root parts from most of their siblings have nearly the same strangeness. So that
  /// they don't fill the list, the k-th of them counts for a k-th of its strangeness when the list is chosen.
  func farthest(_ placements: [LeafPlacement], top: Int) -> [FarLeaf] {
    func isFarther(_ first: LeafPlacement, _ second: LeafPlacement) -> Bool {
      (second.strangeness, second.nearer, first.position) < (first.strangeness, first.nearer, second.position)
    }
    struct Piece: Hashable { let group, node: Int }
    let strange = placements.filter { $0.strangeness > 0 && $0.meeting != nil }
    let leavesOfSide = Dictionary(grouping: strange, by: \.side).mapValues(\.count)
    let leavesOfPiece = Dictionary(grouping: strange) { Piece(group: $0.group, node: $0.piece) }.mapValues(\.count)
    var known: Set<Piece> = []
    var pieces: [Int: Int] = [:]
    var candidates: [(leaf: FarLeaf, worth: Double)] = []
    for placement in strange.sorted(by: isFarther) {
      let piece = Piece(group: placement.group, node: placement.piece)
      guard known.insert(piece).inserted else { continue }
      pieces[placement.side, default: 0] += 1
      let alike = leavesOfSide[placement.side, default: 0] - leavesOfPiece[piece, default: 0]
      candidates.append(
        (
          FarLeaf(placement: placement, alike: max(0, alike)),
          placement.strangeness / Double(pieces[placement.side, default: 1])
        ))
    }
    return candidates.enumerated()
      .sorted { ($1.element.worth, $0.offset) < ($0.element.worth, $1.offset) }
      .prefix(top).sorted { $0.offset < $1.offset }.map(\.element.leaf)
  }
}

/// Turns nodes and positions into names.
private struct Naming {
  private let pair: TreePair
  private let kind: ReferenceTree.Kind
  private let levelNames: [String]

  init(_ pair: TreePair, _ reference: ReferenceTree) {
    self.pair = pair
    kind = reference.kind
    levelNames = reference.levelNames
  }

  func torn(_ placement: GroupPlacement) -> TreeComparison.TornGroup {
    let group = Set(members(placement.group))
    let nearest = pair.tree.positions(below: placement.nearest)
    return TreeComparison.TornGroup(
      name: name(ofGroup: placement.group), level: level(ofGroup: placement.group), clusters: placement.size,
      pieces: placement.pieces, moves: placement.moves, nearestClusters: nearest.count,
      enclosingClusters: pair.tree.leafCount(below: placement.enclosing),
      leftOut: names(group.filter { !nearest.contains($0) }), letIn: names(nearest.filter { !group.contains($0) }))
  }

  func far(_ leaf: FarLeaf) -> TreeComparison.FarCluster? {
    let placement = leaf.placement
    guard let meetingNode = placement.meeting else { return nil }
    let tree = pair.tree
    let piece = tree.positions(below: placement.piece)
    let beside = tree.positions(below: tree.parents[placement.piece])
    let meeting = tree.positions(below: meetingNode)
    let group = members(placement.group)
    return TreeComparison.FarCluster(
      clusters: [tree.name(at: placement.position)] + names(piece.filter { $0 != placement.position }),
      group: name(ofGroup: placement.group), level: level(ofGroup: placement.group), groupClusters: group.count,
      beside: names(beside.filter { !piece.contains($0) }),
      nearestSibling: names(group.filter { meeting.contains($0) && !piece.contains($0) }).first ?? "",
      nearer: placement.nearer, strangeness: placement.strangeness, alike: leaf.alike)
  }

  /// The positions in the tree of a group's leaves.
  private func members(_ group: Int) -> ArraySlice<Int> { pair.positions[pair.reference.positions(below: group)] }

  private func names(_ positions: some Sequence<Int>) -> [String] {
    positions.sorted().map(pair.tree.name(at:))
  }

  /// A group's own name, or the names of its first members in the tree's order.
  private func name(ofGroup group: Int) -> String {
    if let name = kind.name(ofGroup: pair.reference.labels[group]) { return name }
    let names = names(members(group))
    return names.prefix(3).joined(separator: ", ") + (names.count > 3 ? " +\(names.count - 3)" : "")
  }

  private func level(ofGroup group: Int) -> String? {
    let height = pair.reference.heights[group]
    return levelNames.indices.contains(height - 1) ? levelNames[height - 1] : nil
  }
}
