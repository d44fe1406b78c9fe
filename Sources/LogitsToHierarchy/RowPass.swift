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
        let ahead = max(workers, Self.readAheadBytes / plan.blockByteCount)
        while let index = next() {
          let block = plan[index]
          let later = index + ahead < plan.count ? plan[index + ahead].slice : nil
          let rowByteCount = try reader.read(block.slice, later: later) { rows, input in
            try tally(rows, input, offset: block.offset, into: shared)
            return input.rowByteCount
          }
          observer.didRead(rows: block.slice.rows.count, bytes: block.slice.rows.count * rowByteCount)
        }
      })
    guard isComplete else { throw BuildError.interrupted }
    return shared.result()
  }

  /// Finds the types that fit an input and tallies a block's rows with code made for them.
  private func tally(
    _ rows: RowBlock, _ input: LogitInput, offset: Int, into shared: SharedSums
  ) throws {
    func tally<Decoder: ElementDecoder>(_: Decoder.Type) throws where Decoder.Value: KernelValue {
      switch options.kind {
      case .logits, .logProbabilities:
        try self.tally(rows, input, offset: offset, Decoder.self, Decoder.Value.Logits.self, into: shared)
      case .probabilities:
        try self.tally(rows, input, offset: offset, Decoder.self, Decoder.Value.Probabilities.self, into: shared)
      }
    }
    switch (input.format.precision, input.format.isBigEndian) {
    case (.float16, false): try tally(Float16LittleEndian.self)
    case (.float16, true): try tally(Float16BigEndian.self)
    case (.bfloat16, false): try tally(BFloat16LittleEndian.self)
    case (.bfloat16, true): try tally(BFloat16BigEndian.self)
    case (.float32, false): try tally(Float32LittleEndian.self)
    case (.float32, true): try tally(Float32BigEndian.self)
    case (.float64, false): try tally(Float64LittleEndian.self)
    case (.float64, true): try tally(Float64BigEndian.self)
    }
  }

  private func tally<Decoder: ElementDecoder, Scale: LogitScale>(
    _ rows: RowBlock, _ input: LogitInput, offset: Int, _: Decoder.Type, _: Scale.Type, into shared: SharedSums
  ) throws where Decoder.Value == Scale.Value {
    let scale = Scale(temperature: options.temperature)
    let kernel = RowKernel(clusters: source.clusters, scale: scale)
    var sketch = sketches.map { RowSketch<Scale>(width: $0.rows.format.width, clusters: source.clusters) }
    var tally = Tally()
    var unwritten = rows.unwritten[...]
    for index in rows.rows {
      if let first = unwritten.first, first.contains(index) {
        guard options.invalidRows == .skip else {
          throw BuildError.neverWritten(place: input.place, rows: rows.unwritten)
        }
        tally.skippedRows += 1
        if index + 1 == first.upperBound { unwritten.removeFirst() }
        continue
      }
      let row = rows.row(index)
      if let outcome = kernel.outcome(row, Decoder.self, targets, sketch: &sketch, add: { tally.add($0) }) {
        tally.add(outcome)
        if let sketches {
          sketch?.store(in: sketches, row: offset + index - rows.rows.lowerBound, cluster: outcome.assignment)
        }
      } else if options.invalidRows == .skip {
        tally.skippedRows += 1
      } else {
        throw invalidRow(row, Decoder.self, Scale.self, input, index)
      }
      if tally.isFull { shared.add(&tally) }
    }
    shared.add(&tally)
  }

  /// What is wrong with a row that the kernel refused.
  private func invalidRow<Decoder: ElementDecoder, Scale: LogitScale>(
    _ pointer: UnsafeRawPointer, _: Decoder.Type, _: Scale.Type, _ input: LogitInput, _ row: Int
  ) -> BuildError where Decoder.Value == Scale.Value {
    for column in 0..<source.clusters {
      let value = Decoder.load(pointer + column * Decoder.stride)
      var valid = SIMDMask<SIMD16<Scale.Value.SIMDMaskScalar>>(repeating: true)
      Scale.check(SIMD16(repeating: value), &valid)
      if !valid[0] {
        return .invalidLogit(
          place: input.place, row: input.name(ofRow: row), column: column, value: Double(value), kind: options.kind)
      }
    }
    return .noFiniteLogit(place: input.place, row: input.name(ofRow: row), kind: options.kind)
  }
}
