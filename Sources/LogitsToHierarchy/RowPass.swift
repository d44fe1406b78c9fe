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
  let readers: SourceReaders
  let options: BuildOptions
  let workers: Int
  let targets: PassTargets
  let plan: BlockPlan
  /// Takes the rows' sketches; single clusters must be targets then.
  let sketches: ScannedSketches?
  let observer: any BuildObserver

  private var source: LogitSource { readers.source }
  /// How many bytes to have asked a slow disk for beyond what is being worked on.
  private static let readAheadBytes = 16 << 20

  /// Reads all rows of the plan.
  ///
  /// - Throws: ``BuildError``, ``LogitStreamError``; of several bad rows, the first is named.
  func run() throws -> PassResult {
    let shared = SharedSums(targets: targets, clusters: source.clusters)
    let isComplete = try forEachItem(
      plan.count, workers: workers, shouldStop: { observer.shouldStop },
      work: { next in
        var reader = BlockReader(readers)
        let worker = RowWorker(
          targets: targets, clusters: source.clusters, sketchWidth: sketches?.rows.format.width ?? 0)
        let ahead = max(workers, Self.readAheadBytes / plan.blockByteCount)
        while let index = next() {
          let block = plan[index]
          let later = index + ahead < plan.count ? plan[index + ahead].slice : nil
          let rowByteCount = try reader.read(block.slice, later: later) { rows, input in
            try tally(rows, input, offset: block.offset, worker, into: shared)
            return input.rowByteCount
          }
          observer.didRead(rows: block.slice.rows.count, bytes: block.slice.rows.count * rowByteCount)
        }
      })
    guard isComplete else { throw BuildError.interrupted }
    return shared.result()
  }

  /// Works through a block's rows, and leaves out those that were never written, if that is wanted.
  private func tally(
    _ block: RowBlock, _ input: LogitInput, offset: Int, _ worker: RowWorker, into shared: SharedSums
  ) throws {
    guard block.unwritten.isEmpty || options.invalidRows == .skip else {
      throw BuildError.neverWritten(place: input.place, rows: block.unwritten)
    }
    var next = block.rows.lowerBound
    for gap in block.unwritten {
      try tally(next..<gap.lowerBound, block, input, offset: offset, worker, into: shared)
      shared.addSkippedRows(gap.count)
      next = gap.upperBound
    }
    try tally(next..<block.rows.upperBound, block, input, offset: offset, worker, into: shared)
  }

  /// Works through rows of a block batch by batch, and leaves out those that are invalid, if that is wanted.
  ///
  /// - Parameter offset: How many of the plan's rows come before the block.
  private func tally(
    _ rows: Range<Int>, _ block: RowBlock, _ input: LogitInput, offset: Int, _ worker: RowWorker,
    into shared: SharedSums
  ) throws {
    let form = RowForm(
      format: input.format, clusters: source.clusters, isProbability: options.kind == .probabilities,
      temperature: options.temperature)
    var row = rows.lowerBound
    while row < rows.upperBound {
      let count = min(worker.capacity, rows.upperBound - row)
      let place = offset + row - block.rows.lowerBound
      let tally = worker.work(
        block.row(row), count: count, rowByteCount: block.rowStride, form,
        sketches?.rows.places(place, count: count))
      shared.add(tally)
      sketches?.assign(tally.assignments, from: place)
      row += tally.assignments.count
      guard tally.assignments.count < count else { continue }
      guard options.invalidRows == .skip else {
        throw BuildError(block.row(row), form, kind: options.kind, input, row: row)
      }
      shared.addSkippedRows(1)
      row += 1
    }
  }
}
