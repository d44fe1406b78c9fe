/// A scalar type the row kernel computes on: `Float` or `Double`.
///
/// The vector operations are spelled out for each, since Swift's SIMD operators in generic code are loops over lanes.
protocol KernelValue: SIMDScalar, BinaryFloatingPoint, Codable, Sendable {
  associatedtype Logits: LogitScale where Logits.Value == Self
  associatedtype Probabilities: LogitScale where Probabilities.Value == Self

  static func maximum(_ a: SIMD16<Self>, _ b: SIMD16<Self>) -> SIMD16<Self>
  static func minimum(_ a: SIMD16<Self>, _ b: SIMD16<Self>) -> SIMD16<Self>
  static func firstLane(of value: Self, in values: SIMD16<Self>) -> Int?
  static func count(_ values: SIMD16<Self>, atLeast least: Self) -> Int
  static func count(_ values: UnsafePointer<SIMD16<Self>>, _ vectors: Int, above bound: Self) -> Int
  /// The lanes that hold at least `least`, lane i as bit i.
  static func lanes(of values: SIMD16<Self>, atLeast least: Self) -> UInt32
}

/// What the numbers of a source stand for, and how softmax terms come from them.
///
/// There are two: logits (log-probabilities are logits too), and probabilities, whose logarithms are logits. A
/// difference of logits, or a quotient of probabilities, is taken first, in the source's own type, from the numbers as
/// they were read: two logits near −1500 differ exactly in `Float`, but no longer after a third was subtracted from both.
protocol LogitScale: Sendable {
  associatedtype Value: KernelValue

  /// Clears the lanes of `valid` whose values may not stand in a row.
  static func check(_ values: SIMD16<Value>, _ valid: inout SIMDMask<SIMD16<Value.SIMDMaskScalar>>)

  /// The value of a masked cluster, and of padding: no valid value is smaller, and its term is 0.
  static var excluded: Value { get }

  init(temperature: Double)

  /// exp((ℓ_value − ℓ_reference) / temperature), lane by lane, for values not above `reference`.
  func terms(_ values: SIMD16<Value>, relativeTo reference: Value) -> SIMD16<Float>

  /// The same of one value, which keeps its relative error below 1e-6 however small it is: nothing is rounded to
  /// `Float` before the exponential.
  func term(_ value: Value, relativeTo reference: Value) -> Double
}

extension Float: KernelValue {
  @inline(__always)
  static func maximum(_ a: SIMD16<Float>, _ b: SIMD16<Float>) -> SIMD16<Float> { a.replacing(with: b, where: b .> a) }

  @inline(__always)
  static func minimum(_ a: SIMD16<Float>, _ b: SIMD16<Float>) -> SIMD16<Float> { a.replacing(with: b, where: b .< a) }

  @inline(__always)
  static func count(_ values: SIMD16<Float>, atLeast least: Float) -> Int {
    -Int(sum(unsafeBitCast(values .>= least, to: SIMD16<Int32>.self)))
  }

  @inline(__always)
  static func count(_ values: UnsafePointer<SIMD16<Float>>, _ vectors: Int, above bound: Float) -> Int {
    var counts = SIMD16<Int32>(repeating: 0)
    for index in 0..<vectors { counts = counts &+ unsafeBitCast(values[index] .> bound, to: SIMD16<Int32>.self) }
    return -Int(sum(counts))
  }

  @inline(__always)
  private static func sum(_ counts: SIMD16<Int32>) -> Int32 {
    let eight = counts.lowHalf &+ counts.highHalf
    let four = eight.lowHalf &+ eight.highHalf
    let two = four.lowHalf &+ four.highHalf
    return two[0] &+ two[1]
  }

  @inline(__always)
  static func lanes(of values: SIMD16<Float>, atLeast least: Float) -> UInt32 {
    let reached = values .>= least
    guard any(reached) else { return 0 }
    let bits = SIMD16<Int32>(1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384, 32768)
    let found = unsafeBitCast(reached, to: SIMD16<Int32>.self) & bits
    let eight = found.lowHalf | found.highHalf
    let four = eight.lowHalf | eight.highHalf
    let two = four.lowHalf | four.highHalf
    return UInt32(truncatingIfNeeded: two[0] | two[1])
  }

  @inline(__always)
  static func firstLane(of value: Float, in values: SIMD16<Float>) -> Int? {
    let found = values .== value
    guard any(found) else { return nil }
    return (0..<16).first { found[$0] }
  }

  struct Logits: LogitScale {
    let temperature: Double
    /// The temperature for vectors. Within bounds that `Float` can tell from 0 and infinity, which would make NaN.
    private let divisor: Float

    init(temperature: Double) {
      self.temperature = temperature
      divisor = Float(min(max(temperature, 0x1p-100), 0x1p100))
    }

    static var excluded: Float { -.infinity }

    @inline(__always)
    static func check(_ values: SIMD16<Float>, _ valid: inout SIMDMask<SIMD16<Int32>>) {
      valid = (valid .& (values .< .infinity))
    }

    @inline(__always)
    func terms(_ values: SIMD16<Float>, relativeTo reference: Float) -> SIMD16<Float> {
      let difference = values - reference
      return exponential(temperature == 1 ? difference : difference / divisor)
    }

    @inline(__always)
    func term(_ value: Float, relativeTo reference: Float) -> Double {
      exponential((Double(value) - Double(reference)) / temperature)
    }
  }

  struct Probabilities: LogitScale {
    let temperature: Double

    static var excluded: Float { 0 }

    @inline(__always)
    static func check(_ values: SIMD16<Float>, _ valid: inout SIMDMask<SIMD16<Int32>>) {
      valid = (valid .& (values .>= 0) .& (values .<= Float(largestProbability)))
    }

    @inline(__always)
    func terms(_ values: SIMD16<Float>, relativeTo reference: Float) -> SIMD16<Float> {
      if temperature == 1 { return values / reference }
      return exponential(SIMD16<Float>(exponents(SIMD16<Double>(values), Double(reference), temperature)))
    }

    @inline(__always)
    func term(_ value: Float, relativeTo reference: Float) -> Double {
      if temperature == 1 { return Double(value) / Double(reference) }
      return exponential(exponents(SIMD16(repeating: Double(value)), Double(reference), temperature)[0])
    }
  }
}

extension Double: KernelValue {
  @inline(__always)
  static func maximum(_ a: SIMD16<Double>, _ b: SIMD16<Double>) -> SIMD16<Double> {
    a.replacing(with: b, where: b .> a)
  }

  @inline(__always)
  static func minimum(_ a: SIMD16<Double>, _ b: SIMD16<Double>) -> SIMD16<Double> {
    a.replacing(with: b, where: b .< a)
  }

  @inline(__always)
  static func count(_ values: SIMD16<Double>, atLeast least: Double) -> Int {
    -Int(sum(unsafeBitCast(values .>= least, to: SIMD16<Int64>.self)))
  }

  @inline(__always)
  static func count(_ values: UnsafePointer<SIMD16<Double>>, _ vectors: Int, above bound: Double) -> Int {
    var counts = SIMD16<Int64>(repeating: 0)
    for index in 0..<vectors { counts = counts &+ unsafeBitCast(values[index] .> bound, to: SIMD16<Int64>.self) }
    return -Int(sum(counts))
  }

  @inline(__always)
  private static func sum(_ counts: SIMD16<Int64>) -> Int64 {
    let eight = counts.lowHalf &+ counts.highHalf
    let four = eight.lowHalf &+ eight.highHalf
    let two = four.lowHalf &+ four.highHalf
    return two[0] &+ two[1]
  }

  @inline(__always)
  static func lanes(of values: SIMD16<Double>, atLeast least: Double) -> UInt32 {
    let reached = values .>= least
    guard any(reached) else { return 0 }
    let bits = SIMD16<Int64>(1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384, 32768)
    let found = unsafeBitCast(reached, to: SIMD16<Int64>.self) & bits
    let eight = found.lowHalf | found.highHalf
    let four = eight.lowHalf | eight.highHalf
    let two = four.lowHalf | four.highHalf
    return UInt32(truncatingIfNeeded: two[0] | two[1])
  }

  @inline(__always)
  static func firstLane(of value: Double, in values: SIMD16<Double>) -> Int? {
    let found = values .== value
    guard any(found) else { return nil }
    return (0..<16).first { found[$0] }
  }

  struct Logits: LogitScale {
    let temperature: Double

    static var excluded: Double { -.infinity }

    @inline(__always)
    static func check(_ values: SIMD16<Double>, _ valid: inout SIMDMask<SIMD16<Int64>>) {
      valid = (valid .& (values .< .infinity))
    }

    @inline(__always)
    func terms(_ values: SIMD16<Double>, relativeTo reference: Double) -> SIMD16<Float> {
      let difference = values - reference
      return exponential(SIMD16<Float>(temperature == 1 ? difference : difference / temperature))
    }

    @inline(__always)
    func term(_ value: Double, relativeTo reference: Double) -> Double {
      exponential((value - reference) / temperature)
    }
  }

  struct Probabilities: LogitScale {
    let temperature: Double

    static var excluded: Double { 0 }

    @inline(__always)
    static func check(_ values: SIMD16<Double>, _ valid: inout SIMDMask<SIMD16<Int64>>) {
      valid = (valid .& (values .>= 0) .& (values .<= largestProbability))
    }

    @inline(__always)
    func terms(_ values: SIMD16<Double>, relativeTo reference: Double) -> SIMD16<Float> {
      if temperature == 1 { return SIMD16<Float>(values / reference) }
      return exponential(SIMD16<Float>(exponents(values, reference, temperature)))
    }

    @inline(__always)
    func term(_ value: Double, relativeTo reference: Double) -> Double {
      if temperature == 1 { return value / reference }
      return exponential(exponents(SIMD16(repeating: value), reference, temperature)[0])
    }
  }
}

/// (log p − log p_reference) / temperature, in `Double`: with a temperature above 1, probabilities count that `Float`
/// takes for 0.
@inline(__always)
private func exponents(
  _ probabilities: SIMD16<Double>, _ reference: Double, _ temperature: Double
) -> SIMD16<Double> {
  (logarithm(probabilities) - logarithm(SIMD16(repeating: reference))) / temperature
}

/// The most a number may be to pass for a probability: room for rounding to 16 bits, none for logits.
let largestProbability = 1.001
