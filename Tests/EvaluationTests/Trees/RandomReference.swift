import Evaluation
import Foundation
import Hierarchy
import TestSupport

/// A Newick text of a random tree over names, whose nodes have from two to `mostChildren` children.
func randomNewick(
  _ names: [String], mostChildren: Int, _ generator: inout SeededGenerator
) -> String {
  var parts = names.map { "'" + $0.replacing("'", with: "''") + "'" }
  while parts.count > 1 {
    let count = min(parts.count, generator.int(2...max(2, mostChildren)))
    let children = (0..<count).map { _ in parts.remove(at: generator.int(0...parts.count - 1)) }
    parts.append("(" + children.joined(separator: ",") + ")")
  }
  return parts[0] + ";\n"
}

/// A reference read from a text, as from a file.
func reference(
  _ text: String, kind: ReferenceTree.Kind? = nil, classes: [String] = []
) throws -> ReferenceTree {
  let directory = try TemporaryDirectory()
  return try ReferenceTree(reading: directory.write(text, to: "reference"), kind: kind, classes: classes)
}

/// A tree and a random reference, which lacks some of its clusters and has others. The tree is a hierarchy of the program's,
/// or for each third seed a tree with nodes of more than two children.
struct RandomPair {
  let tree: RootedTree
  let reference: ReferenceTree
  let matching: LeafMatching
  let pair: TreePair

  init?(seed: UInt64, clusters: ClosedRange<Int> = 4...24, isBinary: Bool = false) throws {
    var generator = SeededGenerator(seed: seed)
    let hierarchy = try ClusterHierarchy.random(generator.int(clusters), &generator)
    let names = RootedTree(hierarchy).leafNames
    tree =
      isBinary || seed % 3 != 0
      ? RootedTree(hierarchy)
      : try EvaluationTests.reference(randomNewick(names, mostChildren: generator.int(3...6), &generator)).tree
    let others = names.filter { _ in generator.happens(0.9) } + (0..<generator.int(0...3)).map { "other\($0)" }
    let mostChildren = generator.int(2...5)
    reference = try EvaluationTests.reference(randomNewick(others, mostChildren: mostChildren, &generator))
    matching = LeafMatching(tree.leafNames, reference.tree.leafNames)
    guard let pair = TreePair(tree, reference.tree, matching: matching) else { return nil }
    self.pair = pair
  }
}

extension RootedTree {
  /// The names below a node, found by going up from each leaf.
  func namesBelow(_ node: Int) -> Set<String> {
    Set(
      leaves.filter { leaf in
        var above = leaf
        while above != node, above != 0 { above = parents[above] }
        return above == node
      }.map { labels[$0] })
  }

  /// The sets of leaves below nodes that are no leaves, the root's too.
  var clades: [Set<String>] { innerNodes.map(namesBelow) }
}
