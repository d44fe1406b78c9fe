import KernelInterface
import LogitStream
import Threads

/// What a pass over some rows gives.
package struct PassResult: Sendable {
  package let statistics: ClusterStatistics
  package let evidence: Evidence
  /// Rows left out since they are invalid.
  package let skippedRows: Int
}

/// One pass over rows of a source: the counts and certainty of their clusters, exact R[G] of the targets, and the rows'
/// sketches, if they are wanted.
struct RowPass: Sendable {
  let readers: SourceReaders
  let options: BuildOptions
  let workers: Int
  let plan: BlockPlan
  /// Takes what the rows add up to.
  let sums: SharedSums
  /// Takes the rows' sketches; single clusters must be targets then.
  let sketches: SketchRows?
  /// Takes the clusters that rows are assigned to.
  let assigned: RowAssignments?
  /// The clusters that the plan's rows were assigned to when they were scanned, −1 for rows left out, if that is known:
  /// only rows that are in a target are read then.
  let assignments: [Int32]?
  let observer: any BuildObserver

  private var source: LogitSource { readers.source }
  private var targets: PassTargets { sums.targets }
  /// How many bytes to have asked a slow disk for beyond what is being worked on.
  static let readAheadBytes = 16 << 20

  /// Reads all rows of the plan.
  ///
  /// - Throws: ``BuildError``, ``LogitStreamError``; of several bad rows, the first is named.
  func run() throws {
    try forEachItem(
      plan.count, workers: workers, shouldStop: { observer.shouldStop },
      work: { next in
        var reader = BlockReader(readers)
        let worker = RowWorker(
          targets: targets, clusters: source.clusters, sketchWidth: sketches?.format.width ?? 0)
        let ahead = max(workers, Self.readAheadBytes / plan.blockByteCount)
        while let index = next() {
          let block = plan[index]
          let wanted = wantedRows(of: block)
          guard wanted?.isEmpty != true else {
            observer.didRead(rows: block.slice.rows.count, bytes: block.slice.rows.count * rowByteCount(block))
            continue
          }
          let later = index + ahead < plan.count ? plan[index + ahead].slice : nil
          try reader.read(block.slice, wanted: wanted, later: later) { rows, input in
            try tally(rows, wanted ?? [rows.rows], input, offset: block.offset, worker)
          }
          observer.didRead(rows: block.slice.rows.count, bytes: block.slice.rows.count * rowByteCount(block))
        }
      })
  }

  private func rowByteCount(_ block: BlockPlan.Block) -> Int { source.inputs[block.slice.input].rowByteCount }

  /// The rows of a block that are in a target; nil if that can't be told before they are read.
  private func wantedRows(of block: BlockPlan.Block) -> [Range<Int>]? {
    guard let assignments else { return nil }
    var wanted: [Range<Int>] = []
    for (position, row) in block.slice.rows.enumerated() {
      let cluster = assignments[block.offset + position]
      guard cluster >= 0, targets.innermost[Int(cluster)] >= 0 else { continue }
      if let last = wanted.last, last.upperBound == row {
        wanted[wanted.count - 1] = last.lowerBound..<row + 1
      } else {
        wanted.append(row..<row + 1)
      }
    }
    return wanted
  }

  /// Works through a block's rows, and leaves out those that were never written, if that is wanted.
  private func tally(
    _ block: RowBlock, _ wanted: [Range<Int>], _ input: LogitInput, offset: Int, _ worker: RowWorker
  ) throws {
    guard block.unwritten.isEmpty || options.invalidRows == .skip else {
      throw BuildError.neverWritten(location: input.location, rows: block.unwritten)
    }
    for part in wanted {
      var next = part.lowerBound
      for gap in block.unwritten.clamped(to: part) {
        try tally(next..<gap.lowerBound, block, input, offset: offset, worker)
        sums.addSkippedRows(gap.count)
        next = gap.upperBound
      }
      try tally(next..<part.upperBound, block, input, offset: offset, worker)
    }
  }

  /// Works through rows of a block batch by batch, and leaves out those that are invalid, if that is wanted.
  ///
  /// - Parameter offset: How many of the plan's rows come before the block.
  private func tally(
    _ rows: Range<Int>, _ block: RowBlock, _ input: LogitInput, offset: Int, _ worker: RowWorker
  ) throws {
    let form = RowForm(
      format: input.format, clusters: source.clusters, isProbability: options.kind == .probabilities,
      temperature: options.temperature)
    var row = rows.lowerBound
    while row < rows.upperBound {
      let count = min(worker.capacity, rows.upperBound - row)
      let position = offset + row - block.rows.lowerBound
      let tally = worker.work(
        block.row(row), count: count, rowByteCount: block.rowStride, form,
        sketches?.pointers(position, count: count))
      if let assignments, !tally.assignments.elementsEqual(assignments[position..<position + tally.assignments.count]) {
        throw BuildError.changedBetweenPasses(locations: [input.location])
      }
      sums.add(tally)
      assigned?.assign(tally.assignments, from: position)
      row += tally.assignments.count
      guard tally.assignments.count < count else { continue }
      guard options.invalidRows == .skip else {
        throw BuildError(block.row(row), form, kind: options.kind, input, row: row)
      }
      sums.addSkippedRows(1)
      row += 1
    }
  }
}
