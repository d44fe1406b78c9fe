import KernelInterface
import LogitStream

/// What a pass over some rows gives.
struct PassResult: Sendable {
  let statistics: ClusterStatistics
  let evidence: Evidence
  /// Rows left out since they are invalid.
  let skippedRows: Int
}

/// One pass over rows of a source: the counts and certainty of their clusters, exact R[G] of the groups it is given, and
/// the rows' sketches, if they are wanted.
struct RowPass: Sendable {
  let source: LogitSource
  let options: BuildOptions
  let targets: PassTargets
  let plan: BlockPlan
  /// Takes the rows' sketches; single clusters must be targets then.
  let sketches: ScannedSketches?
  let observer: any BuildObserver

  /// Reads all rows of the plan.
  ///
  /// - Throws: ``BuildError``, ``LogitStreamError``; of several bad rows, the first is named.
  func run() throws -> PassResult {
    let shared = SharedSums(targets: targets, clusters: source.clusters)
    let isComplete = try forEachItem(
      plan.count, workers: options.threads, shouldStop: { observer.shouldStop },
      work: { next in
        var reader = BlockReader(source, blockByteCount: plan.blockByteCount)
        let worker = RowWorker(
          targets: targets, clusters: source.clusters, sketchWidth: sketches?.rows.format.width ?? 0)
        while let index = next() {
          let block = plan[index]
          let byteCount = try reader.read(block.slice) { bytes, input in
            try tally(bytes, input, block, worker, into: shared)
            return bytes.count
          }
          observer.didRead(rows: block.slice.rows.count, bytes: byteCount)
        }
      })
    guard isComplete else { throw BuildError.interrupted }
    return shared.result()
  }

  /// Works through a block's rows batch by batch, and leaves out those that are invalid, if that is wanted.
  private func tally(
    _ bytes: UnsafeRawBufferPointer, _ input: LogitInput, _ block: BlockPlan.Block, _ worker: RowWorker,
    into shared: SharedSums
  ) throws {
    guard let start = bytes.baseAddress else { return }
    let form = RowForm(
      format: input.format, clusters: source.clusters, isProbability: options.kind == .probabilities,
      temperature: options.temperature)
    let rows = block.slice.rows
    var row = 0
    while row < rows.count {
      let count = min(worker.capacity, rows.count - row)
      let first = start + row * input.rowByteCount
      let tally = worker.work(
        first, count: count, rowByteCount: input.rowByteCount, form,
        sketches?.rows.places(block.offset + row, count: count))
      shared.add(tally)
      sketches?.assign(tally.assignments, from: block.offset + row)
      row += tally.assignments.count
      guard tally.assignments.count < count else { continue }
      let invalid = first + tally.assignments.count * input.rowByteCount
      guard options.invalidRows == .skip else {
        throw BuildError(invalid, form, kind: options.kind, input, row: rows.lowerBound + row)
      }
      shared.addSkippedRow()
      row += 1
    }
  }
}
