import KernelInterface
import Synchronization

/// The sums of a pass, which all workers add to. Adding integers, they come out the same in any order.
final class SharedSums: Sendable {
  private struct Sums {
    var counts: [Int]
    var doubts: WideSums
    /// R of each target, one after another, K sums each.
    var reassigned: WideSums
    var skippedRows = 0
  }

  let targets: PassTargets
  private let clusters: Int
  private let sums: Mutex<Sums>

  init(targets: PassTargets, clusters: Int) {
    self.targets = targets
    self.clusters = clusters
    sums = Mutex(
      Sums(
        counts: Array(repeating: 0, count: clusters), doubts: WideSums(count: clusters),
        reassigned: WideSums(count: targets.groups.count * clusters)))
  }

  /// The bytes that the sums of so many targets take.
  static func byteCount(targets: Int, clusters: Int) -> Int { 8 * (targets + 2) * clusters }

  /// Adds what some rows gave.
  ///
  /// Workers share one array of sums rather than have one each, which would take K² for every core; a lock once in
  /// some hundred rows costs nothing.
  func add(_ tally: RowTally) {
    sums.withLock { sums in
      for row in tally.assignments.indices {
        let cluster = Int(tally.assignments[row])
        sums.counts[cluster] += 1
        sums.doubts.add(FixedPoint.rounded(tally.doubts[row]), at: cluster)
      }
      for reassigned in tally.reassigned {
        let place = reassigned.slot * clusters + reassigned.cluster
        sums.reassigned.add(FixedPoint.rounded(reassigned.probability), at: place)
      }
    }
  }

  /// Counts rows that were left out.
  func addSkippedRows(_ count: Int) { sums.withLock { $0.skippedRows += count } }

  /// Sets all sums to zero.
  func reset() {
    sums.withLock { sums in
      for cluster in sums.counts.indices { sums.counts[cluster] = 0 }
      sums.doubts.reset()
      sums.reassigned.reset()
      sums.skippedRows = 0
    }
  }

  func result() -> PassResult {
    sums.withLock { sums in
      var evidence: Evidence = [:]
      for (slot, group) in targets.groups.enumerated() {
        var found: [Int] = []
        var amounts: [UInt128] = []
        for cluster in 0..<clusters {
          let sum = sums.reassigned[slot * clusters + cluster]
          if sum > 0 {
            found.append(cluster)
            amounts.append(sum)
          }
        }
        evidence[group] = ReassignedProbability(clusters: found, sums: amounts)
      }
      let statistics = ClusterStatistics(counts: sums.counts, doubts: (0..<clusters).map { sums.doubts[$0] })
      return PassResult(statistics: statistics, evidence: evidence, skippedRows: sums.skippedRows)
    }
  }
}
