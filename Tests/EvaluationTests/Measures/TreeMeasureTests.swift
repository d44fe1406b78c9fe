import Evaluation
import Hierarchy
import TestSupport
import Testing

@Suite("Measures of trees")
struct TreeMeasureTests {
  private func evaluation(_ hierarchy: ClusterHierarchy, _ counts: [[Int]]) -> LabelEvaluation {
    let table = CountTable(counts)
    let labels = (0..<table.labels).map { "l\($0)" }
    return LabelEvaluation(hierarchy, Labelling(name: "labels", labels: labels, table: table, unlabelledRows: 0))
  }

  @Test("((d, a), (b, c)) with two labels across its halves")
  func four() throws {
    // a: x x; b: x y; c: y; d: x
    let found = evaluation(try .four(), [[2, 0], [1, 1], [0, 1], [1, 0]])
    // x: a–a in a leaf of x alone; a–d twice in a node of x alone; a–b twice and d–b in the root, 4 of 6 of which are x.
    // y: b–c in their node, 2 of 3 of which are y.
    let sixths: [Double] = [6, 6, 6, 4, 4, 4, 4]
    #expect(isClose(found.figures.dendrogramPurity, sixths.reduce(0, +) / 6 / 7))
    // a–d and b–c are 2 edges apart; a–b and d–b 4, which is the longest.
    let lengths: [Double] = [2, 2, 2, 4, 4, 4]
    #expect(isClose(found.figures.leastHierarchicalDistance, lengths.reduce(0, +) / 6 / 4))
    #expect(found.majority == [0, 0, 1, 0, 1, 0, 0])
    let twoThirds: Double = 2 / 3
    #expect(found.purity == [1, 0.5, 1, 1, twoThirds, 1, twoThirds])
    #expect(found.rows == [2, 2, 1, 1, 3, 3, 6])
  }

  @Test("Without pairs there is nothing to average")
  func noPairs() throws {
    let distinct = evaluation(try .four(), [[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]])
    #expect(distinct.figures.dendrogramPurity == nil && distinct.figures.leastHierarchicalDistance == nil)
    let together = evaluation(try .four(), [[2, 0], [0, 3], [0, 0], [0, 0]])
    #expect(together.figures.dendrogramPurity == 1 && together.figures.leastHierarchicalDistance == nil)
    let single = evaluation(try .single(), [[3, 1]])
    #expect(single.figures.dendrogramPurity == 0.75 && single.figures.leastHierarchicalDistance == nil)
    #expect(single.purity == [0.75])
  }

  @Test("Nodes without labelled rows have no purity, and empty clusters none either")
  func nodesWithoutRows() throws {
    let found = evaluation(
      try .joining([(0, 1), (3, 4)], names: ["a", "b", "empty", "d"], empty: [2]), [[0, 0], [0, 0], [0, 0], [1, 2]])
    let twoThirds: Double = 2 / 3
    #expect(found.purity == [nil, nil, nil, twoThirds, nil, twoThirds])
    #expect(found.majority == [nil, nil, nil, 1, nil, 1])
  }

  @Test("Purity and majority of every node are those of the rows below it", arguments: seeds(30))
  func nodes(seed: UInt64) throws {
    let random = try RandomCase(seed: seed)
    let found = random.evaluation
    let hierarchy = random.hierarchy
    for node in found.rows.indices {
      let isInTree = node >= hierarchy.clusters.count || hierarchy.clusters[node].samples > 0
      let clusters = Set(isInTree ? hierarchy.leaves(below: node) : [])
      let labels = random.rows.filter { clusters.contains($0.cluster) }.map(\.label)
      let counts = (0..<random.table.labels).map { label in labels.count { $0 == label } }
      let most = counts.max() ?? 0
      #expect(found.rows[node] == labels.count)
      #expect(found.majority[node] == (most > 0 ? counts.firstIndex(of: most) : nil))
      #expect(found.purity[node] == (most > 0 ? Double(most) / Double(labels.count) : nil))
    }
  }

  @Test("A chain of 20,000 leaves is no harder than another tree")
  func chain() throws {
    let leaves = 20_000
    // Every label is in two leaves, one of each half: leaf i and leaf i + n/2.
    let entries = (0..<leaves).map { [CountTable.Entry(label: $0 % (leaves / 2), count: 1)] }
    let table = CountTable(labels: leaves / 2, entries: entries)
    let labels = (0..<leaves / 2).map(String.init)
    let found = LabelEvaluation(
      try .chain(leaves), Labelling(name: "labels", labels: labels, table: table, unlabelledRows: 0))
    // The pair of label i meets in the node of leaves 0 to i + n/2, of which 2 are of its label.
    let half = leaves / 2
    let purity = (0..<half).reduce(0) { $0 + 2 / Double($1 + half + 1) } / Double(half)
    #expect(isClose(found.figures.dendrogramPurity, purity))
    // Leaf i > 0 is 1 edge below the node of leaves 0 to i; leaf 0 is as leaf 1.
    let mean = Double(half * (half + 2) - 1) / Double(half)
    #expect(isClose(found.figures.leastHierarchicalDistance, mean / Double(leaves)))
  }

  @Test("Counts up to 2^40 rows keep their digits")
  func large() throws {
    let n = 1 << 38
    let scaled = evaluation(try .four(), [[2 * n, 0], [n, n], [0, n], [n, 0]])
    // As the counts grow, pairs of a row with itself no longer matter.
    let sums: [Double] = [
      // x: within a, within b (half of it x), within d, a–d, then a–b and d–b in the root.
      2, 0.5 * 0.5, 0.5, 2, 3 * 4.0 / 6,
      // y: within b, within c, b–c.
      0.5 * 0.5, 0.5, 2.0 / 3,
    ]
    #expect(isClose(scaled.figures.dendrogramPurity, sums.reduce(0, +) / 10))
    #expect(isClose(scaled.figures.leastHierarchicalDistance, 0.75))
    #expect(isClose(scaled.figures.accuracy, 0.5))
  }
}
