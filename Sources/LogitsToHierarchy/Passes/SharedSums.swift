import KernelInterface
import Synchronization

/// The sums of a pass, which all workers add to. Adding integers, they come out the same in any order.
final class SharedSums: Sendable {
  private struct Sums {
    var counts: [Int]
    var doubts: WideSums
    /// nil until there are rows whose doubts may be off.
    var doubtErrors: WideSums?
    var reassigned: ReassignedSums
    var skippedRows = 0
    var unwrittenRows = 0
    var irregularRows = 0

    mutating func add(_ errors: UnsafeBufferPointer<Double>, of assignments: UnsafeBufferPointer<Int32>) {
      var sums = doubtErrors.take() ?? WideSums(count: counts.count)
      sums.add(assignments.count) { row in (FixedPoint.rounded(errors[row]), Int(assignments[row])) }
      doubtErrors = sums
    }
  }

  let targets: PassTargets
  private let sums: Mutex<Sums>

  /// - Parameter isDense: Whether there is room for a sum of every target and cluster.
  init(targets: PassTargets, clusters: Int, isDense: Bool) {
    self.targets = targets
    sums = Mutex(
      Sums(
        counts: Array(repeating: 0, count: clusters), doubts: WideSums(count: clusters),
        reassigned: ReassignedSums(targets: targets.groups.count, clusters: clusters, isDense: isDense)))
  }

  /// Adds what some rows gave.
  ///
  /// All workers share one array of sums: one each would take K² for every core. The lock costs nothing, since it is taken
  /// once for some hundred rows.
  func add(_ tally: RowTally) {
    sums.withLock { sums in
      for cluster in tally.assignments { sums.counts[Int(cluster)] += 1 }
      sums.doubts.add(tally.assignments.count) { row in
        (FixedPoint.rounded(tally.doubts[row]), Int(tally.assignments[row]))
      }
      if let errors = tally.doubtErrors { sums.add(errors, of: tally.assignments) }
      sums.reassigned.add(tally.reassigned)
    }
  }

  /// Counts rows that were left out.
  func addSkippedRows(_ count: Int, unwritten: Bool) {
    sums.withLock { sums in
      sums.skippedRows += count
      if unwritten { sums.unwrittenRows += count }
    }
  }

  /// Counts rows that are not quite what their kind says.
  func addIrregularRows(_ count: Int) { sums.withLock { $0.irregularRows += count } }

  /// Sets all sums to zero.
  func reset() {
    sums.withLock { sums in
      for cluster in sums.counts.indices { sums.counts[cluster] = 0 }
      sums.doubts.reset()
      sums.doubtErrors = nil
      sums.reassigned.reset()
      sums.skippedRows = 0
      sums.unwrittenRows = 0
      sums.irregularRows = 0
    }
  }

  func result() -> PassResult {
    sums.withLock { sums in
      let statistics = ClusterStatistics(
        counts: sums.counts, doubts: sums.counts.indices.map { sums.doubts[$0] },
        doubtErrors: sums.doubtErrors.map { errors in sums.counts.indices.map { errors[$0] } })
      return PassResult(
        statistics: statistics, evidence: sums.reassigned.evidence(of: targets.groups),
        skippedRows: sums.skippedRows, unwrittenRows: sums.unwrittenRows, irregularRows: sums.irregularRows)
    }
  }
}
