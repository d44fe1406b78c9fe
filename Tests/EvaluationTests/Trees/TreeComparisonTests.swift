import Evaluation
import Hierarchy
import TestSupport
import Testing

@Suite("What disagrees most")
struct TreeComparisonTests {
  /// Dogs, and vehicles among which two dogs of the snow have come.
  private func comparison(top: Int = 10) throws -> TreeComparison {
    let names = ["beagle", "poodle", "terrier", "pug", "husky", "malamute", "snowmobile", "car", "truck", "bus"]
    // husky and malamute; with the snowmobile; car and truck; with the bus; both; the four other dogs; all.
    let pairs = [(4, 5), (10, 6), (7, 8), (12, 9), (11, 13), (0, 1), (2, 3), (15, 16), (14, 17)]
    let hierarchy = try ClusterHierarchy.joining(
      pairs, names: names, samples: [10, 20, 30, 40, 50, 60, 70, 80, 90, 100])
    let text = "class,kind\n" + names.enumerated().map { "\($1),\($0 < 6 ? "dog" : "vehicle")\n" }.joined()
    let reference = try reference(text)
    let matching = LeafMatching(RootedTree(hierarchy).leafNames, reference.tree.leafNames)
    return try #require(TreeComparison(ReferenceTree(hierarchy), reference, matching: matching, top: top))
  }

  @Test("Dogs beside the snowmobile are found, together, with what they sit beside and where they belong")
  func far() throws {
    let first = try #require(try comparison().farClusters.first)
    #expect(first.clusters == ["husky", "malamute"])
    #expect(first.group == "dog")
    #expect(first.level == "kind")
    #expect(first.groupClusters == 6)
    #expect(first.beside == ["snowmobile"])
    // The first of the four, all of which are equally near.
    #expect(first.nearestSibling == "beagle")
    #expect(first.nearer == 4)
    // The other dogs are farther than all four vehicles, the one beside it is nearer.
    #expect(first.strangeness == 0.8)
  }

  @Test("One branch near the root does not fill the list, however many clusters it parts from their siblings")
  func oneBranch() throws {
    // Eight pairs with one on each side of the root, and x and z, on one side with others between them.
    let near = (0..<8).map { "near\($0)" }
    let far = (0..<8).map { "far\($0)" }
    func chain(_ names: [String]) -> String { names.dropFirst().reduce(names[0]) { "(\($0),\($1))" } }
    let tree = try reference("(\(chain(near)),\(chain(far + ["x", "y"] + ["z"])));", kind: .newick)
    let groups = try reference(
      "class,group\n" + (0..<8).map { "near\($0),\($0)\nfar\($0),\($0)\n" }.joined() + "x,t\nz,t\ny,u\n")
    let matching = LeafMatching(tree.tree.leafNames, groups.tree.leafNames)
    let all = try #require(TreeComparison(tree, groups, matching: matching, top: 100)).farClusters
    #expect(all.count == 18 && all.map(\.strangeness) == all.map(\.strangeness).sorted(by: >))
    #expect(all.filter { $0.strangeness > 0.7 }.count == 16)
    #expect(all.filter { $0.alike == 7 }.count == 16)
    // x is nearer to its sibling, but stands for itself.
    let few = try #require(TreeComparison(tree, groups, matching: matching, top: 4)).farClusters
    #expect(few.map(\.clusters[0]).contains("x"))
  }

  @Test("The groups they were torn from are named, with what they lack and what they have too much")
  func torn() throws {
    let comparison = try comparison()
    #expect(comparison.groups.all == 2)
    #expect(comparison.groups.together == 0)
    #expect(comparison.tornGroups.map(\.name) == ["dog", "vehicle"])
    #expect(comparison.tornGroups.map(\.moves) == [2, 1])
    let dogs = try #require(comparison.tornGroups.first)
    #expect(dogs.pieces == 2)
    #expect(dogs.leftOut == ["husky", "malamute"])
    #expect(dogs.letIn.isEmpty)
    #expect(dogs.enclosingClusters == 10)
  }

  @Test("Lists are as long as is wanted")
  func top() throws {
    #expect(try comparison(top: 0).tornGroups.isEmpty)
    #expect(try comparison(top: 1).farClusters.count == 1)
  }

  @Test("Of groups that are nearly the same, the worst is listed alone")
  func nested() throws {
    let names = (0..<12).map { "c\($0)" }
    // A chain whose clusters come in another order than the reference's, which is nested in steps of one.
    let order = [0, 11, 1, 10, 2, 9, 3, 8, 4, 7, 5, 6]
    let pairs = [(order[0], order[1])] + order.dropFirst(2).enumerated().map { ($1, 12 + $0) }
    let hierarchy = try ClusterHierarchy.joining(pairs, names: names)
    let newick = String(repeating: "(", count: 11) + "c0" + names.dropFirst().map { ",\($0))" }.joined() + ";"
    let reference = try reference(newick)
    let matching = LeafMatching(RootedTree(hierarchy).leafNames, reference.tree.leafNames)
    let comparison = try #require(TreeComparison(ReferenceTree(hierarchy), reference, matching: matching, top: 10))
    let sizes = comparison.tornGroups.map(\.clusters)
    #expect(!sizes.isEmpty)
    for (index, size) in sizes.enumerated() {
      for other in sizes.dropFirst(index + 1) { #expect(2 * min(size, other) <= max(size, other)) }
    }
  }
}
