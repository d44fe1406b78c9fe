import KernelInterface
import LogitStream

/// Counts and adds up what rows give, for a scan or a sweep: a worker's end of the ``SharedSums``, with the memory that the
/// kernel works in.
final class TallyWorker: RowWorker {
  private let sums: SharedSums
  private let sketches: SketchRows?
  private let assigned: RowAssignments?
  private let known: KnownAssignments?
  private let scratch: PageBuffer
  /// The most rows in a batch.
  private let capacity: Int
  private let assignments: FixedBuffer<Int32>
  private let doubts: FixedBuffer<Double>
  private let reassigned: FixedBuffer<Reassignment>
  private let reassignedCount = FixedBuffer(repeating: 0, count: 1)

  private static let mostRows = 1024

  /// - Parameters:
  ///   - sums: Takes what the rows add up to.
  ///   - sketches: Takes the rows' sketches; single clusters must be targets then.
  ///   - assigned: Takes the clusters that rows are assigned to.
  ///   - known: What rows were assigned to when they were scanned, which they must be again.
  init(
    _ sums: SharedSums, clusters: Int, sketches: SketchRows?, assigned: RowAssignments?, known: KnownAssignments?
  ) {
    self.sums = sums
    self.sketches = sketches
    self.assigned = assigned
    self.known = known
    let longestChain = sums.targets.longestChain
    let atATime = sums.targets.rowsAtATime
    capacity = max(1, Self.mostRows / max(1, longestChain) / atATime) * atATime
    scratch = PageBuffer(
      byteCount: ProcessorKernel.best.scratchByteCount(clusters: clusters, sketchWidth: sketches?.format.width ?? 0))
    assignments = FixedBuffer(repeating: 0, count: capacity)
    doubts = FixedBuffer(repeating: 0, count: capacity)
    reassigned = FixedBuffer(
      repeating: Reassignment(slot: 0, cluster: 0, probability: 0), count: capacity * longestChain)
  }

  func work(on rows: RowSpan) throws -> Int { try work(on: rows, assignedAs: known) }

  /// The same of rows that were assigned so when they were scanned.
  func work(on rows: RowSpan, assignedAs known: KnownAssignments?) throws -> Int {
    var done = 0
    while done < rows.count {
      let count = min(capacity, rows.count - done)
      let first = rows.first + done
      let tally = tally(rows, from: done, count: count, sketches?.pointers(first, count: count))
      guard known?.agree(with: tally.assignments, from: first) ?? true else {
        throw BuildError.changedBetweenPasses(locations: [rows.input.location])
      }
      sums.add(tally)
      if let assigned {
        assigned.assign(tally.assignments, from: first)
        // Once for each row: later passes see it again.
        if let check = KindCheck(rows) { sums.addIrregularRows(check.irregularRows(rows, from: done, tally)) }
      }
      done += tally.assignments.count
      guard tally.assignments.count == count else { break }
    }
    return done
  }

  func skip(_ rows: Range<Int>, unwritten: Bool) { sums.addSkippedRows(rows.count, unwritten: unwritten) }

  func finish(_ rows: Range<Int>) {}

  /// What a batch of rows gives, or those of them before the first that is invalid.
  private func tally(_ rows: RowSpan, from first: Int, count: Int, _ sketches: SketchPointers?) -> RowTally {
    guard let scratch = scratch.bytes.baseAddress else { preconditionFailure("a kernel needs memory") }
    let done = ProcessorKernel.best.work(
      on: RowBatch(
        form: rows.form, rows: rows.start + first * rows.rowByteCount, count: count, rowByteCount: rows.rowByteCount,
        targets: sums.targets.table, sketches: sketches, scratch: scratch, assignments: assignments.start,
        doubts: doubts.start, reassigned: reassigned.start, reassignedCount: reassignedCount.start))
    return RowTally(
      assignments: UnsafeBufferPointer(start: assignments.start, count: done),
      doubts: UnsafeBufferPointer(start: doubts.start, count: done),
      reassigned: UnsafeBufferPointer(start: reassigned.start, count: reassignedCount.start.pointee))
  }
}

/// What some rows give. Valid until the worker's next batch.
struct RowTally {
  /// The cluster of each row.
  let assignments: UnsafeBufferPointer<Int32>
  /// 1 − g of each row, or 0.
  let doubts: UnsafeBufferPointer<Double>
  /// By how much these may be off; nil if they are not.
  var doubtErrors: UnsafeBufferPointer<Double>?
  let reassigned: UnsafeBufferPointer<Reassignment>
}
