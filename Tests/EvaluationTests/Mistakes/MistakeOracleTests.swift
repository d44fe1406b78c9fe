import Evaluation
import Foundation
import Hierarchy
import TestSupport
import Testing

@Suite("Mistakes are weighed as NumPy has them, prediction by prediction")
struct MistakeOracleTests {
  /// Rows with labels and ranked clusters, and a tree: the clusters' own, or another that lacks some of them.
  private struct Case: Encodable {
    let parents: [Int]
    let heights: [Int]
    let leafOfCluster: [Int?]
    let leavesOfLabel: [[Int]]
    let labels: [Int]
    let ranked: [[Int]]
    let levels: [Int]
  }

  private struct Weights: Decodable {
    let count: Int
    let accuracy: Double
    let meanHeight: Double
    let meanHeightOfMistakes: Double?
    let meanClusters: Double
    let meanCutHeight: Double
    let precision: Double
    let recall: Double
    let f1: Double
    let levels: [Double]
    let label: Int?
    let mistakenFor: Int?
  }

  private struct Output: Decodable {
    let first: Weights
    let nearest: Weights
    let ranked: Weights
    let classes: [Weights]
    let unknown: Int
  }

  /// What the program makes of a case, with the oracle's view of it.
  private struct Trial {
    let input: Case
    let found: MistakeEvaluation

    init(seed: UInt64) throws {
      var random = SeededGenerator(seed: seed)
      let hierarchy = try ClusterHierarchy.random(random.int(5...24), &random)
      let clusters = hierarchy.clusters.count
      let labels = random.int(2...clusters)
      // Some labels stand for several clusters, or none.
      let clustersOfLabel = (0..<labels).map { label in
        random.happens(0.1) ? [] : random.happens(0.1) ? [label, random.int(0...clusters - 1)] : [label]
      }
      let labelNames = clustersOfLabel.indices.map { "l\($0)" }
      let rows = (0..<random.int(1...60)).map { _ in
        (label: random.int(0...labels - 1), ranked: Self.ranked(hierarchy, &random))
      }
      let labelling = Labelling(
        name: "labels", labels: labelNames, table: Self.table(rows, clusters, labels), unlabelledRows: 0,
        clustersOfLabel: clustersOfLabel)
      let tree: MistakeTree
      let leaves: [Int?]
      if random.happens(0.5) {
        tree = MistakeTree(hierarchy, labelling, groups: [1, 2, 3, hierarchy.leaves.count])
        leaves = hierarchy.clusters.indices.map { cluster in
          RootedTree(hierarchy).leafNames.firstIndex(of: "c\(cluster)").map { RootedTree(hierarchy).leaves[$0] }
        }
      } else {
        let names = hierarchy.clusters.map(\.name).filter { _ in random.happens(0.8) } + ["c0", "c1"]
        let text = randomNewick(Set(names).sorted(), mostChildren: random.int(2...5), &random)
        let reference = try EvaluationTests.reference(text)
        tree = MistakeTree(reference, hierarchy, labelling, groups: [2, 5])
        leaves = hierarchy.clusters.map { cluster in
          reference.tree.leafNames.firstIndex(of: cluster.name).map { reference.tree.leaves[$0] }
        }
      }
      // Clusters that are not in the tree come after all of its nodes.
      let nodes = tree.tree.nodes.count - tree.strangers.count
      var next = nodes
      let complete = leaves.map { leaf -> Int in
        if let leaf { return leaf }
        next += 1
        return next - 1
      }
      input = Case(
        parents: Array([-1] + tree.tree.parents[1..<nodes]), heights: Array(tree.tree.heights[..<nodes]),
        leafOfCluster: leaves, leavesOfLabel: clustersOfLabel.map { $0.map { complete[$0] } },
        labels: rows.map(\.label), ranked: rows.map { $0.ranked.map(Int.init) }, levels: tree.levels.map(\.height))
      var counter = MistakeCounter([tree], clusters: clusters, labels: labels)
      for row in rows { counter.count(label: row.label, row.ranked) }
      found = MistakeEvaluation(tree, labelling.table, (counter.counts, index: 0))
    }

    /// A row's clusters in some order; the first has samples.
    private static func ranked(_ hierarchy: ClusterHierarchy, _ random: inout SeededGenerator) -> [Int32] {
      let first = hierarchy.leaves[random.int(0...hierarchy.leaves.count - 1)]
      let others = hierarchy.clusters.indices.filter { $0 != first }.shuffled(using: &random).prefix(4)
      return ([first] + others).map { Int32($0) }
    }

    private static func table(_ rows: [(label: Int, ranked: [Int32])], _ clusters: Int, _ labels: Int) -> CountTable {
      var counts = Array(repeating: [Int](repeating: 0, count: labels), count: clusters)
      for row in rows { counts[Int(row.ranked[0])][row.label] += 1 }
      return CountTable(counts)
    }
  }

  @Test("Random trees and labels give the same figures")
  func random() throws {
    let seeds = seeds(60)
    let trials = try seeds.map { seed in try Trial(seed: seed) }
      .filter { trial in trial.found.first.count > 0 }
    let expected: [Output] = try PythonOracle.run(
      """
      from mistakes import Tree, figures
      results = [figures(Tree(c["parents"], c["heights"], c["leafOfCluster"]),
                         c["leavesOfLabel"], c["labels"], c["ranked"], c["levels"]) for c in cases]
      """, on: trials.map(\.input))
    for (trial, expected) in zip(trials, expected) {
      check(trial.found.first, expected.first, "first")
      check(trial.found.nearest, expected.nearest, "nearest")
      check(trial.found.ranked, expected.ranked, "ranked")
      #expect(trial.found.unknownRows == expected.unknown)
      #expect(trial.found.classes.map(\.label) == expected.classes.map { $0.label ?? -1 })
      for (found, expected) in zip(trial.found.classes, expected.classes) {
        check(found.weights, expected, "label \(found.label)")
        #expect(found.mistakenFor?.cluster == expected.mistakenFor)
      }
    }
    // The cases are of every kind.
    #expect(expected.contains { $0.unknown > 0 } && trials.contains { !$0.found.tree.strangers.isEmpty })
    #expect(trials.count > seeds.count * 2 / 3)
  }

  private func check(_ found: MistakeWeights?, _ expected: Weights, _ name: String) {
    guard let found else {
      Issue.record("\(name): nothing found")
      return
    }
    #expect(found.count == expected.count, "\(name)")
    let pairs: [(String, Double?, Double?)] = [
      ("accuracy", found.accuracy, expected.accuracy), ("height", found.meanHeight, expected.meanHeight),
      ("of mistakes", found.meanHeightOfMistakes, expected.meanHeightOfMistakes),
      ("clusters", found.meanClusters, expected.meanClusters),
      ("cut height", found.meanCutHeight, expected.meanCutHeight),
      ("precision", found.precision, expected.precision), ("recall", found.recall, expected.recall),
      ("F1", found.harmonicMean, expected.f1),
    ]
    for (figure, found, expected) in pairs { #expect(isClose(found, expected), "\(name), \(figure)") }
    for (found, expected) in zip(found.accuracyAtLevel, expected.levels) {
      #expect(isClose(found, expected), "\(name), level")
    }
    #expect(found.accuracyAtLevel.count == expected.levels.count)
  }
}
