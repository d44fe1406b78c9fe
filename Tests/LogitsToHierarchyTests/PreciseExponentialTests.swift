import Foundation
import TestSupport
import Testing

@testable import KernelUnderTest

@Suite("The exponential in double precision")
struct PreciseExponentialTests {
  @Test("It is right to a few units in the last place, from −708 to 700", arguments: seeds(4))
  func random(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    for _ in 0..<2000 {
      let scales: [Double] = [1e-6, 0.1, 1, 30, 700]
      let scale = scales.randomElement(using: &random) ?? 1
      let numbers = (0..<16).map { _ in Double.random(in: -scale...scale, using: &random) }
      let results = preciseExponential(SIMD16(numbers))
      for (lane, number) in numbers.enumerated() {
        let expected: Double = Foundation.exp(number)
        let error: Double = abs(results[lane] - expected)
        #expect(error <= 1e-15 * expected, "of \(number)")
      }
    }
  }

  @Test("What is out of range is 0, or large")
  func ends() {
    let results = preciseExponential(
      SIMD16([-.infinity, -800, -708.5, 0, 1000, .infinity] + Array(repeating: 0, count: 10)))
    #expect(results[0] == 0 && results[1] == 0 && results[2] == 0)
    #expect(results[3] == 1)
    #expect(results[4] > 1e300 && results[5] > 1e300)
  }
}
