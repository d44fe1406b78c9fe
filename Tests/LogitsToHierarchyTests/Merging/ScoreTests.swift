import LogitsToHierarchy
import TestSupport
import Testing

/// The parts of clusters given by their rows and the sum of 1 − g over them, in multiples of 2^-40.
private func parts(_ clusters: [(rows: Int, doubt: UInt128)]) -> [ScoreParts] {
  let statistics = ClusterStatistics(counts: clusters.map(\.rows), doubts: clusters.map(\.doubt))
  return clusters.indices.map { ScoreParts(cluster: $0, of: statistics) }
}

private func merged(_ parts: [ScoreParts]) -> ScoreParts { parts.dropFirst().reduce(parts[0], +) }

@Suite("Scores")
struct ScoreTests {
  @Test("A group's score is the sum of means, the sum, or the mean of its rows' predicted probabilities")
  func definitions() {
    // Two rows with g = 1/2 and 3/4, one with g = 1/4.
    let group = merged(parts([(2, 3 << 38), (1, 3 << 38)]))
    #expect(group.clusters == 2 && group.samples == 3)
    #expect(group.score(.sumOfMeans).double == 0.625 + 0.25)
    #expect(group.score(.sum).double == 1.5)
    #expect(group.score(.mean).double == 0.5)
  }

  @Test("Equal means of different numbers of rows tie exactly", arguments: Aggregation.allCases, seeds(10))
  func ties(aggregation: Aggregation, seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let rows = random.int(1...1000)
    let doubt = UInt128(random.next() % (UInt64(rows) << 40))
    let factor = random.int(2...5000)
    let two = parts([(rows, doubt), (factor * rows, UInt128(factor) * doubt)])
    guard aggregation != .sum else {
      let twice = merged(parts([(rows, doubt), (rows, doubt)]))
      #expect(twice.score(.sum) == parts([(2 * rows, 2 * doubt)])[0].score(.sum))
      return
    }
    #expect(two[0].score(aggregation) == two[1].score(aggregation))
    #expect(two[0].score(aggregation).gap(above: two[1].score(aggregation)) == 0)
  }

  @Test(
    "A score does not depend on the order in which clusters were put together", arguments: Aggregation.allCases,
    seeds(10))
  func order(aggregation: Aggregation, seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    var clusters = parts(
      (0..<12).map { _ in
        let rows = random.int(1...100)
        return (rows, UInt128(random.next() % (UInt64(rows) << 40)))
      })
    let expected = merged(clusters).score(aggregation)
    for _ in 0..<20 {
      clusters.shuffle(using: &random)
      let cut = random.int(1...11)
      #expect((merged(Array(clusters[..<cut])) + merged(Array(clusters[cut...]))).score(aggregation) == expected)
    }
  }

  @Test("The smallest difference orders groups", arguments: Aggregation.allCases)
  func smallest(aggregation: Aggregation) {
    let two = parts([(1 << 20, 6), (1 << 20, 5)])
    #expect(two[0].score(aggregation) < two[1].score(aggregation))
    #expect(two[1].score(aggregation).gap(above: two[0].score(aggregation)) > 0)
  }

  @Test("Rows up to 2^40, all of them doubted as much as can be, overflow nothing", arguments: Aggregation.allCases)
  func largest(aggregation: Aggregation) {
    let half = 1 << 39
    let two = parts([(half, UInt128(half) << 40), (half, UInt128(half) << 40 - 1)])
    let all = merged(two)
    #expect(all.samples == 1 << 40)
    #expect(all.score(aggregation).double >= 0 && all.score(aggregation).double < 1e-6)
    #expect(all.nearTieGap(aggregation) > 1e-7)

    let certain = merged(parts([(half, 0), (half, 0)]))
    let expected = [Aggregation.sumOfMeans: 2, .sum: 0x1p40, .mean: 1][aggregation]
    #expect(certain.score(aggregation).double == expected)
    #expect(certain.score(aggregation).gap(above: all.score(aggregation)) > 0.9)
    #expect(certain.nearTieGap(aggregation) == 1e-12)
  }
}
