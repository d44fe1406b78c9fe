import Evaluation
import TestSupport
import Testing

@Suite("Matchings of clusters and labels")
struct MatchingTests {
  /// The most rows any pairing matches, by trying all.
  private func best(_ counts: ArraySlice<[Int]>, taken: Set<Int> = []) -> Int {
    guard let row = counts.first else { return 0 }
    let rest = counts.dropFirst()
    let without = best(rest, taken: taken)
    return row.indices.filter { !taken.contains($0) }
      .reduce(without) { max($0, row[$1] + best(rest, taken: taken.union([$1]))) }
  }

  @Test("The best of all pairings is found", arguments: seeds(200))
  func optimal(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let (clusters, labels) = (generator.int(1...6), generator.int(1...6))
    let most = generator.int(1...20)
    let counts = (0..<clusters).map { _ in (0..<labels).map { _ in max(0, generator.int(-most / 2...most)) } }
    let matching = Matching(CountTable(counts))
    #expect(matching.isOptimal)
    #expect(matching.matched == best(counts[...]))
    let pairs = matching.labelOfCluster.enumerated().compactMap { cluster, label in label.map { (cluster, $0) } }
    #expect(Set(pairs.map(\.1)).count == pairs.count)
    #expect(pairs.reduce(0) { $0 + counts[$1.0][$1.1] } == matching.matched)
  }

  @Test("Beyond what is matched optimally, the largest counts come first, and that is said")
  func greedy() {
    let size = Matching.mostOptimal + 1
    // Cluster i has label i, but cluster 0 is torn between the labels 0 and 1.
    var entries = (0..<size).map { [CountTable.Entry(label: $0, count: 5)] }
    entries[0] = [CountTable.Entry(label: 0, count: 5), CountTable.Entry(label: 1, count: 6)]
    let matching = Matching(CountTable(labels: size, entries: entries))
    #expect(!matching.isOptimal)
    #expect(matching.labelOfCluster[0] == 1 && matching.labelOfCluster[1] == nil)
    #expect(matching.matched == 6 + 5 * (size - 2))
  }
}
