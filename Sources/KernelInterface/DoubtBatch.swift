/// Sketches of rows, and the address for what is missing of each row's predicted probability to certainty.
package struct DoubtBatch {
  /// What is written of each row, in multiples of 2^-40.
  package enum Figures {
    /// One number: 1 − g.
    case doubts(UnsafeMutablePointer<UInt64>)
    /// What 1 − g consists of, a number for each kept logit: the predicted probability of its cluster. The first, which is the
    /// row's own cluster's, has that of all clusters that are not kept in its place.
    case parts(UnsafeMutablePointer<UInt64>)
  }

  package let isDouble: Bool
  package let isProbability: Bool
  package let temperature: Double
  package let sketches: SketchPointers
  package let count: Int
  package let figures: Figures

  package init(
    isDouble: Bool, isProbability: Bool, temperature: Double, sketches: SketchPointers, count: Int, figures: Figures
  ) {
    self.isDouble = isDouble
    self.isProbability = isProbability
    self.temperature = temperature
    self.sketches = sketches
    self.count = count
    self.figures = figures
  }
}
