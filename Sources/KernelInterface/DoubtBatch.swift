/// Sketches of rows, and the address for what is missing of each row's predicted probability to certainty.
package struct DoubtBatch {
  package let isDouble: Bool
  package let isProbability: Bool
  package let temperature: Double
  package let sketches: SketchPointers
  package let count: Int

  /// 1 − g of each row, in multiples of 2^-40.
  package let doubts: UnsafeMutablePointer<UInt64>

  package init(
    isDouble: Bool, isProbability: Bool, temperature: Double, sketches: SketchPointers, count: Int,
    doubts: UnsafeMutablePointer<UInt64>
  ) {
    self.isDouble = isDouble
    self.isProbability = isProbability
    self.temperature = temperature
    self.sketches = sketches
    self.count = count
    self.doubts = doubts
  }
}
