import FoundationEssentials
import Glibc

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

  /// Whether the promise holds if the mean loss of so many blocks is this, each the part of its rows that is wrong.
  ///
  /// Losses between 0 and 1 scatter no more than those that are 0 or 1, by the bound of Hoeffding and Bentkus (Bates et al.
  /// 2021, section 3.1.2).
  package func isKept(meanLoss: Double, blocks: Int) -> Bool {
    let most = 1 - accuracy
    guard meanLoss < most else { return false }
    let n = Double(blocks)
    func term(_ a: Double, _ b: Double) -> Double { a > 0 ? a * log(a / b) : 0 }
    let hoeffding = exp(-n * (term(meanLoss, most) + term(1 - meanLoss, accuracy)))
    let hits = Int((n * meanLoss).rounded(.up))
    let bentkus = exp(1) * BinomialTail(draws: blocks, probability: most).atMost(hits)
    return min(hoeffding, bentkus) <= 1 - certainty
  }
}
