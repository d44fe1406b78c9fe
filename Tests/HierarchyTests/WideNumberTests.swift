import Hierarchy
import TestSupport
import Testing

@Suite("Numbers of 128 bits as floating-point numbers")
struct WideNumberTests {
  /// As the standard library converts any integer.
  private func converted(_ value: some BinaryInteger) -> Double { Double(value) }

  @Test("They are rounded as the standard library rounds them, also in the middle between two", arguments: 1...3)
  func rounding(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    for bits in 0...128 {
      let most = bits == 128 ? UInt128.max : (1 << bits) - 1
      for _ in 0..<200 {
        let value = UInt128.random(in: 0...most, using: &generator)
        // Numbers with 53, 54 and 55 bits and what is next to them: exact, in the middle, and beside it.
        let middle = (value >> 73) << max(0, bits - 55)
        for value in [value, most - value, middle, middle &+ 1, middle &- 1] {
          #expect(Double(value) == converted(value), "\(value)")
        }
      }
    }
  }
}
