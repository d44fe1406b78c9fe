import Hierarchy
import LogitStream
import Synchronization
import Threads

/// One reading of rows that were scanned before, for how the mean logits of the tree's leaves are correlated.
///
/// M(c, d) is the mean logit of leaf d over the rows that are assigned to leaf c. The distance of two leaves is 1 − r, where
/// r is Pearson's correlation, over all leaves d, of what the two have above the average of leaves: M(c, d) − mean of M(·, d).
/// Without the latter, what all classes have in common would make all of them alike.
package struct CorrelationPass: Sendable {
  private let source: LogitSource
  private let meaning: RowMeaning
  private let resources: RunResources
  private let workers: WorkerMemory
  private let readers: SourceReaders
  private let sums: LogitSums
  /// The rows of each leaf.
  private let counts: [Int]
  private let observer: any BuildObserver

  /// - Throws: ``BuildError/notEnoughMemory(needed:given:clusters:)``
  package init(
    _ source: LogitSource, _ hierarchy: ClusterHierarchy, _ meaning: RowMeaning, resources: RunResources,
    observer: any BuildObserver
  ) throws(BuildError) {
    let leaves = hierarchy.leaves
    let plan = try BaselineMemoryPlan(leaves: leaves.count, clusters: source.clusters, resources: resources)
    workers = try plan.workers(MemoryDemand(source), leaves: leaves.count, resources: resources)
    sums = LogitSums(leaves: leaves, clusters: source.clusters)
    counts = leaves.map { hierarchy.clusters[$0].samples }
    readers = SourceReaders(source)
    self.source = source
    // Which rows are logits was decided by the scan.
    var meaning = meaning
    meaning.fillRows = .logits
    self.meaning = meaning
    self.resources = resources
    self.observer = observer
  }

  /// Reads rows.
  ///
  /// - Parameter assignments: The cluster that each was assigned to, −1 for rows left out, which are not read.
  /// - Throws: ``BuildError``, ``LogitStreamError``; an error if rows are other than they were
  package func add(_ slices: [RowSlice], assignments: [Int32]) throws {
    precondition(assignments.count == slices.reduce(0) { $0 + $1.rows.count })
    let plan = BlockPlan(
      source, slices, targetByteCount: resources.blockByteCount, mostByteCount: workers.blockByteCount)
    let known = KnownAssignments(clusters: assignments)
    try BlockPass(readers: readers, plan: plan, workers: workers.count, meaning: meaning, observer: observer)
      .run(
        wanted: { known.rows(of: $0) },
        { [sums, clusters = source.clusters] in LogitSumWorker(sums, clusters: clusters, known: known) })
  }

  /// 1 − r for any two leaves; 1 where one is the average leaf.
  ///
  /// - Throws: `Interrupted`
  /// - Complexity: O(n³)
  package func distances() throws -> CondensedDistances {
    let directions = Directions(numbers: sums.directions(counts: counts), count: counts.count)
    return try directions.distances(workers: resources.threads, observer)
  }
}

/// n vectors of n numbers, one after another.
private struct Directions: Sendable {
  let numbers: [Double]
  let count: Int

  /// The vectors that are multiplied with another one before the next is read: they stay in cache.
  private static let blockCount = 16

  func distances(workers: Int, _ observer: any BuildObserver) throws -> CondensedDistances {
    let distances = Mutex(CondensedDistances(points: count, repeating: 0))
    let blocks = (count + Self.blockCount - 1) / Self.blockCount
    try forEachItem(
      blocks, workers: workers, shouldStop: { observer.shouldStop },
      work: { next in
        while let block = next() {
          let firsts = block * Self.blockCount..<min((block + 1) * Self.blockCount, count)
          var products = firsts.map { _ in [Double]() }
          for second in firsts.lowerBound..<count {
            for first in firsts where first < second {
              products[first - firsts.lowerBound].append(product(first, second))
            }
          }
          distances.withLock { distances in
            for (first, products) in zip(firsts, products) {
              for (index, product) in products.enumerated() { distances[first, first + 1 + index] = 1 - product }
            }
          }
        }
      })
    return distances.withLock { $0 }
  }

  /// The product of two vectors, added up in a fixed order.
  private func product(_ first: Int, _ second: Int) -> Double {
    numbers.withUnsafeBytes { numbers in
      let stride = MemoryLayout<Double>.stride
      let (a, b) = (first &* count &* stride, second &* count &* stride)
      var sums = SIMD8<Double>.zero
      var column = 0
      while column &+ 8 <= count {
        sums +=
          numbers.loadUnaligned(fromByteOffset: a &+ column &* stride, as: SIMD8<Double>.self)
          * numbers.loadUnaligned(fromByteOffset: b &+ column &* stride, as: SIMD8<Double>.self)
        column &+= 8
      }
      var sum = sums.sum()
      while column < count {
        sum +=
          numbers.load(fromByteOffset: a &+ column &* stride, as: Double.self)
          * numbers.load(fromByteOffset: b &+ column &* stride, as: Double.self)
        column &+= 1
      }
      return sum
    }
  }
}
