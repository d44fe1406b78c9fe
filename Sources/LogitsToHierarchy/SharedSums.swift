import Synchronization

/// What a worker has learnt from some rows and not yet added to the shared sums.
///
/// Workers share one array of sums rather than have one each, which would take K² for every core; a lock once in
/// some thousand rows costs nothing.
struct Tally {
  fileprivate var assignments: [(cluster: Int32, doubt: UInt64)] = []
  fileprivate var reassignments: [(slot: Int32, cluster: Int32, amount: UInt64)] = []
  var skippedRows = 0

  private static let capacity = 4096

  init() {
    assignments.reserveCapacity(Self.capacity)
    reassignments.reserveCapacity(Self.capacity)
  }

  var isFull: Bool { max(assignments.count, reassignments.count) >= Self.capacity }

  mutating func add(_ outcome: RowOutcome) {
    assignments.append((Int32(outcome.assignment), FixedPoint.rounded(outcome.doubt)))
  }

  mutating func add(_ reassignment: Reassignment) {
    reassignments.append(
      (Int32(reassignment.slot), Int32(reassignment.cluster), FixedPoint.rounded(reassignment.probability)))
  }
}

/// The sums of a pass, which all workers add to. Adding integers, they come out the same in any order.
final class SharedSums: Sendable {
  private struct Sums {
    var counts: [Int]
    var doubts: WideSums
    /// R of each target, one after another, K sums each.
    var reassigned: WideSums
    var skippedRows = 0
  }

  private let targets: PassTargets
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

  /// Adds a tally and empties it.
  func add(_ tally: inout Tally) {
    sums.withLock { sums in
      for (cluster, doubt) in tally.assignments {
        sums.counts[Int(cluster)] += 1
        sums.doubts.add(doubt, at: Int(cluster))
      }
      for (slot, cluster, amount) in tally.reassignments {
        sums.reassigned.add(amount, at: Int(slot) * clusters + Int(cluster))
      }
      sums.skippedRows += tally.skippedRows
    }
    tally.assignments.removeAll(keepingCapacity: true)
    tally.reassignments.removeAll(keepingCapacity: true)
    tally.skippedRows = 0
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
