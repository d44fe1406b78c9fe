import Hierarchy
import KernelInterface
import Synchronization
import Threads

/// What sketches tell of rows that replicates of the bootstrap weigh each in its own way. A row is read, and its q found,
/// once for all replicates that need it.
struct WeightedEvidence: Sendable {
  private let sketches: SketchEvidence
  private let keys: any RowKeys
  private let weights: PoissonWeights

  /// - Parameter keys: What the weights of rows depend on.
  init(_ sketches: SketchEvidence, keys: any RowKeys, weights: PoissonWeights) {
    self.sketches = sketches
    self.keys = keys
    self.weights = weights
  }

  /// A group whose bounds are needed, and in which replicates.
  struct Request: Sendable {
    let group: Group
    /// Their places among all.
    var replicates: [Int]
  }

  /// Batches that one worker takes at a time: enough rows that to add up workers' sums costs little.
  private static let batchesPerItem = 32

  private struct Item {
    let request: Int
    let batches: ArraySlice<SketchEvidence.Batch>
  }

  /// Bounds of each group in each of the replicates it is needed in. O(rows of the groups).
  ///
  /// - Throws: What reading sketches throws, ``Interrupted``
  func bounds(
    _ requests: [Request], shouldStop: @escaping @Sendable () -> Bool
  ) throws -> [[ReassignedBounds]] {
    var items: [Item] = []
    for (index, request) in requests.enumerated() {
      let batches = sketches.batches(of: request.group)
      for start in stride(from: 0, to: batches.count, by: Self.batchesPerItem) {
        items.append(Item(request: index, batches: batches[start..<min(start + Self.batchesPerItem, batches.count)]))
      }
    }
    let all = items
    let totals = Mutex<[WeightedBoundSums?]>(requests.map { _ in nil })
    try forEachItem(all.count, workers: sketches.workers, shouldStop: shouldStop) { next in
      while let index = next() {
        let item = all[index]
        let sums = try sums(item.batches, requests[item.request])
        totals.withLock { totals in
          if let total = totals[item.request] { total.add(sums) } else { totals[item.request] = sums }
        }
      }
    }
    return totals.withLock { $0 }.enumerated().map { index, total in
      total?.bounds()
        ?? requests[index].replicates.map { _ in ReassignedBounds(clusters: [], lower: [], upper: [], unresolved: 0) }
    }
  }

  private func sums(_ batches: ArraySlice<SketchEvidence.Batch>, _ request: Request) throws -> WeightedBoundSums {
    let places = request.replicates
    let sums = WeightedBoundSums(clusters: sketches.clusters, replicates: places.count)
    let weights = FixedBuffer<UInt64>(repeating: 0, count: SketchEvidence.batchRows * places.count)
    try sketches.bound(batches, of: request.group) { batch, buffer, count in
      weigh(batch, buffer.rows, places, into: weights.start)
      sums.add(buffer, count: count, weights: weights.start)
    }
    return sums
  }

  /// Writes, for each row of a batch, its weight in each of the replicates.
  private func weigh(
    _ batch: SketchEvidence.Batch, _ rows: SketchRows, _ places: [Int], into weights: UnsafeMutablePointer<UInt64>
  ) {
    withUnsafeTemporaryAllocation(of: UInt64.self, capacity: SketchEvidence.batchRows) { found in
      guard let keys = found.baseAddress else { return }
      var position = 0
      for span in batch {
        self.keys.write(
          span.rows, of: span.cluster, segment: span.segment, rows, at: position, to: keys + position)
        position += span.rows.count
      }
      places.withUnsafeBufferPointer { places in
        for row in 0..<position { self.weights.weigh(keys[row], places, into: weights + row * places.count) }
      }
    }
  }

  /// n_c and Σ (1 − g) of each cluster in each replicate. O(rows).
  ///
  /// - Throws: What reading sketches throws, ``Interrupted``
  func statistics(shouldStop: @escaping @Sendable () -> Bool) throws -> [ClusterStatistics] {
    let places = Array(weights.replicates.indices.map { $0 - weights.replicates.lowerBound })
    let batches = sketches.batches(of: Group(Array(0..<sketches.clusters)))
    let total = Mutex(WeightedStatistics(clusters: sketches.clusters, replicates: places.count))
    try forEachItem(batches.count, workers: sketches.workers, shouldStop: shouldStop) { next in
      let weights = FixedBuffer<UInt64>(repeating: 0, count: SketchEvidence.batchRows * places.count)
      while let index = next() {
        try sketches.doubts(batches[index]) { rows, doubts in
          weigh(batches[index], rows, places, into: weights.start)
          var first = 0
          for span in batches[index] {
            let sums = Self.sums(first..<first + span.rows.count, doubts, weights.start, places.count)
            total.withLock { $0.add(sums.counts, sums.doubts, cluster: span.cluster) }
            first += span.rows.count
          }
        }
      }
    }
    return total.withLock(\.all)
  }

  /// Σ weight and Σ weight · (1 − g) in each replicate, of so few rows that 64 bits hold the sums.
  private static func sums(
    _ rows: Range<Int>, _ doubts: UnsafePointer<UInt64>, _ weights: UnsafePointer<UInt64>, _ replicates: Int
  ) -> (counts: [UInt64], doubts: [UInt64]) {
    var counts = [UInt64](repeating: 0, count: replicates)
    var sums = counts
    for row in rows {
      let weights = weights + row &* replicates
      for replicate in 0..<replicates {
        counts[replicate] &+= weights[replicate]
        sums[replicate] &+= weights[replicate] &* doubts[row]
      }
    }
    return (counts, sums)
  }
}
