import Hierarchy
import KernelInterface
import LogitStream
import Synchronization
import Threads

/// Assigns rows of a source to groups or nodes of a hierarchy, within its memory.
package struct PlacementPass: Sendable {
  package let source: LogitSource
  package let options: PlacementOptions
  private let tables: PlacementTables
  private let readers: SourceReaders
  private let observer: any BuildObserver
  /// The threads that memory is enough for.
  private let workers: Int
  private let mostBlockBytes: Int
  /// What the rows at hand are assigned to.
  private let rows: PlacedRows

  /// A pass over the rows of `source`, which has a column for each cluster of `hierarchy`.
  ///
  /// - Parameters:
  ///   - mostRows: The most rows to ``run(_:chunkRows:_:)`` for at a time.
  ///   - outputBytes: What whoever takes the results needs of the memory.
  /// - Throws: ``BuildError/notEnoughMemory(needed:given:clusters:)``, `CutError`
  package init(
    _ source: LogitSource, _ hierarchy: ClusterHierarchy, options: PlacementOptions, mostRows: Int, outputBytes: Int,
    observer: any BuildObserver
  ) throws {
    precondition(source.clusters == hierarchy.clusters.count)
    let clusters = source.clusters
    let fixed =
      SourcePasses.programMemory + outputBytes + PlacedRows.byteCount(mostRows)
      + PlacementTables.byteCount(clusters: clusters)
    let buffers = source.inputs.map(\.buffersPerBlock).max() ?? 1
    let rowBytes = buffers * (source.inputs.map(\.rowByteCount).max() ?? 0)
    let scratchBytes = ProcessorKernel.best.placementScratchByteCount(clusters: clusters)
    let workspaceBytes = scratchBytes + (source.inputs.map(\.workspaceByteCount).max() ?? 0)
    let left = options.memory - fixed
    guard left >= rowBytes + workspaceBytes else {
      throw BuildError.notEnoughMemory(
        needed: fixed + rowBytes + workspaceBytes, given: options.memory, clusters: clusters)
    }
    let leastBlocks = max(rowBytes, min(options.blockByteCount, left / 8))
    workers = max(1, min(options.threads, left / (workspaceBytes + leastBlocks)))
    mostBlockBytes = max(rowBytes, left / workers - workspaceBytes) / buffers
    tables = try PlacementTables(hierarchy, options.rule)
    readers = SourceReaders(source)
    rows = PlacedRows(capacity: mostRows)
    self.source = source
    self.options = options
    self.observer = observer
  }

  /// Makes sure, before any are read, that rows, counted over all inputs, were written that must be.
  ///
  /// - Throws: ``BuildError/neverWritten(location:rows:)``, ``LogitStreamError``
  package func checkWritten(_ rows: Range<Int>) throws {
    guard options.invalidRows == .fail else { return }
    try readers.checkWritten(source.slices(of: rows))
  }

  /// Assigns rows, counted over all inputs.
  ///
  /// - Parameters:
  ///   - chunkRows: How many of them are passed on together; the last chunk may have fewer.
  ///   - take: Is called once for each chunk, in no order, by the worker that was the last to have rows in it.
  /// - Returns: How many rows were left out since they are invalid.
  /// - Throws: ``BuildError``, ``LogitStreamError``, the first bad row named; and what `take` throws.
  package func run(
    _ chosen: Range<Int>, chunkRows: Int, _ take: @escaping @Sendable (PlacedChunk) throws -> Void
  ) throws -> Int {
    rows.begin(count: chosen.count, chunkRows: chunkRows)
    let plan = BlockPlan(
      source, source.slices(of: chosen), targetByteCount: options.blockByteCount, mostByteCount: mostBlockBytes)
    try forEachItem(
      plan.count, workers: workers, shouldStop: { observer.shouldStop },
      work: { next in
        var reader = BlockReader(readers)
        let scratch = PageBuffer(
          byteCount: ProcessorKernel.best.placementScratchByteCount(clusters: source.clusters))
        let ahead = max(workers, RowPass.readAheadBytes / plan.blockByteCount)
        while let index = next() {
          let block = plan[index]
          let later = index + ahead < plan.count ? plan[index + ahead].slice : nil
          try reader.read(block.slice, later: later) { rows, input in
            try assign(rows, input, offset: block.offset, scratch)
          }
          let count = block.slice.rows.count
          for chunk in rows.finish(block.offset..<block.offset + count) { try take(rows.chunk(chunk)) }
          observer.didRead(rows: count, bytes: count * source.inputs[block.slice.input].rowByteCount)
        }
      })
    return rows.skippedRows
  }

  /// Assigns a block's rows, and leaves out those that were never written, if that is wanted.
  private func assign(_ block: RowBlock, _ input: LogitInput, offset: Int, _ scratch: PageBuffer) throws {
    guard block.unwritten.isEmpty || options.invalidRows == .skip else {
      throw BuildError.neverWritten(location: input.location, rows: block.unwritten)
    }
    var next = block.rows.lowerBound
    for gap in block.unwritten {
      try assign(next..<gap.lowerBound, of: block, input, offset: offset, scratch)
      for row in gap { rows.skip(offset + row - block.rows.lowerBound) }
      next = gap.upperBound
    }
    try assign(next..<block.rows.upperBound, of: block, input, offset: offset, scratch)
  }

  /// Assigns rows of a block, and leaves out those that are invalid, if that is wanted.
  ///
  /// - Parameter offset: How many of the rows that were asked for come before the block.
  private func assign(
    _ part: Range<Int>, of block: RowBlock, _ input: LogitInput, offset: Int, _ scratch: PageBuffer
  ) throws {
    guard let memory = scratch.bytes.baseAddress else { preconditionFailure("a kernel needs memory") }
    let form = RowForm(
      format: input.format, clusters: source.clusters, isProbability: options.kind == .probabilities,
      temperature: options.temperature)
    var row = part.lowerBound
    while row < part.upperBound {
      let position = offset + row - block.rows.lowerBound
      row += ProcessorKernel.best.assign(
        PlacementBatch(
          form: form, rows: block.row(row), count: part.upperBound - row, rowByteCount: block.rowStride,
          target: tables.target, scratch: memory, placements: rows.placements + position,
          probabilities: rows.probabilities + position))
      guard row < part.upperBound else { return }
      guard options.invalidRows == .skip else {
        throw BuildError(block.row(row), form, kind: options.kind, input, row: row)
      }
      rows.skip(offset + row - block.rows.lowerBound)
      row += 1
    }
  }
}
