import Hierarchy
import KernelInterface
import Synchronization
import Threads

/// How far margins may be off because the rows are but a sample of those there could be.
///
/// A row of the lowest group adds a = q / |H| to the partner's average A if it goes to H, b = q / |S| to that of the second
/// group, B, or nothing to either. With n rows, the variance of A is Σ a² − A² / n, that of B likewise, and their covariance
/// −A B / n, since no row adds to both. The margin is 1 − B / A, so to first order its variance is
/// (B² var A / A² + var B − 2 B cov / A) / A² (the delta method). Rows must be independent for that to be so; and that the second
/// group is the second because of the same rows is not accounted for.
package struct MarginErrors {
  private let sketches: SketchEvidence
  private let shouldStop: @Sendable () -> Bool

  /// - Parameter segments: Sketches of all rows.
  package init(
    _ segments: [any SketchReading], clusters: Int, meaning: RowMeaning, workers: Int,
    shouldStop: @escaping @Sendable () -> Bool
  ) {
    sketches = SketchEvidence(segments, clusters: clusters, meaning: meaning, workers: workers)
    self.shouldStop = shouldStop
  }

  /// The standard error of each merge's margin; nil where there was no second group, or nothing was reassigned to it or to
  /// the partner: of what was never seen, rows can't tell how often it is.
  ///
  /// - Parameter counts: The rows of each cluster.
  /// - Throws: What reading sketches throws, ``Interrupted``
  package func errors(_ merges: [Merge], counts: [Int]) throws -> [Double?] {
    var groups = GroupForest(clusters: counts.count, alive: counts.indices.filter { counts[$0] > 0 })
    var errors: [Double?] = []
    for merge in merges {
      let clusters = groups.clusters(of: merge.lowest)
      let moments = try moments(of: Group(clusters))
      let rows = clusters.reduce(0) { $0 + counts[$1] }
      errors.append(Self.error(moments, rows: rows, merge, among: &groups))
      _ = groups.merge(merge.lowest, merge.partner)
    }
    return errors
  }

  /// Σ q and Σ q² of the rows that go to a cluster, in multiples of 2^-40 and 2^-80.
  private struct Moments {
    var sum: UInt128 = 0
    var squares: UInt128 = 0

    static func += (a: inout Moments, b: Moments) {
      a.sum += b.sum
      a.squares += b.squares
    }
  }

  private static func error(
    _ moments: [Int: Moments], rows: Int, _ merge: Merge, among groups: inout GroupForest
  ) -> Double? {
    guard groups.count > 2 else { return nil }
    var sums: [Int: Moments] = [:]
    for (cluster, moment) in moments { sums[groups.group(of: cluster), default: Moments()] += moment }
    guard let partner = sums[merge.partner], partner.sum > 0 else { return nil }
    let (mean, variance) = average(partner, groups.size(of: merge.partner), rows)
    var second = (mean: 0.0, variance: 0.0)
    // Of equal averages, that of the smaller node: the order of a dictionary must not matter.
    for (node, moment) in sums.sorted(by: { $0.key < $1.key }) where node != merge.partner && groups.isAlive(node) {
      let other = average(moment, groups.size(of: node), rows)
      if other.mean > second.mean { second = other }
    }
    guard second.mean > 0 else { return nil }
    let ratio = second.mean / mean
    let covariance = -mean * second.mean / Double(rows)
    let squared = ratio * ratio * variance + second.variance - 2 * ratio * covariance
    return max(0, squared).squareRoot() / mean
  }

  /// A group's average and its variance.
  private static func average(_ moments: Moments, _ size: Int, _ rows: Int) -> (mean: Double, variance: Double) {
    let mean = FixedPoint.double(moments.sum) / Double(size)
    let squares = Double(moments.squares) * 0x1p-80 / (Double(size) * Double(size))
    return (mean, max(0, squares - mean * mean / Double(rows)))
  }

  /// What the rows of a group reassign to each cluster, q taken as the middle of its bounds.
  private func moments(of group: Group) throws -> [Int: Moments] {
    let batches = sketches.batches(of: group)
    let total = Mutex<[Int: Moments]>([:])
    let step = 64
    let items = stride(from: 0, to: batches.count, by: step).map { batches[$0..<min($0 + step, batches.count)] }
    try forEachItem(items.count, workers: sketches.workers, shouldStop: shouldStop) { next in
      while let index = next() {
        var found: [Int: Moments] = [:]
        try sketches.bound(items[index], of: group) { _, buffer, count in
          for row in 0..<count where buffer.reassigned.start[row] >= 0 {
            let q = UInt128((buffer.lower.start[row] + buffer.upper.start[row]) / 2)
            found[Int(buffer.reassigned.start[row]), default: Moments()] += Moments(sum: q, squares: q * q)
          }
        }
        total.withLock { total in for (cluster, moment) in found { total[cluster, default: Moments()] += moment } }
      }
    }
    return total.withLock { $0 }
  }
}
