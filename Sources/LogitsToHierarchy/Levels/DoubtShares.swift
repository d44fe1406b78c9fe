import Synchronization
import Threads

/// How the doubt about each cluster's rows is spread over the other clusters: Σ p_c over the rows of cluster a, as a part of
/// their Σ (1 − g).
///
/// Sketches tell p of the clusters that they keep, and how much all others have together. Each of these is taken to have an
/// equal part of that. So a cluster's doubt is what all others get alike, and for some what they get beyond it. Where there are
/// thousands of clusters these are the ones that get most; what others get is added to what all get alike.
package struct DoubtShares: Sendable, Equatable {
  /// The doubt about a cluster's rows.
  package struct Row: Sendable, Equatable {
    /// The clusters that get more than all others do, in ascending order. Those without rows, which are in no group, are left
    /// out.
    package var clusters: [Int32] = []
    /// What each of `clusters` gets beyond `even`, in multiples of 2^-40.
    package var shares: [UInt64] = []
    /// What every other cluster gets at least.
    package var even = 0.0
    /// Σ (1 − g) over the rows.
    package var doubt = 0.0

    package init(clusters: [Int32] = [], shares: [UInt64] = [], even: Double = 0, doubt: Double = 0) {
      self.clusters = clusters
      self.shares = shares
      self.even = even
      self.doubt = doubt
    }
  }

  package var rows: [Row]
  /// The part of all doubt that falls to clusters of which sketches only tell the sum.
  package internal(set) var unknown: Double

  /// Finds the shares from sketches of all rows. O(rows · sketch width).
  ///
  /// - Parameter counts: The rows of each cluster.
  /// - Throws: What reading sketches throws, ``Interrupted``
  package init(
    _ segments: [any SketchReading], counts: [Int], meaning: RowMeaning, workers: Int,
    shouldStop: @escaping @Sendable () -> Bool
  ) throws {
    let sketches = SketchEvidence(segments, clusters: counts.count, meaning: meaning, workers: workers)
    let found = Mutex((rows: [Row](repeating: Row(), count: counts.count), rest: UInt128(0)))
    try forEachItem(counts.count, workers: workers, shouldStop: shouldStop) { next in
      var tally = DoubtTally(clusters: counts.count)
      while let cluster = next() {
        guard counts[cluster] > 0 else { continue }
        try tally.add(cluster, from: sketches)
        let (row, rest) = tally.take(counts: counts)
        found.withLock {
          $0.rows[cluster] = row
          $0.rest += rest
        }
      }
    }
    let rest: UInt128
    (rows, rest) = found.withLock { $0 }
    let doubt = rows.reduce(0) { $0 + $1.doubt }
    unknown = doubt > 0 ? FixedPoint.double(rest) / doubt : 0
  }

  /// How many clusters a row tells of at most, so that all rows together tell of about 2²⁴: all, up to 4,096 clusters.
  package static func mostClusters(of clusters: Int) -> Int { max(64, (1 << 24) / clusters) }

  /// The clusters that a row tells of, in ascending order. If there are more than `most`, what those that get least have is
  /// given to all other clusters alike.
  ///
  /// - Parameter sums: What each cluster gets; of those that are told of, then what it gets beyond the others.
  /// - Returns: The clusters, and what each other one is given.
  package static func largest(
    _ most: Int, of clusters: [Int], _ sums: inout [UInt128]
  ) -> (clusters: [Int], share: UInt128) {
    guard clusters.count > most else { return (clusters.sorted(), 0) }
    let ranked = clusters.sorted { sums[$0] == sums[$1] ? $0 < $1 : sums[$0] > sums[$1] }
    let share = ranked[most...].reduce(0) { $0 + sums[$1] } / UInt128(sums.count - 1 - most)
    // None of those that stay has less than the mean of those that go.
    for cluster in ranked[..<most] { sums[cluster] -= share }
    return (ranked[..<most].sorted(), share)
  }

  package init(rows: [Row], unknown: Double) {
    self.rows = rows
    self.unknown = unknown
  }
}

/// Adds up what the doubt about one cluster's rows falls to.
private struct DoubtTally {
  private var sums: [UInt128]
  private var touched: [Int] = []
  /// Of the clusters that a row does not keep, what each has on average.
  private var even: UInt128 = 0
  private var rest: UInt128 = 0
  private var parts = FixedBuffer<UInt64>([])

  init(clusters: Int) { sums = Array(repeating: 0, count: clusters) }

  mutating func add(_ cluster: Int, from sketches: SketchEvidence) throws {
    for batch in sketches.batches(of: Group([cluster])) {
      var buffer = parts
      try sketches.doubtParts(batch, in: &buffer) { rows, parts, count in
        if rows.format.hasWideIndices {
          add(count, rows.format.width, rows.indices.assumingMemoryBound(to: UInt32.self), parts)
        } else {
          add(count, rows.format.width, rows.indices.assumingMemoryBound(to: UInt16.self), parts)
        }
      }
      parts = buffer
    }
  }

  private mutating func add(
    _ count: Int, _ width: Int, _ indices: UnsafeMutableBufferPointer<some FixedWidthInteger>,
    _ parts: UnsafePointer<UInt64>
  ) {
    for row in 0..<count {
      let start = row * width
      let others = sums.count - width
      let share = others > 0 ? parts[start] / UInt64(others) : 0
      even += UInt128(share)
      rest += UInt128(share) * UInt128(max(0, others))
      for position in start + 1..<start + width {
        // None that is kept has less than the mean of those that are not, but for rounding.
        let beyond = parts[position] > share ? parts[position] - share : 0
        guard beyond > 0 else { continue }
        let cluster = Int(indices[position])
        if sums[cluster] == 0 { touched.append(cluster) }
        sums[cluster] += UInt128(beyond)
      }
    }
  }

  /// What was added up, which is forgotten then, and what of it falls to clusters that were not kept.
  mutating func take(counts: [Int]) -> (row: DoubtShares.Row, rest: UInt128) {
    defer {
      for cluster in touched { sums[cluster] = 0 }
      touched.removeAll(keepingCapacity: true)
      even = 0
      rest = 0
    }
    let total = touched.reduce(even * UInt128(sums.count - 1)) { $0 + sums[$1] }
    guard total > 0 else { return (DoubtShares.Row(), 0) }
    let (known, share) = DoubtShares.largest(
      DoubtShares.mostClusters(of: sums.count), of: touched.filter { counts[$0] > 0 }, &sums)
    even += share
    rest += share * UInt128(max(0, sums.count - 1 - known.count))
    let row = DoubtShares.Row(
      clusters: known.map { Int32($0) }, shares: known.map { UInt64((sums[$0] << 40) / total) },
      even: Double(even) / Double(total), doubt: FixedPoint.double(total))
    return (row, rest)
  }
}
