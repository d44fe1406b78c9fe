import KernelInterface
import LogitStream

/// Makes a segment of rows of which a dump has the largest logits alone, as ``TallyWorker`` does of whole rows.
///
/// What there is of a row is a sketch already. Its rest is what is missing to 1, or to the row's log-sum-exp, and known as well
/// as the numbers are. So are 1 − g, and what is reassigned if the row's cluster is masked.
final class TopKWorker: RowWorker {
  private let sums: SharedSums
  private let sketches: SketchRows
  private let assigned: RowAssignments
  private var records: TopKRecords?
  /// What is wrong with the row that stopped the last work.
  private var fault: TopKFault?
  private let assignments = FixedBuffer<Int32>(repeating: 0, count: TopKWorker.capacity)
  private let doubts = FixedBuffer(repeating: 0.0, count: TopKWorker.capacity)
  private let doubtErrors = FixedBuffer(repeating: 0.0, count: TopKWorker.capacity)
  private let probabilities = FixedBuffer(repeating: 0.0, count: TopKWorker.capacity)
  private let reassigned = FixedBuffer(
    repeating: Reassignment(slot: 0, cluster: 0, probability: 0), count: TopKWorker.capacity)
  private let masses = FixedBuffer(repeating: 0.0, count: TopKWorker.capacity)
  private let kernelFault = FixedBuffer(repeating: TopKBatch.noFault, count: 1)

  /// The rows of a batch.
  private static let capacity = 512

  static var takesParts: Bool { true }

  /// - Parameters:
  ///   - sums: Takes what the rows add up to; each cluster is a target, and no other group.
  ///   - sketches: Takes the rows' sketches, which are as wide as the dump, or narrower.
  ///   - assigned: Takes the clusters that rows are assigned to.
  init(_ sums: SharedSums, sketches: SketchRows, assigned: RowAssignments) {
    self.sums = sums
    self.sketches = sketches
    self.assigned = assigned
  }

  func work(on rows: RowSpan) throws -> Int {
    guard let arrays = rows.input.topK else { preconditionFailure("whole rows are another worker's") }
    let records = records(of: rows.input, arrays, rows.form)
    fault = nil
    var done = 0
    while done < rows.count, fault == nil {
      let most = min(Self.capacity, rows.count - done)
      var taken = 0
      while taken < most {
        fault = records.take(rows.start + (done + taken) * rows.rowByteCount, at: taken)
        guard fault == nil else { break }
        taken += 1
      }
      done += work(on: records, count: taken, first: rows.first + done, rows.form, arrays)
    }
    return done
  }

  func skip(_ rows: Range<Int>, unwritten: Bool) { sums.addSkippedRows(rows.count, unwritten: unwritten) }

  func finish(_ rows: Range<Int>) {}

  func error(ofRow row: Int, at pointer: UnsafeRawPointer, _ form: RowForm, _ kind: LogitKind, _ input: LogitInput)
    -> BuildError
  {
    guard let fault else { return BuildError(pointer, form, kind: kind, input, row: row) }
    return .invalidTopK(location: input.location(of: fault), row: input.name(ofRow: row), fault)
  }

  /// Records for the rows of an input. The next rows are mostly of the same.
  private func records(of input: LogitInput, _ arrays: TopKArrays, _ form: RowForm) -> TopKRecords {
    if let records, records.fit(input) { return records }
    let made = TopKRecords(arrays, input.format, isProbability: form.isProbability, capacity: Self.capacity)
    records = made
    return made
  }

  /// Works on the first records, and returns how many were done: all, or those before the first that is wrong.
  private func work(on records: TopKRecords, count: Int, first: Int, _ form: RowForm, _ arrays: TopKArrays) -> Int {
    guard count > 0, let target = sketches.pointers(first, count: count) else { return 0 }
    guard let restErrors = target.restErrors else { preconditionFailure("rests of a top-k dump have errors") }
    let done = ProcessorKernel.best.bringTogether(
      TopKBatch(
        isDouble: records.isDouble, isProbability: form.isProbability, clusters: arrays.clusters,
        values: records.values, stride: records.stride, known: records.known.start,
        normalizers: arrays.normalizerFormat.map { _ in UnsafePointer(records.normalizers.start) },
        width: sketches.format.width, count: count, rests: target.rests, restErrors: restErrors, doubts: doubts.start,
        doubtErrors: doubtErrors.start, reassigned: probabilities.start, sums: masses.start, fault: kernelFault.start))
    var reassignments = 0
    for row in 0..<done {
      let members = records.members.start + row * records.stride
      assignments.start[row] = Int32(members[0])
      if probabilities.start[row] > 0 {
        reassigned.start[reassignments] = Reassignment(
          slot: Int(members[0]), cluster: Int(members[1]), probability: probabilities.start[row])
        reassignments += 1
      }
      store(row, of: records, in: target)
    }
    let tally = RowTally(
      assignments: UnsafeBufferPointer(start: assignments.start, count: done),
      doubts: UnsafeBufferPointer(start: doubts.start, count: done),
      doubtErrors: UnsafeBufferPointer(start: doubtErrors.start, count: done),
      reassigned: UnsafeBufferPointer(start: reassigned.start, count: reassignments))
    sums.add(tally)
    assigned.assign(tally.assignments, from: first)
    // The fault of a later record does not matter, if the kernel stopped before it.
    if done < count { fault = fault(ofRow: done, records, arrays) }
    return done
  }

  /// Stores a row's values and clusters as its sketch.
  private func store(_ row: Int, of records: TopKRecords, in target: SketchPointers) {
    let byteCount = sketches.format.valueByteCount
    (target.values + row * target.width * byteCount).copyMemory(
      from: records.values + row * records.stride * byteCount, byteCount: target.width * byteCount)
    let members = records.members.start + row * records.stride
    if target.hasWideIndices {
      let indices = target.indices.assumingMemoryBound(to: UInt32.self) + row * target.width
      for position in 0..<target.width { indices[position] = members[position] }
    } else {
      let indices = target.indices.assumingMemoryBound(to: UInt16.self) + row * target.width
      for position in 0..<target.width { indices[position] = UInt16(truncatingIfNeeded: members[position]) }
    }
  }

  private func fault(ofRow row: Int, _ records: TopKRecords, _ arrays: TopKArrays) -> TopKFault? {
    let (sum, values) = (masses.start[row], Int(records.known.start[row]))
    return switch kernelFault.start.pointee {
    case TopKBatch.sumAboveOne: .sumAboveOne(sum, values: values, hasNormalizer: arrays.normalizerFormat != nil)
    case TopKBatch.restTooLarge: .restTooLarge(sum: sum, values: values, others: arrays.clusters - values)
    case TopKBatch.tooFewValues: .tooFewValues(sum: sum, values: values)
    default: nil
    }
  }
}
