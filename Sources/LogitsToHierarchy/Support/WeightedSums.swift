import KernelInterface

/// Sums of intervals for one group over rows that each replicate weighs in its own way.
final class WeightedBoundSums: @unchecked Sendable {
  // Safe to share: it is used by one thread at a time.

  /// The number of replicates.
  let replicates: Int
  /// For each cluster, where its sums are; −1 for none.
  private var slots: [Int32]
  private var touched: [Int32] = []
  /// A row of sums for each slot, one a replicate.
  private var lower: [UInt128] = []
  private var upper: [UInt128] = []
  private var unresolved: [UInt128]

  init(clusters: Int, replicates: Int) {
    self.replicates = replicates
    slots = Array(repeating: -1, count: clusters)
    unresolved = Array(repeating: 0, count: replicates)
  }

  /// What sums over so many clusters take, about, if so many are not zero.
  static func byteCount(clusters: Int, touched: Int, replicates: Int) -> Int {
    4 * clusters + touched * (4 + 2 * MemoryLayout<UInt128>.stride * replicates)
  }

  private func slot(of cluster: Int) -> Int {
    if slots[cluster] >= 0 { return Int(slots[cluster]) }
    slots[cluster] = Int32(touched.count)
    touched.append(Int32(cluster))
    lower.append(contentsOf: repeatElement(0, count: replicates))
    upper.append(contentsOf: repeatElement(0, count: replicates))
    return touched.count - 1
  }

  /// Adds what the kernel says of rows.
  ///
  /// - Parameter weights: Of each row, a weight for each replicate.
  func add(_ buffer: BoundsBuffer, count: Int, weights: UnsafePointer<UInt8>) {
    for row in 0..<count {
      let weights = weights + row &* replicates
      let reassigned = buffer.reassigned.start[row]
      if reassigned >= 0 {
        let first = slot(of: Int(reassigned)) &* replicates
        let (low, high) = (buffer.lower.start[row], buffer.upper.start[row])
        lower.withUnsafeMutableBufferPointer { lower in
          upper.withUnsafeMutableBufferPointer { upper in
            for replicate in 0..<replicates {
              // At most 2^44 each, and sums of up to 2^40 rows.
              lower[first &+ replicate] &+= UInt128(UInt64(weights[replicate]) &* low)
              upper[first &+ replicate] &+= UInt128(UInt64(weights[replicate]) &* high)
            }
          }
        }
      } else if reassigned == SketchBatch.unresolved {
        for replicate in 0..<replicates { unresolved[replicate] &+= UInt128(weights[replicate]) }
      }
    }
  }

  /// Adds the sums over other rows.
  func add(_ other: WeightedBoundSums) {
    precondition(other.replicates == replicates)
    for (slot, cluster) in other.touched.enumerated() {
      let first = self.slot(of: Int(cluster)) * replicates
      for replicate in 0..<replicates {
        lower[first + replicate] += other.lower[slot * replicates + replicate]
        upper[first + replicate] += other.upper[slot * replicates + replicate]
      }
    }
    for replicate in 0..<replicates { unresolved[replicate] += other.unresolved[replicate] }
  }

  /// The bounds in each replicate.
  func bounds() -> [ReassignedBounds] {
    let order = touched.indices.sorted { touched[$0] < touched[$1] }
    return (0..<replicates).map { replicate in
      let slots = order.filter { upper[$0 * replicates + replicate] > 0 }
      return ReassignedBounds(
        clusters: slots.map { Int(touched[$0]) }, lower: slots.map { lower[$0 * replicates + replicate] },
        upper: slots.map { upper[$0 * replicates + replicate] }, unresolved: Int(unresolved[replicate]))
    }
  }
}

/// Statistics of clusters in several replicates.
struct WeightedStatistics: Sendable {
  private let replicates: Int
  /// A row for each cluster, one number a replicate.
  private var counts: [Int]
  private var doubts: [UInt128]
  /// Statistics of all rows, each counted once.
  private var unweighted: ClusterStatistics
  /// The keys of each cluster's rows, from the least to the largest; nil without rows.
  private var keys: [ClosedRange<UInt64>?]

  init(clusters: Int, replicates: Int) {
    self.replicates = replicates
    counts = Array(repeating: 0, count: clusters * replicates)
    doubts = Array(repeating: 0, count: clusters * replicates)
    unweighted = ClusterStatistics(clusters: clusters)
    keys = Array(repeating: nil, count: clusters)
  }

  /// What some rows of one cluster add.
  struct Sums {
    /// Σ weight and Σ weight · (1 − g) in each replicate.
    var counts: [UInt64]
    var doubts: [UInt64]
    /// The rows, and Σ (1 − g).
    var rows = 0
    var doubt: UInt64 = 0
    var keys: ClosedRange<UInt64>

    init(replicates: Int, key: UInt64) {
      counts = Array(repeating: 0, count: replicates)
      doubts = counts
      keys = key...key
    }
  }

  /// Adds sums over rows of one cluster.
  mutating func add(_ sums: Sums, cluster: Int) {
    let known = keys[cluster] ?? sums.keys
    keys[cluster] =
      min(known.lowerBound, sums.keys.lowerBound)...max(known.upperBound, sums.keys.upperBound)
    unweighted.counts[cluster] += sums.rows
    unweighted.doubts[cluster] += UInt128(sums.doubt)
    for replicate in 0..<replicates {
      counts[cluster * replicates + replicate] += Int(sums.counts[replicate])
      doubts[cluster * replicates + replicate] += UInt128(sums.doubts[replicate])
    }
  }

  /// The clusters whose rows all have one key, so that a replicate has all of them equally often.
  var indivisible: Int { keys.count { $0.map { $0.lowerBound == $0.upperBound } ?? false } }

  /// For each cluster with rows, the replicates that would have none of them.
  var kept: [Int: [Int]] {
    var kept: [Int: [Int]] = [:]
    for (cluster, rows) in unweighted.counts.enumerated() where rows > 0 {
      let empty = (0..<replicates).filter { counts[cluster * replicates + $0] == 0 }
      if !empty.isEmpty { kept[cluster] = empty }
    }
    return kept
  }

  /// The statistics in each replicate; clusters that would have no rows keep all.
  var all: [ClusterStatistics] {
    (0..<replicates).map { replicate in
      var found = unweighted
      for cluster in found.counts.indices where counts[cluster * replicates + replicate] > 0 {
        found.counts[cluster] = counts[cluster * replicates + replicate]
        found.doubts[cluster] = doubts[cluster * replicates + replicate]
      }
      return found
    }
  }
}
