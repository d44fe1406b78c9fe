import KernelInterface
import LogitStream

/// A worker's memory for batches of rows: what the kernel works in, and what it gives.
final class RowWorker {
  private let targets: PassTargets
  private let clusters: Int
  private let scratch: PageBuffer
  /// The most rows in a batch.
  let capacity: Int
  private let assignments: FixedBuffer<Int32>
  private let doubts: FixedBuffer<Double>
  private let reassigned: FixedBuffer<Reassignment>
  private let reassignedCount = FixedBuffer(repeating: 0, count: 1)

  private static let mostRows = 1024

  init(targets: PassTargets, clusters: Int, sketchWidth: Int) {
    self.targets = targets
    self.clusters = clusters
    capacity = max(1, Self.mostRows / max(1, targets.longestChain))
    scratch = PageBuffer(
      byteCount: ProcessorKernel.best.scratchByteCount(clusters: clusters, sketchWidth: sketchWidth))
    assignments = FixedBuffer(repeating: 0, count: capacity)
    doubts = FixedBuffer(repeating: 0, count: capacity)
    reassigned = FixedBuffer(
      repeating: Reassignment(slot: 0, cluster: 0, probability: 0), count: capacity * targets.longestChain)
  }

  /// Works on `count` rows from `rows` on, at most a batch, and gives what those before the first invalid one give.
  func work(
    _ rows: UnsafeRawPointer, count: Int, rowByteCount: Int, _ form: RowForm, _ sketches: SketchPointers?
  ) -> RowTally {
    precondition(count <= capacity)
    guard let scratch = scratch.bytes.baseAddress else { preconditionFailure("a kernel needs memory") }
    let done = ProcessorKernel.best.work(
      on: RowBatch(
        form: form, rows: rows, count: count, rowByteCount: rowByteCount, targets: targets.table, sketches: sketches,
        scratch: scratch, assignments: assignments.start, doubts: doubts.start, reassigned: reassigned.start,
        reassignedCount: reassignedCount.start))
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
  let reassigned: UnsafeBufferPointer<Reassignment>
}
