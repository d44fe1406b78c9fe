import CVectors
import KernelInterface

/// What the numbers of a source stand for, and how softmax terms are computed from them.
///
/// There are two scales: logits (log-probabilities are logits too), and probabilities, whose logarithms are logits. The
/// difference of logits, or the quotient of probabilities, is taken first, in the source's own type, from the numbers
/// as they were read. Two logits near −1500 have an exact difference in `Float`, but not after a third was subtracted
/// from both.
protocol LogitScale: Sendable {
  associatedtype Value: KernelValue

  /// `valid`, without the lanes whose values are not allowed in a row.
  static func checked(_ valid: Value.Lanes, _ values: SIMD16<Value>) -> Value.Lanes

  /// The value of a masked cluster, and of padding. No valid value is smaller, and its term is 0.
  static var excluded: Value { get }

  /// The smallest value above that.
  static var leastIncluded: Value { get }

  init(temperature: Double)

  var temperature: Double { get }

  /// exp(ℓ_value − ℓ_reference), lane by lane, for values not above the references. These are the terms if the temperature
  /// is 1.
  func plainTerms(_ values: SIMD16<Value>, relativeTo references: SIMD16<Value>) -> SIMD16<Float>

  /// The same of the four vectors at `values`, written to `terms`.
  func writePlainTerms(
    ofFour values: UnsafePointer<SIMD16<Value>>, relativeTo references: SIMD16<Value>,
    to terms: UnsafeMutablePointer<SIMD16<Float>>)

  /// exp((ℓ_value − ℓ_reference) / temperature), lane by lane, for any temperature other than 1.
  func temperedTerms(_ values: SIMD16<Value>, relativeTo references: SIMD16<Value>) -> SIMD16<Float>

  /// The terms of values, lane by lane. Their relative error stays below 1e-6 however small they are, since nothing is
  /// rounded to `Float` before the exponential.
  func preciseTerms(_ values: SIMD16<Value>, relativeTo references: SIMD16<Value>) -> SIMD16<Double>

  /// The same of one value.
  func term(_ value: Value, relativeTo reference: Value) -> Double

  /// What terms are taken relative to if `value` is the largest that counts: the lowest of few references that is not below it.
  /// They are `highest`, which is a number of the row's, and what follows below it at equal distances; or `value` itself where
  /// those can't be told. So it depends on no other values.
  func reference(for value: Value, below highest: Value, _ unit: TermUnit) -> Value

  /// The same, lane by lane, for values not above the highest.
  func references(for values: SIMD16<Value>, below highest: SIMD16<Value>, _ unit: TermUnit) -> SIMD16<Value>

  /// (ℓ_value − ℓ_reference) / temperature, lane by lane, for values not above the references.
  func exponents(_ values: SIMD16<Value>, relativeTo references: SIMD16<Value>) -> SIMD16<Float>

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

extension LogitScale {
  @inline(__always)
  func writePlainTerms(
    ofFour values: UnsafePointer<SIMD16<Value>>, relativeTo references: SIMD16<Value>,
    to terms: UnsafeMutablePointer<SIMD16<Float>>
  ) {
    var index = 0
    while index < 4 {
      terms[index] = plainTerms(values[index], relativeTo: references)
      index &+= 1
    }
  }

  /// exp((ℓ_value − ℓ_reference) / temperature), lane by lane, for values not above the references.
  @inline(__always)
  func terms(_ values: SIMD16<Value>, relativeTo references: SIMD16<Value>) -> SIMD16<Float> {
    temperature == 1
      ? plainTerms(values, relativeTo: references) : temperedTerms(values, relativeTo: references)
  }

  func references(for values: SIMD16<Value>, below highest: SIMD16<Value>, _ unit: TermUnit) -> SIMD16<Value> {
    var references = values
    var lane = 0
    while lane < 16 {
      references[lane] = reference(for: values[lane], below: highest[lane], unit)
      lane &+= 1
    }
    return references
  }

  @inline(__always)
  func term(_ value: Value, relativeTo reference: Value) -> Double {
    preciseTerms(Value.repeated(value), relativeTo: Value.repeated(reference))[0]
  }

  @inline(__always)
  func terms(_ values: SIMD16<Value>, relativeTo reference: Value) -> SIMD16<Float> {
    terms(values, relativeTo: Value.repeated(reference))
  }
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
    static func checked(_ valid: SIMD16<Int32>, _ values: SIMD16<Float>) -> SIMD16<Int32> {
      cvectors_float_below_infinity(valid, values)
    }

    @inline(__always)
    func plainTerms(_ values: SIMD16<Float>, relativeTo references: SIMD16<Float>) -> SIMD16<Float> {
      exponential(cvectors_float_differences(values, references))
    }

    @inline(__always)
    func writePlainTerms(
      ofFour values: UnsafePointer<SIMD16<Float>>, relativeTo references: SIMD16<Float>,
      to terms: UnsafeMutablePointer<SIMD16<Float>>
    ) { cvectors_float_terms(values, references, terms) }

    @inline(__always)
    func temperedTerms(_ values: SIMD16<Float>, relativeTo references: SIMD16<Float>) -> SIMD16<Float> {
      exponential(exponents(values, relativeTo: references))
    }

    @inline(__always)
    func preciseTerms(_ values: SIMD16<Float>, relativeTo references: SIMD16<Float>) -> SIMD16<Double> {
      cvectors_corrected_exponential(
        cvectors_double_exponents(
          cvectors_doubles_from_floats(values), cvectors_doubles_from_floats(references), temperature))
    }

    @inline(__always)
    func term(_ value: Float, relativeTo reference: Float) -> Double {
      exponential(exponent(value, relativeTo: reference))
    }

    @inline(__always)
    func reference(for value: Float, below highest: Float, _ unit: TermUnit) -> Float {
      Float(cvectors_rung_of_one(Double(value), Double(highest), unit.rung(temperature)))
    }

    @inline(__always)
    func references(for values: SIMD16<Float>, below highest: SIMD16<Float>, _ unit: TermUnit) -> SIMD16<Float> {
      cvectors_floats_from_doubles(
        cvectors_rungs(
          cvectors_doubles_from_floats(values), cvectors_doubles_from_floats(highest), unit.rung(temperature)))
    }

    @inline(__always)
    func exponents(_ values: SIMD16<Float>, relativeTo references: SIMD16<Float>) -> SIMD16<Float> {
      cvectors_float_exponents(values, references, divisor)
    }

    @inline(__always)
    func exponent(_ value: Float, relativeTo reference: Float) -> Double {
      (Double(value) - Double(reference)) / temperature
    }

    @inline(__always)
    func differences(_ values: SIMD16<Float>, from reference: Float) -> SIMD16<Double> {
      cvectors_double_differences(cvectors_doubles_from_floats(values), cvectors_double_repeated(Double(reference)))
    }

    @inline(__always)
    static func masses(_ values: SIMD16<Float>, normalizer: Double) -> SIMD16<Double> {
      preciseExponential(
        cvectors_double_differences(cvectors_doubles_from_floats(values), cvectors_double_repeated(normalizer)))
    }

    @inline(__always)
    static func sizes(_ values: SIMD16<Float>, _ masses: SIMD16<Double>) -> SIMD16<Double> {
      cvectors_sizes(cvectors_doubles_from_floats(values), masses)
    }
  }

  struct Probabilities: LogitScale {
    let temperature: Double

    static var excluded: Float { 0 }
    static var leastIncluded: Float { .leastNonzeroMagnitude }

    @inline(__always)
    static func checked(_ valid: SIMD16<Int32>, _ values: SIMD16<Float>) -> SIMD16<Int32> {
      cvectors_float_within(valid, values, Float(RowForm.largestProbability))
    }

    @inline(__always)
    func plainTerms(_ values: SIMD16<Float>, relativeTo references: SIMD16<Float>) -> SIMD16<Float> {
      cvectors_float_quotients(values, references)
    }

    @inline(__always)
    func temperedTerms(_ values: SIMD16<Float>, relativeTo references: SIMD16<Float>) -> SIMD16<Float> {
      exponential(exponents(values, relativeTo: references))
    }

    @inline(__always)
    func preciseTerms(_ values: SIMD16<Float>, relativeTo references: SIMD16<Float>) -> SIMD16<Double> {
      let (values, references) = (cvectors_doubles_from_floats(values), cvectors_doubles_from_floats(references))
      if temperature == 1 { return cvectors_double_quotients(values, references) }
      return cvectors_corrected_exponential(cvectors_logarithmic_exponents(values, references, temperature))
    }

    @inline(__always)
    func reference(for value: Float, below highest: Float, _ unit: TermUnit) -> Float {
      guard temperature == 1, let halved = unit.halved(Double(highest), above: Double(value)) else { return value }
      let reference = Float(halved)
      return reference >= value ? reference : value
    }

    @inline(__always)
    func exponents(_ values: SIMD16<Float>, relativeTo references: SIMD16<Float>) -> SIMD16<Float> {
      cvectors_floats_from_doubles(
        cvectors_logarithmic_exponents(
          cvectors_doubles_from_floats(values), cvectors_doubles_from_floats(references), temperature))
    }

    @inline(__always)
    func exponent(_ value: Float, relativeTo reference: Float) -> Double {
      cvectors_logarithmic_exponents(
        cvectors_double_repeated(Double(value)), cvectors_double_repeated(Double(reference)), temperature)[0]
    }

    @inline(__always)
    func differences(_ values: SIMD16<Float>, from reference: Float) -> SIMD16<Double> {
      cvectors_logarithmic_exponents(
        cvectors_doubles_from_floats(values), cvectors_double_repeated(Double(reference)), 1)
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
    static func checked(_ valid: SIMD16<Int64>, _ values: SIMD16<Double>) -> SIMD16<Int64> {
      cvectors_double_below_infinity(valid, values)
    }

    @inline(__always)
    func plainTerms(_ values: SIMD16<Double>, relativeTo references: SIMD16<Double>) -> SIMD16<Float> {
      exponential(cvectors_floats_from_doubles(cvectors_double_differences(values, references)))
    }

    @inline(__always)
    func temperedTerms(_ values: SIMD16<Double>, relativeTo references: SIMD16<Double>) -> SIMD16<Float> {
      exponential(exponents(values, relativeTo: references))
    }

    @inline(__always)
    func preciseTerms(_ values: SIMD16<Double>, relativeTo references: SIMD16<Double>) -> SIMD16<Double> {
      cvectors_corrected_exponential(cvectors_double_exponents(values, references, temperature))
    }

    @inline(__always)
    func term(_ value: Double, relativeTo reference: Double) -> Double {
      exponential(exponent(value, relativeTo: reference))
    }

    @inline(__always)
    func reference(for value: Double, below highest: Double, _ unit: TermUnit) -> Double {
      cvectors_rung_of_one(value, highest, unit.rung(temperature))
    }

    @inline(__always)
    func references(for values: SIMD16<Double>, below highest: SIMD16<Double>, _ unit: TermUnit) -> SIMD16<Double> {
      cvectors_rungs(values, highest, unit.rung(temperature))
    }

    @inline(__always)
    func exponents(_ values: SIMD16<Double>, relativeTo references: SIMD16<Double>) -> SIMD16<Float> {
      cvectors_floats_from_doubles(cvectors_double_exponents(values, references, temperature))
    }

    @inline(__always)
    func exponent(_ value: Double, relativeTo reference: Double) -> Double { (value - reference) / temperature }

    @inline(__always)
    func differences(_ values: SIMD16<Double>, from reference: Double) -> SIMD16<Double> {
      cvectors_double_differences(values, cvectors_double_repeated(reference))
    }

    @inline(__always)
    static func masses(_ values: SIMD16<Double>, normalizer: Double) -> SIMD16<Double> {
      preciseExponential(cvectors_double_differences(values, cvectors_double_repeated(normalizer)))
    }

    @inline(__always)
    static func sizes(_ values: SIMD16<Double>, _ masses: SIMD16<Double>) -> SIMD16<Double> {
      cvectors_sizes(values, masses)
    }
  }

  struct Probabilities: LogitScale {
    let temperature: Double

    static var excluded: Double { 0 }
    static var leastIncluded: Double { .leastNonzeroMagnitude }

    @inline(__always)
    static func checked(_ valid: SIMD16<Int64>, _ values: SIMD16<Double>) -> SIMD16<Int64> {
      cvectors_double_within(valid, values, RowForm.largestProbability)
    }

    @inline(__always)
    func plainTerms(_ values: SIMD16<Double>, relativeTo references: SIMD16<Double>) -> SIMD16<Float> {
      cvectors_floats_from_doubles(cvectors_double_quotients(values, references))
    }

    @inline(__always)
    func temperedTerms(_ values: SIMD16<Double>, relativeTo references: SIMD16<Double>) -> SIMD16<Float> {
      exponential(exponents(values, relativeTo: references))
    }

    @inline(__always)
    func preciseTerms(_ values: SIMD16<Double>, relativeTo references: SIMD16<Double>) -> SIMD16<Double> {
      if temperature == 1 { return cvectors_double_quotients(values, references) }
      return cvectors_corrected_exponential(cvectors_logarithmic_exponents(values, references, temperature))
    }

    @inline(__always)
    func reference(for value: Double, below highest: Double, _ unit: TermUnit) -> Double {
      guard temperature == 1, let halved = unit.halved(highest, above: value) else { return value }
      return halved >= value ? halved : value
    }

    @inline(__always)
    func exponents(_ values: SIMD16<Double>, relativeTo references: SIMD16<Double>) -> SIMD16<Float> {
      cvectors_floats_from_doubles(cvectors_logarithmic_exponents(values, references, temperature))
    }

    @inline(__always)
    func exponent(_ value: Double, relativeTo reference: Double) -> Double {
      cvectors_logarithmic_exponents(
        cvectors_double_repeated(value), cvectors_double_repeated(reference), temperature)[0]
    }

    @inline(__always)
    func differences(_ values: SIMD16<Double>, from reference: Double) -> SIMD16<Double> {
      cvectors_logarithmic_exponents(values, cvectors_double_repeated(reference), 1)
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
