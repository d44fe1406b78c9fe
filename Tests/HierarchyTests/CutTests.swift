import Hierarchy
import TestSupport
import Testing

@Suite("Cuts")
struct CutTests {
  @Test("The last merges are undone")
  func groups() throws {
    let tree = try ClusterHierarchy.four()
    #expect(try Cut(tree, into: 1).groups.map(\.clusters) == [[1, 2, 0, 3]])
    #expect(try Cut(tree, into: 2).groups.map(\.clusters) == [[1, 2], [0, 3]])
    #expect(try Cut(tree, into: 3).groups.map(\.clusters) == [[1, 2], [0], [3]])
    #expect(try Cut(tree, into: 4).groups.map(\.node) == [1, 2, 0, 3])
    #expect(try Cut(tree, into: 3).groupOfCluster == [1, 0, 0, 2])
  }

  @Test("A label names the three most typical members, and without knowledge of these the first")
  func labels() throws {
    var tree = try ClusterHierarchy.joining(
      [(0, 1), (2, 5), (3, 6), (4, 7)], names: ["a", "b", "c", "d", "e"], samples: [3, 9, 1, 9, 5])
    #expect(try Cut(tree, into: 1).groups[0].label == "a / b / c +2")
    tree.typical = [[1, 0], [1, 2, 0], [3, 1, 2], [1, 3, 4]]
    #expect(try Cut(tree, into: 1).groups[0].label == "b / d / e +2")
    #expect(try Cut(tree, into: 4).groups.map(\.label) == ["e", "d", "c", "b / a"])
  }

  @Test("Every node has the label of what lies below it", arguments: seeds(20))
  func nodeLabels(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let tree = try ClusterHierarchy.random(Int.random(in: 3...40, using: &random), &random)
    for (node, label) in tree.nodeLabels.enumerated() {
      #expect(label == tree.groupLabel(of: node))
    }
    #expect(try ClusterHierarchy.chain(20_000).nodeLabels.last?.hasSuffix(" +19997") == true)
  }

  @Test("Every cut of a random tree is a partition, and refines the coarser ones", arguments: seeds(20))
  func partitions(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let tree = try ClusterHierarchy.random(Int.random(in: 3...40, using: &random), &random)
    var coarser: Cut?
    for count in 1...tree.leaves.count {
      let cut = try Cut(tree, into: count)
      #expect(cut.groups.count == count)
      #expect(cut.groups.flatMap(\.clusters).sorted() == tree.leaves)
      #expect(cut.groups.flatMap(\.clusters) == tree.leaves(below: tree.root))
      #expect(cut.groups.reduce(0) { $0 + $1.samples } == tree.samples(of: tree.root))
      for group in cut.groups {
        #expect(Set(group.clusters.map { coarser?.groupOfCluster[$0] ?? 0 }).count == 1)
      }
      coarser = cut
    }
  }

  @Test("Chains may be cut anywhere")
  func chain() throws {
    let tree = try ClusterHierarchy.chain(20_000)
    #expect(try Cut(tree, into: 10_000).groups.map(\.clusters.count).max() == 10_001)
  }

  @Test("There is no cut into more groups than leaves, or none", arguments: [-1, 0, 5])
  func errors(count: Int) throws {
    let tree = try ClusterHierarchy.four()
    let error = try #require(throws: CutError.self) { try Cut(tree, into: count) }
    #expect(error.description == "can't cut into \(count) groups: the tree has 4 leaves, so it must be from 1 to 4")
  }

  @Test("As CSV, with quotes where they are needed and nothing where there is no group")
  func csv() throws {
    let tree = try ClusterHierarchy.joining([(1, 3), (4, 5)], names: ["a", "b,c", "d", "e\"", "f"], empty: [0, 2])
    #expect(
      try tree.cutCSV([Cut(tree, into: 2)]) == """
        cluster,name,group,label,samples
        0,a,,,
        1,"b,c",1,"b,c / e""\",20
        2,d,,,
        3,"e""\",1,"b,c / e""\",20
        4,f,0,f,10

        """)
    #expect(
      try tree.cutCSV([Cut(tree, into: 1), Cut(tree, into: 3)]).split(separator: "\n")[0]
        == "cluster,name,group_1,label_1,samples_1,group_3,label_3,samples_3")
  }
}
