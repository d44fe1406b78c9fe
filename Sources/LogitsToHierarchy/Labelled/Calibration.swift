/// What accuracy is promised of the nodes that rows are assigned to, and how surely.
package struct AccuracyPromise: Sendable, Equatable {
  /// The part of rows whose label is below their node, at least.
  package var accuracy: Double
  /// The probability, over the labelled rows that happened to be there, that the promise holds.
  package var certainty: Double

  package init(accuracy: Double, certainty: Double) {
    precondition(accuracy > 0 && accuracy < 1 && certainty > 0 && certainty < 1)
    self.accuracy = accuracy
    self.certainty = certainty
  }

  /// The most wrong rows among so many that leave the promise: nil if these rows are too few.
  ///
  /// If the accuracy were lower than promised, so few wrong rows would come with a probability of at most 1 − certainty: the
  /// bound of Clopper and Pearson, Biometrika 26, 1934.
  package func mostWrong(of rows: Int) -> Int? {
    BinomialTail(draws: rows, probability: 1 - accuracy).mostHits(atLevel: 1 - certainty)
  }

  /// The fewest rows that can show that the promise holds, if all of them are right.
  package var fewestRows: Int {
    var (low, high) = (0, 1)
    while mostWrong(of: high) == nil { (low, high) = (high, 2 * high) }
    while high - low > 1 {
      let middle = low + (high - low) / 2
      if mostWrong(of: middle) == nil { low = middle } else { high = middle }
    }
    return high
  }
}

/// How many labelled rows are wrong at each confidence of ``ConfidenceGrid``, of those that the choice is made on and of
/// others.
package struct CalibrationCounts: Sendable, Equatable {
  /// At position c, the rows that are wrong at exactly the c smallest confidences.
  package internal(set) var chosen: [Int]
  package internal(set) var others: [Int]

  init(confidences: Int) {
    chosen = Array(repeating: 0, count: confidences + 1)
    others = chosen
  }
}

/// A confidence that keeps a promise, with what labelled rows tell of it.
package struct Calibration: Sendable, Equatable {
  package let promise: AccuracyPromise
  package let confidence: Double
  /// The rows that it was chosen on, and those of them that it leaves wrong.
  package let rows: Int
  package let wrong: Int
  /// Other labelled rows, which had no say, and those of them that are wrong.
  package let otherRows: Int
  package let otherWrong: Int

  /// The least confidence that keeps a promise.
  ///
  /// A row that is wrong at one confidence is wrong at all lower ones, so the part of wrong rows falls as the confidence
  /// rises. Then the least confidence whose bound keeps the promise, and with it all higher ones, keeps it with the certainty
  /// of a single bound (Bates et al., "Distribution-free, risk-controlling prediction sets", J. ACM 68, 2021, theorem 1).
  ///
  /// - Throws: ``CalibrationError``
  package init(_ counts: CalibrationCounts, keeping promise: AccuracyPromise) throws(CalibrationError) {
    let confidences = ConfidenceGrid.confidences
    let rows = counts.chosen.reduce(0, +)
    guard rows > 0, let most = promise.mostWrong(of: rows) else {
      throw .tooFewRows(found: rows, needed: promise.fewestRows, promise)
    }
    // Wrong at the confidence with index i are those that are wrong at more than i.
    var wrong = counts.chosen[confidences.count]
    guard wrong <= most else { throw .unreachable(wrong: wrong, of: rows, most: most, promise) }
    var index = confidences.count - 1
    while index > 0, wrong + counts.chosen[index] <= most {
      wrong += counts.chosen[index]
      index -= 1
    }
    self.promise = promise
    confidence = confidences[index]
    self.rows = rows
    self.wrong = wrong
    otherRows = counts.others.reduce(0, +)
    otherWrong = counts.others[(index + 1)...].reduce(0, +)
  }

  /// The part of the other rows that is right; nil if there are none.
  package var accuracyOfOthers: Double? { otherRows > 0 ? 1 - Double(otherWrong) / Double(otherRows) : nil }
}
