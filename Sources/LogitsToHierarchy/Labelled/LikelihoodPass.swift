import KernelInterface
import LogitStream
import Synchronization

/// Finds how likely rows hold their labels, in one pass for each temperature.
package struct LikelihoodPass: Sendable {
  private let pass: LabelledPass
  private let labels: LabelBuffers

  /// - Throws: ``BuildError/notEnoughMemory(needed:given:clusters:)``
  package init(
    _ source: LogitSource, _ labels: RowLabels, resources: RunResources, observer: any BuildObserver
  ) throws(BuildError) {
    pass = try LabelledPass(source, labels, byteCount: 0, resources: resources, observer: observer)
    self.labels = LabelBuffers(labels.clusters)
  }

  /// Adds up all rows with a label, at the temperature of `meaning`.
  ///
  /// - Throws: ``BuildError``, ``LogitStreamError``; what reading labels throws.
  package func run(_ meaning: RowMeaning) throws -> LikelihoodSums {
    let shared = SharedLikelihoodSums()
    try pass.run(meaning) { [pass, labels] in
      LikelihoodWorker(
        shared, labels,
        LabelledBatches(
          pass.labels,
          scratchByteCount: ProcessorKernel.best.scratchByteCount(clusters: pass.source.clusters, sketchWidth: 0)))
    }
    return shared.sums
  }
}

private final class SharedLikelihoodSums: Sendable {
  private let state = Mutex(LikelihoodSums())

  var sums: LikelihoodSums { state.withLock { $0 } }

  func add(_ more: LikelihoodSums) { state.withLock { $0.add(more) } }
}

private final class LikelihoodWorker: RowWorker {
  private let sums: SharedLikelihoodSums
  private let labels: LabelBuffers
  private let batches: LabelledBatches
  private let likelihoods = FixedBuffer(
    repeating: RowLikelihood(finding: .nothing), count: LabelledBatches.mostRows)

  init(_ sums: SharedLikelihoodSums, _ labels: LabelBuffers, _ batches: LabelledBatches) {
    self.sums = sums
    self.labels = labels
    self.batches = batches
  }

  func work(on rows: RowSpan) throws -> Int {
    try batches.work(on: rows) { start, count, values, _, scratch in
      let done = ProcessorKernel.best.weigh(
        LikelihoodBatch(
          form: rows.form, rows: start, count: count, rowByteCount: rows.rowByteCount, labels: labels.table(values),
          scratch: scratch, likelihoods: likelihoods.start))
      var more = LikelihoodSums()
      for row in 0..<done { more.add(likelihoods.start[row]) }
      sums.add(more)
      return done
    }
  }

  func skip(_ rows: Range<Int>, unwritten: Bool) {}

  func finish(_ rows: Range<Int>) {}
}
