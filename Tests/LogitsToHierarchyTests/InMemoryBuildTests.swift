import Foundation
import Hierarchy
import LogitStream
import LogitsToHierarchy
import Synchronization
import TestSupport
import Testing
import Threads

/// Rows of 11 clusters, of which one wins no row, in `.npy` files that need no library.
private struct Rows {
  let logits: [[Double]]
  private let directory: TemporaryDirectory
  let source: LogitSource

  init(seed: UInt64, count: Int = 200, files: Int = 1) throws {
    var random = SeededGenerator(seed: seed)
    let centers = (0..<11).map { _ in (0..<4).map { _ in random.normal() } }
    logits = (0..<count).map { _ in
      let label = random.int(0...9)
      let point = centers[label].map { $0 + 0.8 * random.normal() }
      return centers.enumerated().map { index, center -> Double in
        let products = zip(point, center).map { $0 * $1 }
        return index == 10 ? -40 : 2 * products.reduce(0, +)
      }
    }
    directory = try TemporaryDirectory()
    let bounds = (0...files).map { count * $0 / files }
    var specifications: [InputSpecification] = []
    for (number, (start, end)) in zip(bounds, bounds.dropFirst()).enumerated() {
      let path = directory.path("\(number).npy")
      let bytes = NPY.header(shape: [end - start, 11]) + NPY.bytes(of: Array(logits[start..<end].joined()))
      try Data(bytes).write(to: URL(fileURLWithPath: path))
      specifications.append(InputSpecification(file: path))
    }
    source = try LogitSource(opening: specifications)
  }

  /// The hierarchy of the rows, whose files are there as long as it takes.
  func hierarchy(
    _ options: BuildOptions = BuildOptions(), _ resources: RunResources = RunResources(),
    observer: any BuildObserver = SilentObserver()
  ) throws -> ClusterHierarchy {
    try withExtendedLifetime(directory) {
      try ClusterHierarchy(of: source, options: options, resources: resources, observer: observer)
    }
  }
}

@Suite("Hierarchies built in memory")
struct InMemoryBuildTests {
  @Test(
    "Scan, bounds, loop and sweep together give the merges of the definition", arguments: Aggregation.allCases, seeds(6)
  )
  func againstDefinition(aggregation: Aggregation, seed: UInt64) throws {
    let rows = try Rows(seed: seed)
    let expected = DoubleReference(rows.logits, temperature: 1, score: aggregation.rawValue).merges()
    for width in [0, 1, 3, 32] {
      var options = BuildOptions()
      options.aggregation = aggregation
      options.sketchWidth = width
      let hierarchy = try rows.hierarchy(options)
      guard !hierarchy.merges.contains(where: \.isNearTie) else { continue }
      #expect(hierarchy.merges.map(\.lowest) == expected.map(\.lowest), "width \(width)")
      #expect(hierarchy.merges.map(\.partner) == expected.map(\.partner), "width \(width)")
      for (merge, step) in zip(hierarchy.merges, expected) {
        #expect(abs(merge.score - step.score) <= 1e-6 * step.score)
        #expect(merge.reassigned <= step.average * (1 + 2e-6))
        if merge.evidence == .exact { #expect(merge.reassigned >= step.average * (1 - 2e-6)) }
      }
      #expect(hierarchy.emptyClusters.last == 10)
    }
  }

  @Test("Threads, blocks, segments and files make no difference to any bit", arguments: [0, 2, 32])
  func same(width: Int) throws {
    var options = BuildOptions()
    options.sketchWidth = width
    let expected = try Rows(seed: 5).hierarchy(options)
    for (threads, files, block, segment) in [(2, 1, 1, 1 << 20), (3, 3, 500, 4000), (2, 4, 1 << 20, 2000)] {
      var resources = RunResources(memory: 1 << 30, threads: threads)
      resources.blockByteCount = block
      resources.sketchByteCount = segment
      resources.keptByteCount = files == 3 ? 0 : 1 << 20
      let found = try Rows(seed: 5, files: files).hierarchy(options, resources)
      #expect(found == expected, "\(threads) threads, \(files) files")
    }
  }

  /// Counts rows, and says to stop after some.
  private final class Counter: BuildObserver {
    private let rows = Mutex(0)
    private let most: Int

    init(most: Int = .max) { self.most = most }

    func didRead(rows count: Int, bytes: Int) { rows.withLock { $0 += count } }
    var shouldStop: Bool { count >= most }
    var count: Int { rows.withLock { $0 } }
  }

  @Test("A pass tells the observer of each row once, and stops when it says so")
  func observed() throws {
    let rows = try Rows(seed: 8)
    let counter = Counter()
    _ = try rows.hierarchy(observer: counter)
    #expect(counter.count == rows.source.rows)
    #expect(throws: Interrupted()) { _ = try rows.hierarchy(observer: Counter(most: 0)) }
  }

  @Test("The logits of rows are read as they are, through all files")
  func logits() throws {
    let rows = try Rows(seed: 9, files: 3)
    let found = try withExtendedLifetime(rows) { try rows.source.logits(60..<140) }
    #expect(found == Array(rows.logits[60..<140].joined()))
  }
}
