import Foundation
import Hierarchy
import TestSupport
import Testing

@Suite("The tree")
struct ClusterHierarchyTests {
  struct Bad: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let merges: [Merge]
    let message: String
  }

  @Test(
    "Merges that make no tree are refused, with what is wrong",
    arguments: [
      Bad(
        testDescription: "too few", merges: [.example(1, 0, 1, node: 4)],
        message: "3 clusters with samples, but 1 merges"),
      Bad(
        testDescription: "too many",
        merges: [.example(1, 0, 1, node: 4), .example(2, 4, 3, node: 5), .example(3, 5, 2, node: 6)],
        message: "3 clusters with samples, but 3 merges"),
      Bad(
        testDescription: "wrong step", merges: [.example(0, 0, 1, node: 4), .example(1, 4, 3, node: 5)],
        message: "merge 1 is numbered 0 and makes node 4"),
      Bad(
        testDescription: "wrong node", merges: [.example(1, 0, 1, node: 4), .example(2, 4, 3, node: 4)],
        message: "merge 2 is numbered 2 and makes node 4"),
      Bad(
        testDescription: "a node used twice", merges: [.example(1, 0, 1, node: 4), .example(2, 3, 1, node: 5)],
        message: "merge 2 takes node 1, which is not there to take"),
      Bad(
        testDescription: "a node merged with itself", merges: [.example(1, 0, 0, node: 4), .example(2, 3, 1, node: 5)],
        message: "merge 1 takes node 0, which is not there to take"),
      Bad(
        testDescription: "an empty cluster", merges: [.example(1, 0, 2, node: 4), .example(2, 3, 1, node: 5)],
        message: "merge 1 takes node 2, which is not there to take"),
      Bad(
        testDescription: "a node not made yet", merges: [.example(1, 0, 5, node: 4), .example(2, 3, 1, node: 5)],
        message: "merge 1 takes node 5, which is not there to take"),
      Bad(
        testDescription: "the node it makes", merges: [.example(1, 0, 4, node: 4), .example(2, 3, 1, node: 5)],
        message: "merge 1 takes node 4, which is not there to take"),
      Bad(
        testDescription: "a negative node", merges: [.example(1, -1, 0, node: 4), .example(2, 3, 1, node: 5)],
        message: "merge 1 takes node -1, which is not there to take"),
    ])
  func refused(bad: Bad) {
    let clusters = [5, 5, 0, 5].map { ClusterHierarchy.Cluster(name: "x", samples: $0, meanProbability: nil) }
    let error = #expect(throws: HierarchyError.self) {
      _ = try ClusterHierarchy(clusters: clusters, merges: bad.merges)
    }
    #expect(error?.description == bad.message)
  }

  @Test("A tree needs a cluster with samples", arguments: [0, 2])
  func noSamples(clusters: Int) {
    let clusters = (0..<clusters).map { _ in ClusterHierarchy.Cluster(name: "x", samples: 0, meanProbability: nil) }
    #expect(throws: HierarchyError.self) { _ = try ClusterHierarchy(clusters: clusters, merges: []) }
  }

  @Test("Nodes tell what is below them")
  func nodes() throws {
    let tree = try ClusterHierarchy.four()
    #expect(tree.root == 6)
    #expect(tree.isLeaf(3) && !tree.isLeaf(4))
    #expect(tree.children(of: 3) == nil && tree.merge(making: 3) == nil)
    #expect(tree.children(of: 4).map { [$0.first, $0.second] } == [1, 2])
    #expect(tree.children(of: 6).map { [$0.first, $0.second] } == [4, 5])
    #expect((0..<7).map(tree.height) == [0, 0, 0, 0, 1, 2, 3])
    #expect((0..<7).map(tree.clusterCount) == [1, 1, 1, 1, 2, 2, 4])
    #expect((0..<7).map(tree.samples) == [10, 10, 10, 10, 20, 20, 40])
    #expect((0..<7).map(tree.label) == ["a", "b", "c", "d", "4", "5", "6"])
    #expect(tree.leaves(below: 6) == [1, 2, 0, 3])
    #expect(tree.leaves(below: 5) == [0, 3])
    #expect(tree.leaves(below: 2) == [2])
  }

  @Test("Empty clusters are in no merge and are listed")
  func empty() throws {
    let tree = try ClusterHierarchy.joining([(1, 3), (4, 5)], names: ["a", "b", "c", "d", "e"], empty: [0, 2])
    #expect(tree.emptyClusters == [0, 2])
    #expect(tree.leaves == [1, 3, 4])
    #expect(tree.root == 6)
    let leaf = try ClusterHierarchy.joining([], names: ["a", "b"], empty: [0])
    #expect(leaf.root == 1)
  }

  @Test("A walk goes depth first, the smaller id first")
  func walk() throws {
    let tree = try ClusterHierarchy.four()
    var stops: [ClusterHierarchy.Visit] = []
    tree.walk(from: tree.root) { stops.append($0) }
    #expect(
      stops == [
        .enter(6), .enter(4), .leaf(1), .between(4), .leaf(2), .leave(4), .between(6), .enter(5), .leaf(0), .between(5),
        .leaf(3), .leave(5), .leave(6),
      ])
  }

  @Test("A walk does not go below what it is told not to, and asks of nodes only")
  func walkCollapsed() throws {
    let tree = try ClusterHierarchy.four()
    var stops: [ClusterHierarchy.Visit] = []
    var asked: [Int] = []
    let descend = { (node: Int) -> Bool in
      asked.append(node)
      return node != 4
    }
    tree.walk(from: tree.root, descend: descend) { stops.append($0) }
    #expect(asked == [6, 4, 5])
    #expect(
      stops == [
        .enter(6), .collapsed(4), .between(6), .enter(5), .leaf(0), .between(5), .leaf(3), .leave(5), .leave(6),
      ])
  }

  @Test("A tree survives encoding and decoding, and one that is none does not")
  func codable() throws {
    let tree = try ClusterHierarchy.joining(
      [(1, 3), (4, 5)], names: ["a", "b", "c", "d", "\u{1F600}"], empty: [0, 2])
    let data = try JSONEncoder().encode(tree)
    #expect(try JSONDecoder().decode(ClusterHierarchy.self, from: data) == tree)

    let text = String(decoding: data, as: UTF8.self)
    let broken = text.replacing("\"partner\":3", with: "\"partner\":2")
    #expect(broken != text)
    #expect(throws: HierarchyError.self) {
      _ = try JSONDecoder().decode(ClusterHierarchy.self, from: Data(broken.utf8))
    }
  }
}
