import KernelInterface
import LogitStream
import Threads

/// One reading of rows of a source, block by block, by several workers: what is the same whatever is done with the rows.
struct BlockPass: Sendable {
  let readers: SourceReaders
  let plan: BlockPlan
  let workers: Int
  var meaning: RowMeaning
  let observer: any BuildObserver

  private var source: LogitSource { readers.source }
  /// How many bytes to have asked a slow disk for beyond what is being worked on.
  private static let readAheadBytes = 16 << 20

  /// Reads all rows of the plan, or those of them that are wanted.
  ///
  /// - Parameters:
  ///   - wanted: The rows of a block to read, counted in its input; nil for all of them.
  ///   - makeWorker: Is called once on each thread.
  /// - Throws: ``BuildError``, ``LogitStreamError``; of several bad rows, the first is named. What workers throw.
  func run<Worker: RowWorker>(
    wanted: @escaping @Sendable (BlockPlan.Block) -> [Range<Int>]? = { _ in nil },
    _ makeWorker: @escaping @Sendable () -> Worker
  ) throws {
    if !Worker.takesParts { try source.checkHasWholeRows() }
    try forEachItem(
      plan.count, workers: workers, shouldStop: { observer.shouldStop },
      work: { next in
        do {
          try takeBlocks(next, wanted: wanted, makeWorker())
        } catch {
          // Other workers may wait for rows that come late, or never. All before the one that failed have come.
          source.stream?.giveUp()
          throw error
        }
      })
  }

  /// What one worker does: block after block, until there are no more.
  private func takeBlocks(
    _ next: () -> Int?, wanted: (BlockPlan.Block) -> [Range<Int>]?, _ worker: some RowWorker
  ) throws {
    var reader = BlockReader(readers)
    let ahead = max(workers, Self.readAheadBytes / plan.blockByteCount)
    while let index = next() {
      let block = plan[index]
      let rows = wanted(block)
      var count = block.slice.rows.count
      if rows?.isEmpty != true {
        let later = index + ahead < plan.count ? plan[index + ahead].slice : nil
        let unwritten: Int? = try reader.read(block.slice, wanted: rows, later: later) { read, input in
          // Of a stream that ends there are fewer.
          count = read.rows.count
          for part in rows ?? [read.rows] {
            if let row = try work(on: part, of: read, input, offset: block.offset, worker) { return row }
          }
          return nil
        }
        if let unwritten { throw try readers.neverWritten(from: unwritten, in: block.slice) }
      }
      try worker.finish(block.offset..<block.offset + count)
      observer.didRead(rows: count, bytes: count * source.inputs[block.slice.input].rowByteCount)
    }
  }

  /// Works on rows of a block, and leaves out those that were never written, if that is wanted.
  ///
  /// - Parameter offset: How many of the plan's rows come before the block.
  /// - Returns: The first row that was never written, if such rows may not be left out.
  private func work(
    on part: Range<Int>, of block: RowBlock, _ input: LogitInput, offset: Int, _ worker: some RowWorker
  ) throws -> Int? {
    let gaps = gaps(part, of: block)
    if let first = gaps.first, meaning.invalidRows == .fail { return first.lowerBound }
    let number = offset - block.rows.lowerBound
    var next = part.lowerBound
    for gap in gaps {
      try work(onWritten: next..<gap.lowerBound, of: block, input, number: number, worker)
      worker.skip(gap.lowerBound + number..<gap.upperBound + number, unwritten: true)
      next = gap.upperBound
    }
    try work(onWritten: next..<part.upperBound, of: block, input, number: number, worker)
    return nil
  }

  /// The rows that count as never written.
  private func gaps(_ part: Range<Int>, of block: RowBlock) -> [Range<Int>] {
    switch meaning.fillRows {
    case .unwritten: block.neverWritten(part)
    case .logits: []
    }
  }

  /// Works on rows that were written, and leaves out those that are invalid, if that is wanted.
  ///
  /// - Parameter number: What a row's number among the plan's is more than that in the input.
  private func work(
    onWritten rows: Range<Int>, of block: RowBlock, _ input: LogitInput, number: Int, _ worker: some RowWorker
  ) throws {
    let form = RowForm(input, meaning)
    if !meaning.excludedColumns.isEmpty {
      block.overwrite(meaning.excludedColumns, of: rows, with: form.excludedNumber, as: input.format)
    }
    var row = rows.lowerBound
    while row < rows.upperBound {
      row += try worker.work(
        on: RowSpan(
          start: block.row(row), count: rows.upperBound - row, rowByteCount: block.rowStride, form: form,
          kind: meaning.kind, hasAllColumns: meaning.excludedColumns.isEmpty, first: row + number, input: input))
      guard row < rows.upperBound else { return }
      guard meaning.invalidRows == .skip else {
        throw worker.error(ofRow: row, at: block.row(row), form, meaning.kind, input)
      }
      worker.skip(row + number..<row + number + 1, unwritten: false)
      row += 1
    }
  }
}

extension RowForm {
  /// How the kernel is to take the rows of an input.
  init(_ input: LogitInput, _ meaning: RowMeaning) {
    self.init(
      numbers: NumberFormat(input.format), clusters: input.clusters, isProbability: meaning.kind == .probabilities,
      temperature: meaning.temperature)
  }

  /// A number that has no part in a row's softmax.
  var excludedNumber: Double { isProbability ? 0 : -.infinity }
}

extension NumberFormat {
  init(_ format: LogitFormat) {
    self =
      switch (format.precision, format.isBigEndian) {
      case (.float16, false): .float16
      case (.float16, true): .float16BigEndian
      case (.bfloat16, false): .bfloat16
      case (.bfloat16, true): .bfloat16BigEndian
      case (.float32, false): .float32
      case (.float32, true): .float32BigEndian
      case (.float64, false): .float64
      case (.float64, true): .float64BigEndian
      }
  }
}

extension LogitSource {
  /// Whether there are inputs that have only the largest logits of each row.
  package var hasTopK: Bool { inputs.contains { $0.topK != nil } }

  /// Makes sure that merges that sketches don't decide can be decided, by reading all logits of rows.
  ///
  /// - Throws: ``BuildError/undecided(steps:merges:kept:)``
  package func checkDecides(_ outcome: MergeLoop.Outcome) throws(BuildError) {
    guard let kept = inputs.compactMap({ $0.topK?.width }).min() else { return }
    throw .undecided(steps: outcome.guesses, merges: outcome.merges.count, kept: kept)
  }

  /// Makes sure that all logits of all rows are there.
  ///
  /// - Throws: ``BuildError/onlyLargest(location:kept:)``
  package func checkHasWholeRows() throws(BuildError) {
    for input in inputs {
      if let topK = input.topK { throw .onlyLargest(location: input.location, kept: topK.width) }
    }
  }
}
