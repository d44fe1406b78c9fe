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
  /// For each cluster, the replicates that draw none of its rows, by their places among all: they keep all of them, each once,
  /// so that all replicates have all clusters.
  var kept: [Int: [Int]] = [:]

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

  /// What a worker keeps of each replicate: its weights of a batch's rows.
  static let replicateByteCount = SketchEvidence.batchRows

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
    let kept = keptPlaces(of: request)
    let sums = WeightedBoundSums(clusters: sketches.clusters, replicates: places.count)
    let weights = FixedBuffer<UInt8>(repeating: 0, count: SketchEvidence.batchRows * places.count)
    try sketches.bound(batches, of: request.group) { batch, buffer, count in
      withKeys(batch, buffer.rows) { keys in draw(keys, places, into: weights.start) }
      var first = 0
      for span in batch {
        for place in kept[span.cluster, default: []] {
          for row in first..<first + span.rows.count { weights.start[row * places.count + place] = 1 }
        }
        first += span.rows.count
      }
      sums.add(buffer, count: count, weights: weights.start)
    }
    return sums
  }

  /// For clusters of a group, which of the request's replicates keep all of its rows, by their places in the request.
  private func keptPlaces(of request: Request) -> [Int: [Int]] {
    guard !kept.isEmpty else { return [:] }
    var places: [Int: [Int]] = [:]
    for cluster in request.group.clusters {
      guard let replicates = kept[cluster].map({ Set($0) }) else { continue }
      places[cluster] = request.replicates.indices.filter { replicates.contains(request.replicates[$0]) }
    }
    return places
  }

  /// Writes, for each row of a batch, its weight in each of the replicates.
  private func draw(
    _ keys: UnsafeMutableBufferPointer<UInt64>, _ places: [Int], into weights: UnsafeMutablePointer<UInt8>
  ) {
    places.withUnsafeBufferPointer { places in
      for (row, key) in keys.enumerated() { self.weights.weigh(key, places, into: weights + row * places.count) }
    }
  }

  private func withKeys<Result>(
    _ batch: SketchEvidence.Batch, _ rows: SketchRows, _ use: (UnsafeMutableBufferPointer<UInt64>) -> Result
  ) -> Result {
    withUnsafeTemporaryAllocation(of: UInt64.self, capacity: SketchEvidence.batchRows) { keys in
      var position = 0
      for span in batch {
        guard let start = keys.baseAddress else { break }
        self.keys.write(
          span.rows, of: span.cluster, segment: span.segment, rows, at: position, to: start + position)
        position += span.rows.count
      }
      return use(UnsafeMutableBufferPointer(rebasing: keys[..<position]))
    }
  }

  /// n_c and Σ (1 − g) of each cluster in each replicate. O(rows).
  ///
  /// - Throws: What reading sketches throws, ``Interrupted``
  func statistics(shouldStop: @escaping @Sendable () -> Bool) throws -> WeightedStatistics {
    let places = Array(0..<weights.replicates.count)
    let batches = sketches.batches(of: Group(Array(0..<sketches.clusters)))
    let total = Mutex(WeightedStatistics(clusters: sketches.clusters, replicates: places.count))
    try forEachItem(batches.count, workers: sketches.workers, shouldStop: shouldStop) { next in
      let weights = FixedBuffer<UInt8>(repeating: 0, count: SketchEvidence.batchRows * places.count)
      while let index = next() {
        try sketches.doubts(batches[index]) { rows, doubts in
          withKeys(batches[index], rows) { keys in
            draw(keys, places, into: weights.start)
            var first = 0
            for span in batches[index] {
              let next = first + span.rows.count
              let sums = Self.sums(first..<next, keys, doubts, weights.start, places.count)
              total.withLock { $0.add(sums, cluster: span.cluster) }
              first = next
            }
          }
        }
      }
    }
    return total.withLock { $0 }
  }

  /// Sums over so few rows that 64 bits hold them.
  private static func sums(
    _ rows: Range<Int>, _ keys: UnsafeMutableBufferPointer<UInt64>, _ doubts: UnsafePointer<UInt64>,
    _ weights: UnsafePointer<UInt8>, _ replicates: Int
  ) -> WeightedStatistics.Sums {
    var sums = WeightedStatistics.Sums(replicates: replicates, key: keys[rows.lowerBound])
    sums.rows = rows.count
    for row in rows {
      let weights = weights + row &* replicates
      for replicate in 0..<replicates {
        let weight = UInt64(weights[replicate])
        sums.counts[replicate] &+= weight
        sums.doubts[replicate] &+= weight &* doubts[row]
      }
      sums.doubt &+= doubts[row]
      sums.keys = min(sums.keys.lowerBound, keys[row])...max(sums.keys.upperBound, keys[row])
    }
    return sums
  }
}
