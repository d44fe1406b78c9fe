/// The format of rows, and what their numbers stand for.
package struct RowForm: Sendable {
  package let numbers: NumberFormat
  package let clusters: Int
  package let isProbability: Bool
  package let temperature: Double

  /// The largest number that passes for a probability. It allows for rounding to 16 bits, but not for logits.
  @inlinable package static var largestProbability: Double { 1.001 }

  package init(numbers: NumberFormat, clusters: Int, isProbability: Bool, temperature: Double) {
    self.numbers = numbers
    self.clusters = clusters
    self.isProbability = isProbability
    self.temperature = temperature
  }
}
