import Hierarchy
import TestSupport
import Testing

@Suite("Average linkage")
struct AverageLinkageTests {
  /// Distances between up to 40 points; of many cases only a few different ones, so that they tie.
  private func example(_ seed: UInt64) -> CondensedDistances {
    var random = SeededGenerator(seed: seed)
    let variety = [2, 3, 10, 1_000_000_000][random.int(0...3)]
    var distances = CondensedDistances(points: random.int(2...40), repeating: 1)
    distances.replaceEach { _ in Double(random.int(0...variety)) / Double(variety) }
    return distances
  }

  private struct Case: Encodable {
    let points: Int
    let distances: [Double]
  }

  @Test("It is SciPy's to the bit in 300 random cases, ties included")
  func scipy() throws {
    let seeds = seeds(300)
    let examples = seeds.map(example)
    let expected: [[[Double]]] = try PythonOracle.run(
      """
      from scipy.cluster.hierarchy import linkage
      results = [linkage(c["distances"], method="average").tolist() for c in cases]
      """, on: examples.map { Case(points: $0.points, distances: $0.values) })
    for (seed, (distances, expected)) in zip(seeds, zip(examples, expected)) {
      let names = (0..<distances.points).map(String.init)
      let tree = try #require(distances.averageLinkage(names: names))
      let found = tree.joins.map { [Double($0.first), Double($0.second), $0.height, Double($0.points)] }
      #expect(found == expected, "seed \(seed)")
    }
  }

  @Test("Distances are where SciPy's condensed matrices have them")
  func condensed() {
    var distances = CondensedDistances(points: 4, repeating: 0)
    distances[0, 1] = 1
    distances[3, 0] = 2
    distances[2, 1] = 3
    distances[2, 3] = 4
    #expect(distances.values == [1, 0, 2, 3, 0, 4])
    #expect(distances[1, 2] == 3 && distances[0, 3] == 2)
    #expect(CondensedDistances.byteCount(points: 1000) == 999_000 * 4)
  }

  @Test("Newick has distances as heights; a single point is a tree")
  func newick() throws {
    var distances = CondensedDistances(points: 3, repeating: 1)
    distances[0, 2] = 0.25
    let tree = try #require(distances.averageLinkage(names: ["a b", "c", "d"]))
    #expect(tree.newick() == "(c:1.0,('a b':0.25,d:0.25):0.75);\n")
    let single = CondensedDistances(points: 1, repeating: 0)
    #expect(try #require(single.averageLinkage(names: ["only"])).newick() == "only;\n")
  }

  @Test("A chain of 3,000 joins is written; who says stop is heard")
  func chain() throws {
    var distances = CondensedDistances(points: 3000, repeating: 0)
    for later in 1..<3000 {
      for earlier in 0..<later { distances[earlier, later] = Double(later) }
    }
    let names = (0..<3000).map { "c\($0)" }
    let tree = try #require(distances.averageLinkage(names: names))
    #expect(tree.joins.map(\.points) == Array(2...3000))
    #expect(tree.newick().utf8.count { $0 == UInt8(ascii: "(") } == 2999)
    #expect(distances.averageLinkage(names: names, shouldStop: { true }) == nil)
  }
}
