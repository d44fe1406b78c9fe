import Hierarchy
import TestSupport
import Testing

@Suite("Heights of nodes")
struct NodeHeightTests {
  /// ((a b) (c d)), then e: shares 0.9, 0.2, 0.5, 0.7.
  private func tree() throws -> ClusterHierarchy {
    let tree = try ClusterHierarchy.joining([(0, 1), (2, 3), (5, 6), (4, 7)], names: ["a", "b", "c", "d", "e"])
    var merges = tree.merges
    for (index, share) in [0.9, 0.25, 0.5, 0.75].enumerated() {
      merges[index].share = share
      merges[index].margin = 1 - share
    }
    return try ClusterHierarchy(clusters: tree.clusters, merges: merges)
  }

  @Test("Steps by default; by share or margin no node is lower than those below it")
  func heights() throws {
    #expect(try tree().heights(.step) == [0, 0, 0, 0, 0, 1, 2, 3, 4])
    #expect(try tree().heights(.share).suffix(4) == [1 - 0.9, 0.75, 0.75, 0.75])
    #expect(try tree().heights(.margin).suffix(4) == [0.9, 0.25, 0.9, 0.9])
  }

  @Test("A linkage matrix has its rows in ascending order of heights, and its nodes numbered by them")
  func linkage() throws {
    let rows = try tree().linkageMatrix(heights: .margin)
    #expect(rows.map(\.0) == [2, 0, 5, 4] && rows.map(\.1) == [3, 1, 6, 7])
    #expect(rows.map(\.2) == [0.25, 0.9, 0.9, 0.9] && rows.map(\.3) == [2, 2, 4, 5])
  }

  @Test("Newick has support where it is asked for")
  func newick() throws {
    var tree = try tree()
    #expect(
      tree.newick(heights: .share)
        == "(e:0.75,((a:0.09999999999999998,b:0.09999999999999998):0.65,(c:0.75,d:0.75):0):0);\n")
    let plain = tree.newick()
    tree.support = BranchSupport(
      replicates: 2, seed: 1, blocks: "b", estimatedMerges: 0,
      distances: [(1, 1, 1), (0, 2, 1), (2, 0, 1), (0, 0, 0)], marginErrors: [nil, 0.25, nil, nil])
    #expect(tree.newick(support: .none) == plain)
    #expect(
      tree.newick(support: .label)
        == "(e:4,((a:1,b:1)0.5[&node=5,clade=0.5]:2,(c:2,d:2)1.0[&node=6,clade=1.0]:1)0.0[&node=7,clade=0.0]:1)1.0[&node=8,clade=1.0];\n"
    )
    #expect(
      tree.newick(support: .comment)
        == "(e:4,((a:1,b:1)5[&support=0.5,clade=0.5]:2,(c:2,d:2)6[&support=1.0,clade=1.0]:1)7[&support=0.0,clade=0.0]:1)8[&support=1.0,clade=1.0];\n"
    )
    let lines = tree.mergesCSV().split(separator: "\n")
    #expect(lines[0].hasSuffix(",evidence,transfer_support,clade_support,margin_error"))
    #expect(lines[1].hasSuffix(",0.5,0.5,") && lines[2].hasSuffix(",1.0,1.0,0.25"))
  }
}
