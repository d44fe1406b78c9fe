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
        while let index = next() {
          let block = plan[index]
          let byteCount = try reader.read(block.slice) { bytes, input in
            try tally(bytes, input, block, into: shared)
            return bytes.count
          }
          observer.didRead(rows: block.slice.rows.count, bytes: byteCount)
        }
      })
    guard isComplete else { throw BuildError.interrupted }
    return shared.result()
  }

  /// Finds the types that fit an input and tallies a block's rows with code made for them.
  private func tally(
    _ bytes: UnsafeRawBufferPointer, _ input: LogitInput, _ block: BlockPlan.Block, into shared: SharedSums
  ) throws {
    func tally<Decoder: ElementDecoder>(_: Decoder.Type) throws where Decoder.Value: KernelValue {
      switch options.kind {
      case .logits, .logProbabilities:
        try self.tally(bytes, input, block, Decoder.self, Decoder.Value.Logits.self, into: shared)
      case .probabilities:
        try self.tally(bytes, input, block, Decoder.self, Decoder.Value.Probabilities.self, into: shared)
      }
    }
    switch (input.format.precision, input.format.isBigEndian) {
    case (.float16, false): try tally(Float16LittleEndian.self)
    case (.float16, true): try tally(Float16BigEndian.self)
    case (.float32, false): try tally(Float32LittleEndian.self)
    case (.float32, true): try tally(Float32BigEndian.self)
    case (.float64, false): try tally(Float64LittleEndian.self)
    case (.float64, true): try tally(Float64BigEndian.self)
    }
  }

  private func tally<Decoder: ElementDecoder, Scale: LogitScale>(
    _ bytes: UnsafeRawBufferPointer, _ input: LogitInput, _ block: BlockPlan.Block, _: Decoder.Type, _: Scale.Type,
    into shared: SharedSums
  ) throws where Decoder.Value == Scale.Value {
    guard let start = bytes.baseAddress else { return }
    let scale = Scale(temperature: options.temperature)
    let kernel = RowKernel(clusters: source.clusters, scale: scale)
    var sketch = sketches.map { RowSketch<Scale>(width: $0.rows.format.width, clusters: source.clusters) }
    var tally = Tally()
    for index in 0..<block.slice.rows.count {
      let row = start + index * input.rowByteCount
      if let outcome = kernel.outcome(row, Decoder.self, targets, sketch: &sketch, add: { tally.add($0) }) {
        tally.add(outcome)
        if let sketches { sketch?.store(in: sketches, row: block.offset + index, cluster: outcome.assignment) }
      } else if options.invalidRows == .skip {
        tally.skippedRows += 1
      } else {
        throw invalidRow(row, Decoder.self, Scale.self, input, block.slice.rows.lowerBound + index)
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
          file: input.file, dataset: input.dataset, row: row, column: column, value: Double(value), kind: options.kind)
      }
    }
    return .noFiniteLogit(file: input.file, dataset: input.dataset, row: row, kind: options.kind)
  }
}
