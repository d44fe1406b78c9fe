import Evaluation
import Foundation
import Hierarchy
import TestSupport
import Testing

@Suite("Figures against scikit-learn, SciPy and Higra")
struct OracleTests {
  private struct Input: Encodable {
    let clusters: Int
    let merges: [[Int]]
    let assignments: [Int]
    let labels: [Int]

    init(_ random: RandomCase) {
      clusters = random.hierarchy.clusters.count
      merges = random.hierarchy.merges.map { [$0.lowest, $0.partner] }
      let rows = random.rows
      assignments = rows.map(\.cluster)
      labels = rows.map(\.label)
    }
  }

  private struct Output: Decodable {
    let accuracy: Double
    let nmi: Double
    let ari: Double
    let leafPurity: Double
    let dendrogramPurity: Double?
    let leastHierarchicalDistance: Double?
  }

  @Test("100 random trees and tables give the same figures, sample by sample")
  func random() throws {
    let seeds = seeds(100)
    let cases = try seeds.map { seed in try RandomCase(seed: seed) }
    let expected: [Output] = try PythonOracle.run(
      """
      from evaluation import figures
      results = [figures(c["merges"], c["clusters"], c["assignments"], c["labels"]) for c in cases]
      """, on: cases.map(Input.init))
    for (seed, (random, expected)) in zip(seeds, zip(cases, expected)) {
      let found = random.evaluation.figures
      let pairs: [(String, Double?, Double?)] = [
        ("accuracy", found.accuracy, expected.accuracy),
        ("NMI", found.normalizedMutualInformation, expected.nmi),
        ("ARI", found.adjustedRandIndex, expected.ari),
        ("leaf purity", found.leafPurity, expected.leafPurity),
        ("dendrogram purity", found.dendrogramPurity, expected.dendrogramPurity),
        ("least hierarchical distance", found.leastHierarchicalDistance, expected.leastHierarchicalDistance),
      ]
      for (name, found, expected) in pairs {
        #expect(
          isClose(found, expected),
          "seed \(seed), \(name): \(found?.description ?? "none"), not \(expected?.description ?? "none")")
      }
    }
    // The cases are of every kind.
    #expect(expected.contains { $0.leastHierarchicalDistance != nil && $0.ari < 0.1 })
    #expect(expected.contains { $0.ari == 1 } && expected.contains { $0.leastHierarchicalDistance == nil })
  }
}

/// Whether figures are equal to 1e-9.
func isClose(_ found: Double?, _ expected: Double?) -> Bool {
  guard let found, let expected else { return found == nil && expected == nil }
  return abs(found - expected) <= 1e-9 * max(1e-3, abs(expected))
}
