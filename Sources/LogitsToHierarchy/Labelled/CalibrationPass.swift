import Hierarchy
import KernelInterface
import LogitStream
import Synchronization

/// Finds at which confidences labelled rows are placed at nodes that their labels are not below, in one pass.
package struct CalibrationPass: Sendable {
  private let pass: LabelledPass
  private let tree: NodeBuffers
  private let labels: LabelBuffers
  private let thresholds: FixedBuffer<Double>

  /// - Throws: ``BuildError/notEnoughMemory(needed:given:clusters:)``
  package init(
    _ source: LogitSource, _ hierarchy: ClusterHierarchy, _ labels: RowLabels, resources: RunResources,
    observer: any BuildObserver
  ) throws(BuildError) {
    precondition(source.clusters == hierarchy.clusters.count)
    let confidences = ConfidenceGrid.confidences
    pass = try LabelledPass(
      source, labels, byteCount: 3 * 8 * confidences.count, resources: resources, observer: observer)
    tree = NodeBuffers(hierarchy)
    thresholds = FixedBuffer(confidences)
    var positions = [Int?](repeating: nil, count: hierarchy.clusters.count)
    for (position, leaf) in hierarchy.leaves(below: hierarchy.root).enumerated() { positions[leaf] = position }
    // A cluster that is not in the tree is below no node.
    self.labels = LabelBuffers(labels.clusters.map { $0.compactMap { positions[$0] } })
  }

  /// Counts all rows with a label.
  ///
  /// - Parameter blocks: For each row the block that it belongs to. Then four bytes of each row are kept.
  /// - Throws: ``BuildError``, ``LogitStreamError``; what reading labels throws.
  package func run(_ meaning: RowMeaning, _ split: RowSplit, blocks: [Int64]? = nil) throws -> CalibrationCounts {
    precondition(blocks.map { $0.count == pass.source.rows } ?? true)
    let counts = SharedCalibrationCounts(
      confidences: thresholds.count, split, rows: blocks == nil ? nil : pass.source.rows)
    try pass.run(meaning) { [pass, tree, labels, thresholds] in
      CalibrationWorker(
        counts, tree: tree, labels, thresholds,
        LabelledBatches(
          pass.labels,
          scratchByteCount: ProcessorKernel.best.placementScratchByteCount(clusters: pass.source.clusters)))
    }
    guard let blocks, let rows = counts.rows else { return counts.counts }
    return CalibrationCounts(
      UnsafeBufferPointer(start: rows.start, count: rows.count), blocks, split, confidences: thresholds.count)
  }
}

private final class SharedCalibrationCounts: Sendable {
  private let state: Mutex<CalibrationCounts>
  private let split: RowSplit
  /// For each row at how many confidences it is wrong, if that is to be kept. Each row is one worker's to write.
  let rows: FixedBuffer<Int32>?

  init(confidences: Int, _ split: RowSplit, rows: Int?) {
    state = Mutex(CalibrationCounts(confidences: confidences))
    self.split = split
    self.rows = rows.map { FixedBuffer(repeating: -1, count: $0) }
  }

  var counts: CalibrationCounts { state.withLock { $0 } }

  /// Counts rows from `first` on, each by how many confidences it is wrong at; −1 for rows without a label.
  func add(_ wrong: UnsafeBufferPointer<Int32>, from first: Int) {
    if let rows {
      for (index, wrong) in wrong.enumerated() { rows.start[first + index] = wrong }
      return
    }
    state.withLock { counts in
      for (index, wrong) in wrong.enumerated() where wrong >= 0 {
        if split.chooses(first + index) {
          counts.chosen.add(row: Int(wrong))
        } else {
          counts.others.add(row: Int(wrong))
        }
      }
    }
  }
}

private final class CalibrationWorker: RowWorker {
  private let counts: SharedCalibrationCounts
  private let tree: NodeBuffers
  private let labels: LabelBuffers
  private let thresholds: FixedBuffer<Double>
  private let batches: LabelledBatches
  private let wrong = FixedBuffer<Int32>(repeating: -1, count: LabelledBatches.mostRows)

  init(
    _ counts: SharedCalibrationCounts, tree: NodeBuffers, _ labels: LabelBuffers,
    _ thresholds: FixedBuffer<Double>, _ batches: LabelledBatches
  ) {
    self.counts = counts
    self.tree = tree
    self.labels = labels
    self.thresholds = thresholds
    self.batches = batches
  }

  func work(on rows: RowSpan) throws -> Int {
    try batches.work(on: rows) { start, count, values, first, scratch in
      let done = ProcessorKernel.best.calibrate(
        CalibrationBatch(
          form: rows.form, rows: start, count: count, rowByteCount: rows.rowByteCount, tree: tree.table,
          labels: labels.table(values), thresholds: thresholds.start, thresholdCount: thresholds.count,
          scratch: scratch, wrong: wrong.start))
      counts.add(UnsafeBufferPointer(start: wrong.start, count: done), from: first)
      return done
    }
  }

  func skip(_ rows: Range<Int>, unwritten: Bool) {}

  func finish(_ rows: Range<Int>) {}
}
