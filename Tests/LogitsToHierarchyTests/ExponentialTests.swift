import Foundation
import TestSupport
import Testing

@testable import KernelUnderTest

@Suite("Exponential and logarithm")
struct ExponentialTests {
  /// The largest relative error over sixteen numbers, against the double-precision function.
  private func exponentialError(_ numbers: [Float]) -> Double {
    let results = exponential(SIMD16(numbers))
    return (0..<16).map { lane in
      let expected = exp(Double(numbers[lane]))
      return abs(Double(results[lane]) - expected) / expected
    }.max() ?? 0
  }

  @Test("The exponential is right to 2e-7 from −87 to 0", arguments: 0..<8)
  func exponentialGrid(part: Int) {
    let points = 9600
    var worst = (error: 0.0, at: Float(0))
    for start in stride(from: part * points, to: (part + 1) * points, by: 16) {
      let numbers = (start..<start + 16).map { -87 * Float($0) / Float(8 * points - 1) }
      let error = exponentialError(numbers)
      if error > worst.error { worst = (error, numbers[0]) }
    }
    #expect(worst.error < 2e-7, "near \(worst.at)")
  }

  @Test("The exponential is right on both sides of each change of the power of two")
  func exponentialBorders() {
    var worst = 0.0
    for n in 0..<125 {
      let border = -Float((Double(n) + 0.5) * M_LN2)
      var numbers = [border]
      for _ in 0..<7 { numbers.append(numbers[numbers.count - 1].nextUp) }
      numbers.append(border.nextDown)
      for _ in 0..<7 { numbers.append(numbers[numbers.count - 1].nextDown) }
      worst = max(worst, exponentialError(numbers))
    }
    #expect(worst < 2e-7)
  }

  @Test("The exponential of 0 is 1, and of the very small nothing")
  func exponentialEnds() {
    let numbers: [Float] = [
      0, -0.0, -.infinity, -87.7, -88, -100, -104, -1000, -1e10, -1e20, -1e30, -.greatestFiniteMagnitude,
      -.leastNonzeroMagnitude, -.leastNormalMagnitude, -1e-20, -1e-9,
    ]
    let results = exponential(SIMD16(numbers))
    for lane in 0..<16 {
      #expect(results[lane] == (numbers[lane] > -1 ? 1 : 0), "exp(\(numbers[lane]))")
    }
    let smallest = exponential(SIMD16(repeating: -87.3))[0]
    #expect(smallest > 0 && smallest < 1.3e-38)
  }

  @Test("The exponential of one number is right to 2e-7 where rounding the number would lose more")
  func scalarExponential() {
    var worst = 0.0
    for step in 0..<5000 {
      let x = -87 * (Double(step) + 1.0 / 3) / 5000
      worst = max(worst, abs(exponential(x) - exp(x)) / exp(x))
    }
    #expect(worst < 2e-7)
    #expect(exponential(0.0) == 1)
    #expect([-87.31, -1000, -1e300, -.infinity].allSatisfy { exponential($0) == 0 })
  }

  private func logarithmError(_ numbers: [Double]) -> Double {
    let results = logarithm(SIMD16(numbers))
    return (0..<16).map { lane in
      let expected = log(numbers[lane])
      let error = abs(results[lane] - expected)
      return expected == 0 ? error : error / abs(expected)
    }.max() ?? 0
  }

  @Test("The logarithm is right to 1e-15 over all octaves, subnormal numbers too")
  func logarithmOctaves() {
    var worst = (error: 0.0, octave: 0)
    for octave in -1074...(-1) {
      let numbers = (0..<16).map { Double(sign: .plus, exponent: octave, significand: 1 + Double($0) / 16 + 0.003) }
      let error = logarithmError(numbers)
      if error > worst.error { worst = (error, octave) }
    }
    #expect(worst.error < 1e-15, "at 2^\(worst.octave)")
  }

  @Test("The logarithm keeps its digits close to 1")
  func logarithmNearOne() {
    var worst = 0.0
    for exponent in 1...53 {
      let numbers = (0..<16).map { 1 - Double(sign: .plus, exponent: -exponent, significand: 1 + Double($0) / 16) / 2 }
      worst = max(worst, logarithmError(numbers))
      worst = max(worst, logarithmError(numbers.map { min(2 - $0, 1.001) }))
    }
    #expect(worst < 1e-15)
  }

  @Test("The logarithm of 1 is 0, and of 0 −∞")
  func logarithmEnds() {
    #expect(logarithm(SIMD16(repeating: 1))[3] == 0)
    #expect(logarithm(SIMD16(repeating: 0))[3] == -.infinity)
    #expect(logarithm(SIMD16(repeating: -0.0))[3] == -.infinity)
  }

  @Test("One number's term and reference are those of a lane, to the bit", arguments: seeds(4))
  func oneOfSixteen(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    for _ in 0..<2000 {
      let scale: Float = [1, 30, 1000, 1e8].randomElement(using: &random) ?? 1
      let temperature: Double = [1, 0.5, 1.7].randomElement(using: &random) ?? 1
      let unit = TermUnit(clusters: [10, 1000, 200_000].randomElement(using: &random) ?? 10)
      let highest = Float.random(in: -scale...scale, using: &random)
      let value = highest - Float.random(in: 0...min(scale, 200), using: &random)
      let (single, double) = (Float.Logits(temperature: temperature), Double.Logits(temperature: temperature))
      let reference = single.reference(for: value, below: highest, unit)
      #expect(reference == single.references(for: .init(repeating: value), below: .init(repeating: highest), unit)[0])
      #expect(
        single.term(value, relativeTo: reference)
          == single.preciseTerms(.init(repeating: value), relativeTo: .init(repeating: reference))[0])
      let (wide, top) = (Double(value) + 1e-9, Double(highest) + 1e-9)
      let wideReference = double.reference(for: wide, below: top, unit)
      #expect(wideReference == double.references(for: .init(repeating: wide), below: .init(repeating: top), unit)[0])
      #expect(
        double.term(wide, relativeTo: wideReference)
          == double.preciseTerms(.init(repeating: wide), relativeTo: .init(repeating: wideReference))[0])
    }
  }
}
