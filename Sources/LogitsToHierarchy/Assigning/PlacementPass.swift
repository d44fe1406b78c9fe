import Hierarchy
import KernelInterface
import LogitStream

/// Places rows of a source in groups or nodes of a hierarchy, within its memory.
package struct PlacementPass: Sendable {
  package let source: LogitSource
  package let rule: PlacementRule
  package let meaning: RowMeaning
  private let resources: RunResources
  private let memory: PlacementMemoryPlan
  private let tables: PlacementTables
  /// The node of rows that no other would take; −1 for none.
  private let fallback: Int32
  private let readers: SourceReaders
  private let observer: any BuildObserver
  /// The placements of the rows at hand.
  private let rows: PlacedRows

  /// A pass over the rows of `source`, which has a column for each cluster of `hierarchy`.
  ///
  /// - Parameters:
  ///   - mostRows: The most rows to ``run(_:chunkRows:_:)`` for at a time.
  ///   - outputByteCount: What whoever takes the results needs of the memory.
  /// - Throws: ``BuildError/notEnoughMemory(needed:given:clusters:)``, `CutError`
  package init(
    _ source: LogitSource, _ hierarchy: ClusterHierarchy, _ rule: PlacementRule, _ meaning: RowMeaning,
    resources: RunResources, mostRows: Int, outputByteCount: Int, observer: any BuildObserver
  ) throws {
    precondition(source.clusters == hierarchy.clusters.count)
    memory = try PlacementMemoryPlan(
      MemoryDemand(source), mostRows: mostRows, outputByteCount: outputByteCount, resources: resources)
    tables = try PlacementTables(hierarchy, rule)
    if case .confidenceFromRoot = rule { fallback = Int32(hierarchy.root) } else { fallback = -1 }
    readers = SourceReaders(source)
    rows = PlacedRows(capacity: mostRows)
    self.source = source
    self.rule = rule
    self.meaning = meaning
    self.resources = resources
    self.observer = observer
  }

  /// Makes sure, before any row is read, that all rows were written, unless unwritten ones may be left out. Rows are counted
  /// over all inputs.
  ///
  /// - Throws: ``BuildError/neverWritten(location:rows:)``, ``LogitStreamError``; `Interrupted`
  package func checkWritten(_ rows: Range<Int>) throws {
    try readers.checkWritten(source.slices(of: rows), meaning, observer)
  }

  /// Places rows, counted over all inputs.
  ///
  /// - Parameters:
  ///   - chunkRows: How many of them are passed on together; the last chunk may have fewer.
  ///   - take: Is called once for each chunk, in no order, by the worker that was the last to have rows in it.
  /// - Returns: How many rows were left out since they are invalid, how many of these were never written, and how many are
  ///   not quite what their kind says.
  /// - Throws: ``BuildError``, ``LogitStreamError``, the first bad row named; and what `take` throws.
  package func run(
    _ chosen: Range<Int>, chunkRows: Int, _ take: @escaping @Sendable (PlacedChunk) throws -> Void
  ) throws -> (skipped: Int, unwritten: Int, irregular: Int) {
    rows.begin(count: chosen.count, chunkRows: chunkRows)
    let plan = BlockPlan(
      source, source.slices(of: chosen), targetByteCount: resources.blockByteCount,
      mostByteCount: memory.workers.blockByteCount)
    try BlockPass(readers: readers, plan: plan, workers: memory.workers.count, meaning: meaning, observer: observer)
      .run { [rows, tables, fallback, clusters = source.clusters] in
        PlacementWorker(rows, tables, fallback: fallback, clusters: clusters, take)
      }
    return (rows.skippedRows, rows.unwrittenRows, rows.irregularRows)
  }
}

/// Places rows: a worker's end of the ``PlacedRows``, with the memory that the kernel works in.
private final class PlacementWorker: RowWorker {
  private let rows: PlacedRows
  private let tables: PlacementTables
  private let fallback: Int32
  private let take: @Sendable (PlacedChunk) throws -> Void
  private let scratch: PageBuffer

  init(
    _ rows: PlacedRows, _ tables: PlacementTables, fallback: Int32, clusters: Int,
    _ take: @escaping @Sendable (PlacedChunk) throws -> Void
  ) {
    self.rows = rows
    self.tables = tables
    self.fallback = fallback
    self.take = take
    scratch = PageBuffer(byteCount: ProcessorKernel.best.placementScratchByteCount(clusters: clusters))
  }

  func work(on run: RowSpan) -> Int {
    guard let memory = scratch.bytes.baseAddress else { preconditionFailure("a kernel needs memory") }
    let done = ProcessorKernel.best.place(
      PlacementBatch(
        form: run.form, rows: run.start, count: run.count, rowByteCount: run.rowByteCount, target: tables.target,
        scratch: memory, placements: rows.placements + run.first, probabilities: rows.probabilities + run.first))
    if fallback >= 0 {
      for row in run.first..<run.first + done where rows.placements[row] < 0 { rows.placements[row] = fallback }
    }
    if let check = KindCheck(run) { rows.addIrregularRows(check.irregularRows(run, count: done)) }
    return done
  }

  func skip(_ skipped: Range<Int>, unwritten: Bool) { rows.skip(skipped, unwritten: unwritten) }

  func finish(_ finished: Range<Int>) throws {
    for chunk in rows.finish(finished) { try take(rows.chunk(chunk)) }
  }
}
