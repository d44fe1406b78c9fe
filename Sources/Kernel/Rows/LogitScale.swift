import CVectors
import KernelInterface

extension LogitScale {
  /// exp((ℓ_value − ℓ_reference) / temperature), lane by lane, for values not above `reference`.
  @inline(__always)
  func terms(_ values: SIMD16<Value>, relativeTo reference: Value) -> SIMD16<Float> {
    temperature == 1
      ? plainTerms(values, relativeTo: reference) : temperedTerms(values, relativeTo: reference)
  }
}

/// What the numbers of a source stand for, and how softmax terms are computed from them.
///
/// There are two scales: logits (log-probabilities are logits too), and probabilities, whose logarithms are logits. The
/// difference of logits, or the quotient of probabilities, is taken first, in the source's own type, from the numbers
/// as they were read. Two logits near −1500 have an exact difference in `Float`, but not after a third was subtracted
/// from both.
protocol LogitScale: Sendable {
  associatedtype Value: KernelValue

  /// Clears the lanes of `valid` whose values are not allowed in a row.
  static func check(_ values: SIMD16<Value>, _ valid: inout SIMDMask<SIMD16<Value.SIMDMaskScalar>>)

  /// The value of a masked cluster, and of padding. No valid value is smaller, and its term is 0.
  static var excluded: Value { get }

  /// The smallest value above that.
  static var leastIncluded: Value { get }

  init(temperature: Double)

  var temperature: Double { get }

  /// exp(ℓ_value − ℓ_reference), lane by lane, for values not above `reference`. These are the terms if the temperature
  /// is 1.
  func plainTerms(_ values: SIMD16<Value>, relativeTo reference: Value) -> SIMD16<Float>

  /// exp((ℓ_value − ℓ_reference) / temperature), lane by lane, for any temperature other than 1.
  func temperedTerms(_ values: SIMD16<Value>, relativeTo reference: Value) -> SIMD16<Float>

  /// The term of one value. Its relative error stays below 1e-6 however small it is, since nothing is rounded to
  /// `Float` before the exponential.
  func term(_ value: Value, relativeTo reference: Value) -> Double

  /// (ℓ_value − ℓ_reference) / temperature, lane by lane, for values not above `reference`.
  func exponents(_ values: SIMD16<Value>, relativeTo reference: Value) -> SIMD16<Float>

  /// The same of one value above ``excluded``.
  func exponent(_ value: Value, relativeTo reference: Value) -> Double

  /// ℓ_value − ℓ_reference, lane by lane, whatever the temperature. It is −∞ for values that are excluded.
  func differences(_ values: SIMD16<Value>, from reference: Value) -> SIMD16<Double>

  /// exp(ℓ_value − normalizer), lane by lane: probabilities, to a few units in the last place of `Double`. The temperature
  /// is 1.
  static func masses(_ values: SIMD16<Value>, normalizer: Double) -> SIMD16<Double>

  /// How far probabilities, or terms, are off, lane by lane, if values are off by all of themselves.
  static func sizes(_ values: SIMD16<Value>, _ masses: SIMD16<Double>) -> SIMD16<Double>
}

extension Float {
  struct Logits: LogitScale {
    let temperature: Double
    /// The temperature for vectors, within bounds: as a `Float` it must not be 0 or infinity, which would give NaN.
    private let divisor: Float

    init(temperature: Double) {
      self.temperature = temperature
      divisor = Float(min(max(temperature, 0x1p-100), 0x1p100))
    }

    static var excluded: Float { -.infinity }
    static var leastIncluded: Float { -.greatestFiniteMagnitude }

    @inline(__always)
    static func check(_ values: SIMD16<Float>, _ valid: inout SIMDMask<SIMD16<Int32>>) {
      valid = (valid .& (values .< .infinity))
    }

    @inline(__always)
    func plainTerms(_ values: SIMD16<Float>, relativeTo reference: Float) -> SIMD16<Float> {
      exponential(values - reference)
    }

    @inline(__always)
    func temperedTerms(_ values: SIMD16<Float>, relativeTo reference: Float) -> SIMD16<Float> {
      exponential((values - reference) / divisor)
    }

    @inline(__always)
    func term(_ value: Float, relativeTo reference: Float) -> Double {
      exponential(exponent(value, relativeTo: reference))
    }

    @inline(__always)
    func exponents(_ values: SIMD16<Float>, relativeTo reference: Float) -> SIMD16<Float> {
      (values - reference) / divisor
    }

    @inline(__always)
    func exponent(_ value: Float, relativeTo reference: Float) -> Double {
      (Double(value) - Double(reference)) / temperature
    }

    @inline(__always)
    func differences(_ values: SIMD16<Float>, from reference: Float) -> SIMD16<Double> {
      cvectors_doubles_from_floats(values) - SIMD16(repeating: Double(reference))
    }

    @inline(__always)
    static func masses(_ values: SIMD16<Float>, normalizer: Double) -> SIMD16<Double> {
      preciseExponential(cvectors_doubles_from_floats(values) - normalizer)
    }

    @inline(__always)
    static func sizes(_ values: SIMD16<Float>, _ masses: SIMD16<Double>) -> SIMD16<Double> {
      logitSizes(cvectors_doubles_from_floats(values), masses)
    }
  }

  struct Probabilities: LogitScale {
    let temperature: Double

    static var excluded: Float { 0 }
    static var leastIncluded: Float { .leastNonzeroMagnitude }

    @inline(__always)
    static func check(_ values: SIMD16<Float>, _ valid: inout SIMDMask<SIMD16<Int32>>) {
      valid = (valid .& (values .>= 0) .& (values .<= Float(RowForm.largestProbability)))
    }

    @inline(__always)
    func plainTerms(_ values: SIMD16<Float>, relativeTo reference: Float) -> SIMD16<Float> {
      values / reference
    }

    @inline(__always)
    func temperedTerms(_ values: SIMD16<Float>, relativeTo reference: Float) -> SIMD16<Float> {
      exponential(exponents(values, relativeTo: reference))
    }

    @inline(__always)
    func term(_ value: Float, relativeTo reference: Float) -> Double {
      if temperature == 1 { return Double(value) / Double(reference) }
      return exponential(exponent(value, relativeTo: reference))
    }

    @inline(__always)
    func exponents(_ values: SIMD16<Float>, relativeTo reference: Float) -> SIMD16<Float> {
      cvectors_floats_from_doubles(
        quotients(cvectors_doubles_from_floats(values), Double(reference), temperature))
    }

    @inline(__always)
    func exponent(_ value: Float, relativeTo reference: Float) -> Double {
      quotients(SIMD16(repeating: Double(value)), Double(reference), temperature)[0]
    }

    @inline(__always)
    func differences(_ values: SIMD16<Float>, from reference: Float) -> SIMD16<Double> {
      quotients(cvectors_doubles_from_floats(values), Double(reference), 1)
    }

    @inline(__always)
    static func masses(_ values: SIMD16<Float>, normalizer: Double) -> SIMD16<Double> {
      cvectors_doubles_from_floats(values)
    }

    @inline(__always)
    static func sizes(_ values: SIMD16<Float>, _ masses: SIMD16<Double>) -> SIMD16<Double> {
      masses
    }
  }
}

extension Double {
  struct Logits: LogitScale {
    let temperature: Double

    static var excluded: Double { -.infinity }
    static var leastIncluded: Double { -.greatestFiniteMagnitude }

    @inline(__always)
    static func check(_ values: SIMD16<Double>, _ valid: inout SIMDMask<SIMD16<Int64>>) {
      valid = (valid .& (values .< .infinity))
    }

    @inline(__always)
    func plainTerms(_ values: SIMD16<Double>, relativeTo reference: Double) -> SIMD16<Float> {
      exponential(cvectors_floats_from_doubles(values - reference))
    }

    @inline(__always)
    func temperedTerms(_ values: SIMD16<Double>, relativeTo reference: Double) -> SIMD16<Float> {
      exponential(cvectors_floats_from_doubles((values - reference) / temperature))
    }

    @inline(__always)
    func term(_ value: Double, relativeTo reference: Double) -> Double {
      exponential(exponent(value, relativeTo: reference))
    }

    @inline(__always)
    func exponents(_ values: SIMD16<Double>, relativeTo reference: Double) -> SIMD16<Float> {
      cvectors_floats_from_doubles((values - reference) / temperature)
    }

    @inline(__always)
    func exponent(_ value: Double, relativeTo reference: Double) -> Double { (value - reference) / temperature }

    @inline(__always)
    func differences(_ values: SIMD16<Double>, from reference: Double) -> SIMD16<Double> {
      values - SIMD16(repeating: reference)
    }

    @inline(__always)
    static func masses(_ values: SIMD16<Double>, normalizer: Double) -> SIMD16<Double> {
      preciseExponential(values - normalizer)
    }

    @inline(__always)
    static func sizes(_ values: SIMD16<Double>, _ masses: SIMD16<Double>) -> SIMD16<Double> {
      logitSizes(values, masses)
    }
  }

  struct Probabilities: LogitScale {
    let temperature: Double

    static var excluded: Double { 0 }
    static var leastIncluded: Double { .leastNonzeroMagnitude }

    @inline(__always)
    static func check(_ values: SIMD16<Double>, _ valid: inout SIMDMask<SIMD16<Int64>>) {
      valid = (valid .& (values .>= 0) .& (values .<= RowForm.largestProbability))
    }

    @inline(__always)
    func plainTerms(_ values: SIMD16<Double>, relativeTo reference: Double) -> SIMD16<Float> {
      cvectors_floats_from_doubles(values / reference)
    }

    @inline(__always)
    func temperedTerms(_ values: SIMD16<Double>, relativeTo reference: Double) -> SIMD16<Float> {
      exponential(exponents(values, relativeTo: reference))
    }

    @inline(__always)
    func term(_ value: Double, relativeTo reference: Double) -> Double {
      if temperature == 1 { return value / reference }
      return exponential(exponent(value, relativeTo: reference))
    }

    @inline(__always)
    func exponents(_ values: SIMD16<Double>, relativeTo reference: Double) -> SIMD16<Float> {
      cvectors_floats_from_doubles(quotients(values, reference, temperature))
    }

    @inline(__always)
    func exponent(_ value: Double, relativeTo reference: Double) -> Double {
      quotients(SIMD16(repeating: value), reference, temperature)[0]
    }

    @inline(__always)
    func differences(_ values: SIMD16<Double>, from reference: Double) -> SIMD16<Double> {
      quotients(values, reference, 1)
    }

    @inline(__always)
    static func masses(_ values: SIMD16<Double>, normalizer: Double) -> SIMD16<Double> {
      values
    }

    @inline(__always)
    static func sizes(_ values: SIMD16<Double>, _ masses: SIMD16<Double>) -> SIMD16<Double> {
      masses
    }
  }
}

/// (log p − log p_reference) / temperature, in `Double`. With a temperature above 1, probabilities matter that are 0 in
/// `Float`.
@inline(__always)
private func quotients(
  _ probabilities: SIMD16<Double>, _ reference: Double, _ temperature: Double
) -> SIMD16<Double> {
  (logarithm(probabilities) - logarithm(SIMD16(repeating: reference))) / temperature
}

/// |ℓ| · p, and 0 where p is 0.
@inline(__always)
private func logitSizes(_ values: SIMD16<Double>, _ masses: SIMD16<Double>) -> SIMD16<Double> {
  let isNothing: SIMDMask<SIMD16<Int64>> = masses .== 0
  let negative = values.replacing(with: 0, where: isNothing)
  let isNegative: SIMDMask<SIMD16<Int64>> = negative .< 0
  return negative.replacing(with: 0 - negative, where: isNegative) * masses
}
