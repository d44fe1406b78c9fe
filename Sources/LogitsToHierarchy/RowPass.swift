import LogitStream

/// The groups that a pass computes reassigned probabilities for; no two of them share a cluster.
struct PassTargets: Sendable {
  let groups: [Group]
  /// The index among `groups` of the one each cluster is in; −1 where it is in none.
  let slots: [Int32]

  init(_ groups: [Group], clusters: Int) {
    self.groups = groups
    var slots = [Int32](repeating: -1, count: clusters)
    for (slot, group) in groups.enumerated() {
      for cluster in group.clusters {
        precondition(slots[cluster] < 0, "groups of one pass share no cluster")
        slots[cluster] = Int32(slot)
      }
    }
    self.slots = slots
  }

  /// Each cluster by itself.
  static func singletons(clusters: Int) -> PassTargets {
    PassTargets((0..<clusters).map { Group([$0]) }, clusters: clusters)
  }
}

/// What a pass over all rows gives.
struct PassResult: Sendable {
  let statistics: ClusterStatistics
  let evidence: Evidence
  /// Rows left out since they are invalid.
  let skippedRows: Int
}

/// One pass over a source: the counts and certainty of its clusters, and exact R[G] of the groups it is given.
struct RowPass: Sendable {
  let source: LogitSource
  let options: BuildOptions
  let targets: PassTargets
  let plan: BlockPlan
  /// The pass's number, for reports.
  let number: Int
  let observer: any BuildObserver

  /// Reads all rows.
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
          let progress = try reader.read(block) { bytes, input in
            try tally(bytes, input, block, into: shared)
            return shared.finishBlock(rows: block.rows.count, bytes: bytes.count)
          }
          observer.report(
            BuildProgress(pass: number, rows: progress.rows, totalRows: source.rows, bytes: progress.bytes))
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
    let kernel = RowKernel(clusters: source.clusters, scale: Scale(temperature: options.temperature))
    var tally = Tally()
    for index in 0..<block.rows.count {
      let row = start + index * input.rowByteCount
      if let outcome = kernel.outcome(row, Decoder.self, targets) {
        tally.add(outcome)
      } else if options.invalidRows == .skip {
        tally.skippedRows += 1
      } else {
        throw invalidRow(row, Decoder.self, Scale.self, input, block.rows.lowerBound + index)
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
