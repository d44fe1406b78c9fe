import Algorithms

/// A confidence that keeps a promise, with what labelled rows tell of it.
package struct Calibration: Sendable {
  package let promise: AccuracyPromise
  package let confidence: Double
  /// The rows that it was chosen on, and those of them that it leaves wrong.
  package let rows: Int
  package let wrong: Int
  /// Other labelled rows, which had no say, and those of them that are wrong.
  package let otherRows: Int
  package let otherWrong: Int
  /// The blocks of the ones and the others; nil if rows count alone.
  package let blocks: (chosen: Int, others: Int)?
  /// The part of the other rows that is right, or its mean over the other blocks; nil if there are none.
  package let accuracyOfOthers: Double?

  /// The least confidence that keeps a promise.
  ///
  /// A row that is wrong at one confidence is wrong at all lower ones, so the part of wrong rows falls as the confidence
  /// rises. Then the least confidence whose bound keeps the promise, and with it all higher ones, keeps it with the certainty
  /// of a single bound (Bates et al., "Distribution-free, risk-controlling prediction sets", J. ACM 68, 2021, theorem 1).
  ///
  /// - Throws: ``CalibrationError``
  package init(_ counts: CalibrationCounts, keeping promise: AccuracyPromise) throws(CalibrationError) {
    let confidences = ConfidenceGrid.confidences
    let (chosen, others) = (counts.chosen, counts.others)
    let independent = chosen.blocks ?? chosen.count
    let most = promise.mostWrong(of: independent)
    guard independent > 0, let most else {
      throw .tooFewRows(
        found: independent, areBlocks: chosen.blocks != nil, needed: promise.fewestRows, promise)
    }
    func keeps(_ index: Int) -> Bool {
      guard let blocks = chosen.blocks else { return chosen.wrong(at: index) <= most }
      return chosen.loss(at: index).map { promise.isKept(meanLoss: $0, blocks: blocks) } ?? false
    }
    let last = confidences.count - 1
    guard keeps(last) else {
      throw .unreachable(wrong: chosen.wrong(at: last), strange: chosen.strange, of: chosen.count, promise)
    }
    // The first that keeps it: those before it don't.
    let index = confidences.indices.partitioningIndex(where: keeps)
    self.promise = promise
    confidence = confidences[index]
    rows = chosen.count
    wrong = chosen.wrong(at: index)
    otherRows = others.count
    otherWrong = others.wrong(at: index)
    blocks = chosen.blocks.flatMap { chosen in others.blocks.map { (chosen, $0) } }
    accuracyOfOthers = others.loss(at: index).map { 1 - $0 }
  }
}
