import LogitStream

/// A reading of a source whose rows have labels, within its memory: what is the same whatever is found out.
struct LabelledPass: Sendable {
  let source: LogitSource
  let labels: RowLabels
  private let resources: RunResources
  private let memory: PlacementMemoryPlan
  private let readers: SourceReaders
  private let observer: any BuildObserver

  /// - Parameter byteCount: What is kept beside blocks of rows.
  /// - Throws: ``BuildError/notEnoughMemory(needed:given:clusters:)``
  init(
    _ source: LogitSource, _ labels: RowLabels, byteCount: Int, resources: RunResources, observer: any BuildObserver
  ) throws(BuildError) {
    precondition(labels.rows == source.rows)
    memory = try PlacementMemoryPlan(
      MemoryDemand(source), mostRows: 0, outputByteCount: byteCount, resources: resources)
    readers = SourceReaders(source)
    self.source = source
    self.labels = labels
    self.resources = resources
    self.observer = observer
  }

  /// Reads all rows once, but for blocks in which none has a label.
  ///
  /// - Throws: ``BuildError``, ``LogitStreamError``, the first bad row named; what workers throw.
  func run(_ meaning: RowMeaning, _ makeWorker: @escaping @Sendable () -> some RowWorker) throws {
    try readers.checkWritten(source.slices, meaning, observer)
    let plan = BlockPlan(
      source, source.slices, targetByteCount: resources.blockByteCount, mostByteCount: memory.workers.blockByteCount)
    try BlockPass(readers: readers, plan: plan, workers: memory.workers.count, meaning: meaning, observer: observer)
      .run(
        wanted: { [labels] block in
          labels.mayHave(block.offset..<block.offset + block.slice.rows.count) ? nil : []
        }, makeWorker)
  }
}

/// Works on rows with labels, a batch at a time, in memory for the kernel: what is the same whatever is found out of them.
final class LabelledBatches {
  private let labels: RowLabels
  private let values = FixedBuffer<Int32>(repeating: -1, count: mostRows)
  let scratch: PageBuffer

  static let mostRows = 1024

  init(_ labels: RowLabels, scratchByteCount: Int) {
    self.labels = labels
    scratch = PageBuffer(byteCount: scratchByteCount)
  }

  /// Hands rows to `work`, so many at a time as there is room for, with the labels of each.
  ///
  /// - Parameter work: Returns how many rows were done: all, or those before the first that is invalid.
  /// - Returns: How many were done of all.
  func work(
    on rows: RowSpan,
    _ work: (
      _ start: UnsafeRawPointer, _ count: Int, _ labels: UnsafePointer<Int32>, _ first: Int,
      _ scratch: UnsafeMutableRawPointer
    ) -> Int
  ) throws -> Int {
    guard let memory = scratch.bytes.baseAddress else { preconditionFailure("a kernel needs memory") }
    var done = 0
    while done < rows.count {
      let first = rows.first + done
      let count = min(Self.mostRows, rows.count - done)
      try labels.forEachPart(of: first..<first + count) { start, part in
        for (index, label) in part.enumerated() { values.start[start - first + index] = label }
      }
      let finished = work(rows.start + done * rows.rowByteCount, count, values.start, first, memory)
      done += finished
      guard finished == count else { break }
    }
    return done
  }
}
