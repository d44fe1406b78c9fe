import Foundation
import Hierarchy
import LogitStream
import LogitsToHierarchy
import Store
import Synchronization
import TestSupport
import Testing
import Threads

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

struct Observer: RunObserver {
  var shouldStop = false
  var log = PhaseLog()
  func willStart(_ phase: RunPhase) { log.phases.withLock { $0.append(phase) } }
  func didRead(rows: Int, bytes: Int) {}
}

/// What a run did, in order.
final class PhaseLog: Sendable {
  let phases = Mutex<[RunPhase]>([])
}

@Suite("Building")
struct BuildTests {
  private let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  private func source(_ datasets: [String]) throws -> LogitSource {
    let path = try data.get().path
    return try LogitSource(opening: datasets.map { InputSpecification(file: path, dataset: $0) })
  }

  /// Builds into a new store.
  private func build(
    _ datasets: [String], observer: Observer = Observer(),
    _ change: (inout (options: BuildOptions, resources: RunResources)) -> Void = { _ in }
  ) throws -> StoredHierarchy {
    var setting = (options: BuildOptions(), resources: RunResources())
    change(&setting)
    let source = try source(datasets)
    return try Store.build(
      directory.path("\(UUID().uuidString).logitree"), from: source,
      names: (0..<source.clusters).map(String.init), options: setting.options, resources: setting.resources,
      observer: observer)
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
    "Results have the same bits whatever threads, blocks, segments, and way the rows are split into files",
    arguments: [1, 2, 3], [0, 3, 32])
  func same(threads: Int, width: Int) throws {
    let expected = try build(["whole"]) { $0.options.sketchWidth = width }
    let byteCount = MemoryPlan.rowByteCount(
      sketched: SketchFormat(width: width, clusters: clusters, isDouble: false), hasDenseSums: true)
    for datasets in [["whole"], ["a", "b", "c"]] {
      for blockByteCount in [1, 700, 1 << 20] {
        let result = try build(datasets) {
          $0.options.sketchWidth = width
          $0.resources.threads = threads
          $0.resources.blockByteCount = blockByteCount
          $0.resources.sketchByteCount = 40 * byteCount
          $0.resources.keptByteCount = blockByteCount == 700 ? 0 : 1 << 20
        }
        #expect(result.hierarchy == expected.hierarchy)
        #expect(result.manifest.skippedRows == 0)
        if width > 0 { #expect(result.manifest.segments.count >= 4) }
      }
    }
  }

  @Test(
    "Where there are many segments, one is looked at before the others, and the result is the same",
    arguments: [1, 2, 3], [["whole"], ["a", "c"]])
  func lookingAhead(width: Int, datasets: [String]) throws {
    let expected = try build(datasets) { $0.options.sketchWidth = width }
    let observer = Observer()
    let byteCount = MemoryPlan.rowByteCount(
      sketched: SketchFormat(width: width, clusters: clusters, isDouble: false), hasDenseSums: true)
    let result = try build(datasets, observer: observer) {
      $0.options.sketchWidth = width
      $0.resources.keptByteCount = 0
      $0.resources.sketchByteCount = 10 * byteCount
    }
    #expect(result.hierarchy == expected.hierarchy)
    #expect(result.manifest.segments.count >= 8)
    let phases = observer.log.phases.withLock { $0 }
    let swept = phases.count { if case .sweep = $0 { true } else { false } }
    #expect(result.manifest.figures.passes == 1 + swept)
    let isUncertain = result.hierarchy.merges.contains { $0.evidence == .exact }
    #expect(isUncertain || swept == 0)
  }

  @Test(
    "What the first of several segments foresees is not read again, nor what stays in memory", arguments: ["x", "gzip"])
  func foreseen(dataset: String) throws {
    let fixture = try Fixture(
      """
      random = np.random.default_rng(3)
      centers = random.normal(0, 1, (20, 6))
      labels = random.integers(0, 20, 6000)
      x = (centers[labels] + random.normal(0, 0.5, (6000, 6))) @ centers.T * 2
      save("x", x.astype("f4"), chunks=(8, 20))
      save("gzip", x.astype("f4"), chunks=(8, 20), compression="gzip")
      """)
    let source = try LogitSource(opening: [InputSpecification(file: fixture.path, dataset: dataset)])
    func build(sketchRows: Int, keptByteCount: Int = 0) throws -> StoredHierarchy {
      var options = BuildOptions()
      options.sketchWidth = 3
      var resources = RunResources()
      resources.keptByteCount = keptByteCount
      resources.sketchByteCount =
        sketchRows
        * MemoryPlan.rowByteCount(
          sketched: SketchFormat(width: 3, clusters: 20, isDouble: false), hasDenseSums: true)
      return try Store.build(
        directory.path("\(sketchRows)-\(keptByteCount)"), from: source, names: (0..<20).map(String.init),
        options: options, resources: resources, observer: Observer())
    }
    let expected = try build(sketchRows: 6000)
    #expect(expected.manifest.segments.count == 1 && expected.manifest.figures.passes > 1)
    let found = try build(sketchRows: 1200)
    #expect(found.hierarchy == expected.hierarchy)
    #expect(found.manifest.figures.passes == 1)
    for sketchRows in [1200, 6000] {
      let kept = try build(sketchRows: sketchRows, keptByteCount: 4 * 20 * 6000)
      #expect(kept.hierarchy == expected.hierarchy && kept.manifest.figures.passes == 1)
      // What was found in memory is in the store.
      let updated = try Store(directory.path("\(sketchRows)-\(4 * 20 * 6000)")).update()
      #expect(updated.hierarchy == expected.hierarchy && updated.manifest.figures.passes == 0)
    }
  }

  @Test(
    "Merges and statistics are those of the definition in double precision", arguments: Aggregation.allCases, [1, 0.7])
  func againstDefinition(aggregation: Aggregation, temperature: Double) throws {
    let all = try logits()
    let counts = (0..<clusters).map { cluster in
      all.filter { RowOracle(logits: $0, group: [], temperature: temperature).assignment == cluster }.count
    }
    #expect(counts[4] == 0 && counts[9] == 0)
    let reference = DoubleReference(all, temperature: temperature, score: aggregation.rawValue).merges()
    for width in [0, 2, 5, 32] {
      let hierarchy = try build(["whole"]) {
        $0.options.aggregation = aggregation
        $0.options.meaning.temperature = temperature
        $0.options.sketchWidth = width
      }.hierarchy
      #expect(hierarchy.clusters.map(\.samples) == counts)
      #expect(hierarchy.merges.map(\.isNearTie).contains(true) == false)
      #expect(hierarchy.merges.map(\.lowest) == reference.map(\.lowest))
      #expect(hierarchy.merges.map(\.partner) == reference.map(\.partner))
      for (merge, expected) in zip(hierarchy.merges, reference) {
        #expect(abs(merge.score - expected.score) <= 1e-6 * expected.score)
        #expect(merge.reassigned <= expected.average * (1 + 2e-6))
        if merge.evidence == .exact { #expect(merge.reassigned >= expected.average * (1 - 2e-6)) }
      }
      if width == 0 { #expect(hierarchy.merges.allSatisfy { $0.evidence == .exact }) }
    }
  }

  @Test("A bad row is named with file, dataset, row and column, the first of several", arguments: [1, 3])
  func badRow(threads: Int) throws {
    let path = try data.get().path
    let error = #expect(throws: BuildError.self) {
      _ = try build(["a", "bad"]) {
        $0.resources.threads = threads
        $0.resources.blockByteCount = 1
      }
    }
    guard case .invalidLogit("\(path):/bad", "row 23", 5, let value, .logits) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(value.isNaN)
  }

  @Test("Bad rows may be skipped, and are counted")
  func skipped() throws {
    let result = try build(["bad"]) { $0.options.meaning.invalidRows = .skip }
    #expect(result.manifest.skippedRows == 3)
    #expect(result.hierarchy.clusters.reduce(0) { $0 + $1.samples } == rows - 3)
    #expect(throws: BuildError.noValidRows) { _ = try build(["allBad"]) { $0.options.meaning.invalidRows = .skip } }
  }

  @Test("Logits are no probabilities, and are called so")
  func kind() throws {
    let error = #expect(throws: BuildError.self) {
      _ = try build(["whole"]) { $0.options.meaning.kind = .probabilities }
    }
    guard case .invalidLogit(_, "row 0", _, _, .probabilities) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  @Test("Too little memory is an error before anything is read, with what is needed")
  func memory() throws {
    let error = #expect(throws: BuildError.self) { _ = try build(["whole"]) { $0.resources.memory = 1 << 20 } }
    guard case .notEnoughMemory(let needed, given: 1 << 20, clusters: clusters) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(throws: BuildError.notEnoughMemory(needed: needed, given: needed - 1, clusters: clusters)) {
      _ = try build(["whole"]) {
        $0.resources.threads = 2
        $0.resources.memory = needed - 1
      }
    }
    let result = try build(["a"]) {
      $0.resources.threads = 2
      $0.resources.memory = needed
    }
    #expect(try result.hierarchy == build(["a"]).hierarchy)
  }

  @Test("A build that is told to stop does, and leaves nothing if it had finished nothing")
  func interrupted() throws {
    #expect(throws: Interrupted()) { _ = try build(["whole"], observer: Observer(shouldStop: true)) }
    #expect(try directory.content() == [])
  }
}
