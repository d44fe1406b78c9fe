import Foundation
import Hierarchy
import LogitStream
import TestSupport
import Testing

@testable import LogitsToHierarchy

/// 150 rows of 12 clusters, in one dataset and in three of other types and layouts; two clusters win no row.
private let rows = 150
private let clusters = 12
private let data = Result {
  try Fixture(
    """
    random = np.random.default_rng(21)
    centers = random.normal(0, 1, (12, 4))
    labels = np.array([c for c in range(12) if c not in (4, 9)])[random.integers(0, 10, 150)]
    x = (centers[labels] + random.normal(0, 0.8, (150, 4))) @ centers.T * 2
    x[:, [4, 9]] -= 30
    # Values of float16, so that any type holds the same.
    x = x.astype("f2")
    x[7, 3] = -np.inf
    save("whole", x.astype("f4"), chunks=(16, 12), compression="gzip")
    save("a", x[:41].astype("f4"))
    save("b", x[41:100].astype(">f8"), chunks=(9, 5))
    save("c", x[100:], chunks=(50, 12))
    bad = x.astype("f4")
    bad[23, 5] = np.nan
    bad[77, 0] = np.inf
    bad[90] = -np.inf
    save("bad", bad, chunks=(16, 12))
    save("allBad", np.full((5, 12), np.nan))
    """)
}

private struct Observer: BuildObserver {
  var shouldStop = false
  func report(_ progress: BuildProgress) {}
}

@Suite("Building")
struct HierarchyBuilderTests {
  private func source(_ datasets: [String]) throws -> LogitSource {
    let path = try data.get().path
    return try LogitSource(opening: datasets.map { InputSpecification(file: path, dataset: $0) })
  }

  private func build(_ datasets: [String], _ change: (inout BuildOptions) -> Void = { _ in }) throws -> BuildResult {
    var options = BuildOptions()
    change(&options)
    return try HierarchyBuilder(source(datasets), options: options, observer: Observer()).build()
  }

  /// The rows as h5py wrote them.
  private func logits() throws -> [[Double]] {
    let bytes = try data.get().savedBytes("whole")
    let values = bytes.withUnsafeBytes { raw in
      (0..<rows * clusters).map { Double(raw.loadUnaligned(fromByteOffset: 4 * $0, as: Float.self)) }
    }
    return (0..<rows).map { Array(values[$0 * clusters..<($0 + 1) * clusters]) }
  }

  @Test(
    "Results have the same bits whatever threads, block size, and way the rows are split into files",
    arguments: [1, 2, 3], [1, 700, 1 << 20])
  func same(threads: Int, blockByteCount: Int) throws {
    let expected = try build(["whole"])
    for datasets in [["whole"], ["a", "b", "c"]] {
      let result = try build(datasets) {
        $0.threads = threads
        $0.blockByteCount = blockByteCount
      }
      #expect(result.merges == expected.merges)
      #expect(result.statistics == expected.statistics)
      #expect(result.passes == expected.passes)
      #expect(result.skippedRows == 0)
    }
  }

  @Test(
    "Merges and statistics are those of the definition in double precision", arguments: Aggregation.allCases, [1, 0.7])
  func againstDefinition(aggregation: Aggregation, temperature: Double) throws {
    let result = try build(["whole"]) {
      $0.aggregation = aggregation
      $0.temperature = temperature
    }
    let all = try logits()
    let counts = (0..<clusters).map { cluster in
      all.filter { RowOracle(logits: $0, group: [], temperature: temperature).assignment == cluster }.count
    }
    #expect(result.statistics.counts == counts)
    #expect(counts[4] == 0 && counts[9] == 0)

    let reference = DoubleReference(all, temperature: temperature, aggregation).merges()
    #expect(result.merges.map(\.isNearTie).contains(true) == false)
    #expect(result.merges.map(\.lowest) == reference.map(\.lowest))
    #expect(result.merges.map(\.partner) == reference.map(\.partner))
    for (merge, expected) in zip(result.merges, reference) {
      #expect(abs(merge.score - expected.score) <= 1e-6 * expected.score)
      #expect(abs(merge.reassigned - expected.average) <= 2e-6 * expected.average)
    }
  }

  @Test("A bad row is named with file, dataset, row and column, the first of several", arguments: [1, 3])
  func badRow(threads: Int) throws {
    let path = try data.get().path
    let error = #expect(throws: BuildError.self) {
      _ = try build(["a", "bad"]) {
        $0.threads = threads
        $0.blockByteCount = 1
      }
    }
    guard case .invalidLogit(path, "/bad", 23, 5, let value, .logits) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(value.isNaN)
  }

  @Test("Bad rows may be skipped, and are counted")
  func skipped() throws {
    let result = try build(["bad"]) { $0.invalidRows = .skip }
    #expect(result.skippedRows == 3)
    #expect(result.statistics.counts.reduce(0, +) == rows - 3)
    #expect(throws: BuildError.noValidRows) { _ = try build(["allBad"]) { $0.invalidRows = .skip } }
  }

  @Test("Logits are no probabilities, and are called so")
  func kind() throws {
    let error = #expect(throws: BuildError.self) { _ = try build(["whole"]) { $0.kind = .probabilities } }
    guard case .invalidLogit(_, "/whole", 0, _, _, .probabilities) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  @Test("Too little memory is an error before anything is read, with what is needed")
  func memory() throws {
    let needed = HierarchyBuilder.fixedMemory(clusters: clusters) + 2 * 4 * clusters
    #expect(throws: BuildError.notEnoughMemory(needed: needed, given: needed - 1, clusters: clusters)) {
      _ = try build(["whole"]) {
        $0.threads = 2
        $0.memory = needed - 1
      }
    }
    let result = try build(["a"]) {
      $0.threads = 2
      $0.memory = needed
    }
    #expect(try result.merges == build(["a"]).merges)
  }

  @Test("A build that is told to stop does")
  func interrupted() throws {
    #expect(throws: BuildError.interrupted) {
      _ = try HierarchyBuilder(source(["whole"]), options: BuildOptions(), observer: Observer(shouldStop: true)).build()
    }
  }
}
