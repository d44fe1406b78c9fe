import Evaluation
import Hierarchy
import TestSupport
import Testing

@Suite("Trees compared, against definitions over sets of names")
struct TreePairTests {
  @Test("What two trees have in common are the clades of the leaves that both have", arguments: seeds(100))
  func restriction(seed: UInt64) throws {
    guard let random = try RandomPair(seed: seed) else { return }
    let pair = random.pair
    let common = Set(random.tree.leafNames).intersection(random.reference.tree.leafNames)
    func clades(_ tree: RootedTree) -> Set<Set<String>> {
      Set(tree.clades.map { $0.intersection(common) }.filter { $0.count > 1 })
    }
    #expect(Set(pair.tree.clades) == clades(random.tree))
    #expect(pair.tree.clades.count == Set(pair.tree.clades).count)
    #expect(Set(pair.reference.clades) == clades(random.reference.tree))
    #expect(pair.reference.clades.count == Set(pair.reference.clades).count)
    #expect(pair.positions.map(pair.tree.name(at:)) == pair.reference.leafNames)
  }

  @Test("Clades and splits are those that sets of names make", arguments: seeds(200))
  func clades(seed: UInt64) throws {
    guard let pair = try RandomPair(seed: seed)?.pair else { return }
    let all = Set(pair.tree.leafNames)
    let (tree, reference) = (Set(pair.tree.clades), Set(pair.reference.clades))
    let found = pair.comparedClades()
    #expect(found.rooted.distance == tree.symmetricDifference(reference).count)
    #expect(found.rooted.shared == tree.intersection(reference).count - 1)
    #expect(found.rooted.tree == tree.count - 1)
    #expect(found.rooted.reference == reference.count - 1)
    #expect(found.rooted.mostShared == min(tree.count, reference.count) - 1)
    #expect(found.rooted.least == abs(tree.count - reference.count))
    func splits(_ clades: Set<Set<String>>) -> Set<Set<Set<String>>> {
      Set(clades.filter { $0.count > 1 && $0.count < all.count - 1 }.map { [$0, all.subtracting($0)] })
    }
    #expect(found.unrooted.tree == splits(tree).count)
    #expect(found.unrooted.reference == splits(reference).count)
    #expect(found.unrooted.distance == splits(tree).symmetricDifference(splits(reference)).count)
    let contradicting = tree.count { clade in
      reference.contains { !$0.isDisjoint(with: clade) && !$0.isSubset(of: clade) && !$0.isSuperset(of: clade) }
    }
    #expect(found.contradicting == contradicting)
  }

  /// The pair of three names that a tree joins first; nil if it joins all three at once.
  private func closest(_ names: Set<String>, _ clades: [Set<String>]) -> Set<String>? {
    clades.map { $0.intersection(names) }.first { $0.count == 2 }
  }

  @Test("Triplets are counted as one by one", arguments: seeds(60))
  func triplets(seed: UInt64) throws {
    guard let pair = try RandomPair(seed: seed, clusters: 4...14)?.pair else { return }
    let names = pair.tree.leafNames
    let (tree, reference) = (pair.tree.clades, pair.reference.clades)
    var (resolved, agreeing, resolvedByTree) = (0, 0, 0)
    for first in names.indices {
      for second in names.indices where second > first {
        for third in names.indices where third > second {
          let triple: Set = [names[first], names[second], names[third]]
          guard let expected = closest(triple, reference) else { continue }
          resolved += 1
          let found = closest(triple, tree)
          if found == expected { agreeing += 1 }
          if found != nil { resolvedByTree += 1 }
        }
      }
    }
    let found = pair.comparedTriplets()
    #expect(found.resolved == resolved)
    #expect(found.compared == resolved)
    #expect(found.agreeing == agreeing)
    #expect(found.resolvedByTree == resolvedByTree)
    #expect(found.standardError == 0)
  }

  @Test("A sample of triplets is as near as its error says, and the same each time", arguments: seeds(20))
  func sample(seed: UInt64) throws {
    guard let pair = try RandomPair(seed: seed, clusters: 20...60)?.pair else { return }
    let exact = pair.comparedTriplets()
    let sample = pair.comparedTriplets(mostLeavesForAll: 2, samples: 5000)
    #expect(sample.resolved == exact.resolved)
    #expect(sample.compared == 5000)
    #expect(abs(sample.agreement - exact.agreement) <= 5 * sample.standardError + 1e-12)
    let resolvedByTree = (
      found: Double(sample.resolvedByTree) / 5000, exact: Double(exact.resolvedByTree) / Double(exact.compared)
    )
    #expect(abs(resolvedByTree.found - resolvedByTree.exact) <= 0.04)
    #expect(pair.comparedTriplets(mostLeavesForAll: 2, samples: 5000) == sample)
  }

  /// The groups of the highest nodes that a condition holds for.
  private func groups(_ tree: RootedTree, _ isInOne: (Int) -> Bool) -> [Set<String>] {
    tree.nodes.filter { isInOne($0) && ($0 == 0 || !isInOne(tree.parents[$0])) }.map(tree.namesBelow)
  }

  private func fowlkesMallows(_ first: [Set<String>], _ second: [Set<String>]) -> Double {
    func pairs(_ groups: [Set<String>]) -> Double { groups.reduce(0) { $0 + Double($1.count * ($1.count - 1) / 2) } }
    let both = pairs(first.flatMap { group in second.map(group.intersection) })
    return both == 0 ? 0 : (both / pairs(first) * both / pairs(second)).squareRoot()
  }

  @Test("Fowlkes–Mallows at each level of the reference, and the best of all cuts", arguments: seeds(60))
  func cuts(seed: UInt64) throws {
    guard let pair = try RandomPair(seed: seed, isBinary: true)?.pair else { return }
    let count = pair.leafCount
    let treeHeights = Set(pair.tree.heights).sorted()
    let treeCuts = treeHeights.map { height in groups(pair.tree) { pair.tree.heights[$0] <= height } }
    let levels = Set(pair.reference.heights).sorted().reversed()
      .map { height in groups(pair.reference) { pair.reference.heights[$0] <= height } }
      .filter { (2..<count).contains($0.count) }
    let found = pair.comparedCuts()
    try #require(found.map(\.groups) == levels.map(\.count))
    for (cut, level) in zip(found, levels) {
      let same = try #require(treeCuts.first { $0.count == level.count })
      #expect(cut.same.groups == level.count)
      #expect(abs(cut.same.index - fowlkesMallows(same, level)) < 1e-12)
      func adjusted(_ groups: [Set<String>]) -> Double {
        func pairs(_ groups: [Set<String>]) -> Double { groups.reduce(0) { $0 + Double($1.count * ($1.count - 1)) } }
        let chance = (pairs(groups) * pairs(level)).squareRoot() / Double(count * (count - 1))
        return (fowlkesMallows(groups, level) - chance) / (1 - chance)
      }
      #expect(abs(cut.same.adjusted - adjusted(same)) < 1e-12)
      let best = try #require(cut.best)
      let expected = treeCuts.filter { (2..<count).contains($0.count) }.map(adjusted).max()
      #expect(abs(best.adjusted - (expected ?? 0)) < 1e-12)
    }
  }

  @Test("A tree with nodes of many children is cut into as few more groups as can be")
  func coarserCuts() throws {
    let tree = try reference("(((a,b,c,d),(e,f)),(g,h,i,j));").tree
    let groups = try reference("class,group\na,1\nb,1\nc,2\nd,2\ne,3\nf,3\ng,4\nh,4\ni,4\nj,5\n")
    let pair = try #require(
      TreePair(tree, groups.tree, matching: LeafMatching(tree.leafNames, groups.tree.leafNames)))
    // ((a,b,c,d),(e,f)) is of height 2, the others of 1: from 10 groups on by 3, 1, 3 to 3, and 2.
    #expect(pair.comparedCuts().map(\.same.groups) == [6])
  }

  @Test("Groups are placed by the nodes that are nearest to them, in as few pieces as can be", arguments: seeds(100))
  func groups(seed: UInt64) throws {
    guard let pair = try RandomPair(seed: seed)?.pair else { return }
    let treeSets = pair.tree.nodes.map(pair.tree.namesBelow)
    let placements = pair.placements().groups
    #expect(placements.map(\.group).sorted() == pair.reference.innerNodes.dropFirst().map(\.self))
    for placement in placements {
      let group = pair.reference.namesBelow(placement.group)
      #expect(placement.size == group.count)
      #expect(placement.moves == treeSets.map { $0.symmetricDifference(group).count }.min())
      #expect(treeSets[placement.nearest].symmetricDifference(group).count == placement.moves)
      #expect(treeSets[placement.nearest].intersection(group).count == placement.members)
      #expect(treeSets[placement.enclosing].count == treeSets.filter(group.isSubset).map(\.count).min())
      let pure = pair.tree.nodes.filter { treeSets[$0].isSubset(of: group) }
      #expect(placement.pieces == pure.count { $0 == 0 || !pure.contains(pair.tree.parents[$0]) })
    }
  }

  @Test("Leaves are placed by whether siblings or others are nearer", arguments: seeds(100))
  func leaves(seed: UInt64) throws {
    guard let pair = try RandomPair(seed: seed)?.pair else { return }
    let treeSets = pair.tree.nodes.map(pair.tree.namesBelow)
    let placements = pair.placements().leaves
    #expect(placements.count == pair.reference.leaves.count { pair.reference.parents[$0] != 0 })
    for placement in placements {
      let name = pair.tree.name(at: placement.position)
      let group = pair.reference.namesBelow(placement.group)
      // How near: the size of the smallest node with both.
      func distance(_ other: String) -> Int {
        treeSets.filter { $0.isSuperset(of: [name, other]) }.map(\.count).min() ?? 0
      }
      var sum = 0.0
      let others = Set(pair.tree.leafNames).subtracting(group)
      for sibling in group where sibling != name {
        for other in others {
          let (near, far) = (distance(other), distance(sibling))
          sum += near < far ? 1 : near == far ? 0.5 : 0
        }
      }
      #expect(abs(placement.strangeness - sum / Double((group.count - 1) * others.count)) < 1e-12)
      let pieces = treeSets.filter { $0.contains(name) && $0.isSubset(of: group) }
      let piece = try #require(pieces.max { $0.count < $1.count })
      #expect(treeSets[placement.piece] == piece)
      guard piece != group else {
        #expect(placement.meeting == nil)
        continue
      }
      let meeting = try #require(placement.meeting)
      let nearest = treeSets.filter { $0.isSuperset(of: piece) && !$0.intersection(group).isSubset(of: piece) }
      #expect(treeSets[meeting].count == nearest.map(\.count).min())
      let below = treeSets.filter { $0.isSuperset(of: piece) && $0.intersection(group) == piece }.map(\.count).max()
      #expect(placement.nearer == (below ?? 0) - piece.count)
    }
  }

  @Test("Groups that are too much work are left out, the largest first")
  func work() throws {
    let hierarchy = try ClusterHierarchy.chain(20)
    let tree = RootedTree(hierarchy)
    let matching = LeafMatching(tree.leafNames, tree.leafNames)
    let pair = try #require(TreePair(tree, tree, matching: matching))
    let placements = pair.placements(work: 2 + 3 + 4 + 5)
    #expect(placements.largest == 5)
    #expect(placements.groups.map(\.size) == [2, 3, 4, 5])
    #expect(pair.placements().largest == 20)
  }

  @Test("A tree and itself differ in nothing", arguments: seeds(20))
  func same(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let hierarchy = try ClusterHierarchy.random(generator.int(6...60), &generator)
    let reference = ReferenceTree(hierarchy)
    let names = reference.tree.leafNames
    let comparison = try #require(
      TreeComparison(reference, reference, matching: LeafMatching(names, names), top: 10))
    #expect(comparison.clades.rooted.distance == 0)
    #expect(comparison.clades.unrooted.distance == 0)
    #expect(comparison.clades.contradicting == 0)
    #expect(comparison.triplets.agreement == 1)
    #expect(comparison.cuts.map(\.groups) == Array(2..<names.count))
    #expect(comparison.cuts.allSatisfy { $0.same.index <= 1 && $0.same.index > 1 - 1e-12 })
    #expect(comparison.tornGroups.isEmpty)
    #expect(comparison.farClusters.isEmpty)
  }

  @Test("Long chains of clusters are compared")
  func chain() throws {
    let leaves = extent(20_000, debugging: 5_000)
    let hierarchy = try ClusterHierarchy.chain(leaves)
    let tree = RootedTree(hierarchy)
    // The other end of the chain is joined first.
    let names = (0..<leaves).reversed().map { "c\($0)" }
    let reference = try reference(
      String(repeating: "(", count: leaves - 1) + names[0] + names.dropFirst().map { ",\($0))" }.joined() + ";")
    let matching = LeafMatching(tree.leafNames, reference.tree.leafNames)
    let pair = try #require(TreePair(tree, reference.tree, matching: matching))
    let clades = pair.comparedClades()
    #expect(clades.rooted.distance == 2 * (leaves - 2))
    #expect(pair.comparedTriplets(mostLeavesForAll: 1000, samples: 10_000).agreement < 0.01)
    #expect(pair.comparedCuts().count == leaves - 2)
    let placements = pair.placements(work: 1_000_000)
    #expect(placements.largest == 1413)
    #expect(placements.groups.allSatisfy { $0.moves == $0.size - 1 })
  }
}
