/// Sketches of rows, and the address for what each row's doubt consists of.
package struct DoubtPartsBatch {
  package let isDouble: Bool
  package let isProbability: Bool
  package let temperature: Double
  package let sketches: SketchPointers
  package let count: Int

  /// For each row a number for each kept logit, in multiples of 2^-40: the predicted probability of its cluster. The first,
  /// which is the row's own cluster's, has that of all clusters that are not kept in its place.
  package let parts: UnsafeMutablePointer<UInt64>

  package init(
    isDouble: Bool, isProbability: Bool, temperature: Double, sketches: SketchPointers, count: Int,
    parts: UnsafeMutablePointer<UInt64>
  ) {
    self.isDouble = isDouble
    self.isProbability = isProbability
    self.temperature = temperature
    self.sketches = sketches
    self.count = count
    self.parts = parts
  }
}
