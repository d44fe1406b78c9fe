import CVectors
import KernelInterface

/// What the largest logits of rows leave to all others.
///
/// A log-probability says how much all clusters together have, 1, and so the rest's mass is 1 − Σ p over the values that are
/// known. Logits say it with the row's log-sum-exp, ν: p = exp(ℓ − ν). A cluster that is not known has at most the smallest
/// probability that is, so that the rest has at most (K − k) times that. Numbers are rounded, and so 1 − Σ p is known within an
/// interval only: docs/method.md.
struct TopKMass<Scale: LogitScale> {
  let clusters: Int
  let width: Int

  /// What a row tells, or what is wrong with it.
  struct Finding {
    /// As ``TopKBatch/fault``.
    var fault = TopKBatch.noFault
    /// Σ p over the values that are known.
    var sum: Double
    /// As ``TopKBatch/rests``, and by how much it may be off.
    var rest: Float = 0
    var restError: Float = 0
    /// 1 − p of the largest value, and by how much that may be off.
    var doubt = 0.0
    var doubtError = 0.0
    /// By how much terms relative to the largest value may be off, relative to them.
    var termError = 0.0
  }

  /// By how much the sum of a row's probabilities may be off beside the rounding of its values, before they are taken for
  /// something else: softmax over many clusters is computed in many ways.
  static var tolerance: Double { 1e-4 }
  /// What is off by more is something else than what it is said to be, whatever its type.
  static var mostTolerance: Double { 0.25 }

  /// By how much probabilities may be off: in proportion to the size of their values, and all together.
  private struct Errors {
    var unit: Double
    var common: Double
    var least = 0.0
  }

  /// - Parameter values: Of which `known` are known, up to a multiple of sixteen.
  @inline(__always)
  func finding(_ values: UnsafePointer<Scale.Value>, known: Int, normalizer: Double?) -> Finding {
    let errors = errors(values, known: known, normalizer)
    let normalizer = normalizer ?? 0
    var sums = SIMD16<Double>(repeating: 0)
    var sizes = SIMD16<Double>(repeating: 0)
    var index = 0
    while index < known {
      let vector = UnsafeRawPointer(values + index).loadUnaligned(as: SIMD16<Scale.Value>.self)
      let masses = Scale.masses(vector, normalizer: normalizer)
      sums = cvectors_sums(sums, masses)
      sizes = cvectors_sums(sizes, Scale.sizes(vector, masses))
      index &+= 16
    }
    var finding = Finding(sum: cvectors_total(sums))
    let error = errors.unit * cvectors_total(sizes) + errors.common * finding.sum + errors.least * Double(known)
    takeDoubt(&finding, values, known: known, normalizer, errors)
    takeRest(&finding, values, known: known, normalizer, errors, error: error)
    return finding
  }

  /// Logits are what they are, and their log-sum-exp was rounded.
  @inline(__always)
  private func errors(_ values: UnsafePointer<Scale.Value>, known: Int, _ normalizer: Double?) -> Errors {
    var precision = ValuePrecision()
    if let normalizer {
      precision.add(normalizer)
      return Errors(unit: 0, common: precision.unit * normalizer.magnitude + precision.sumError)
    }
    var index = 0
    while index < known {
      precision.add(values[index])
      index &+= 1
    }
    return Errors(
      unit: precision.unit, common: precision.sumError, least: Scale.excluded == 0 ? precision.least : 0)
  }

  @inline(__always)
  private func takeDoubt(
    _ finding: inout Finding, _ values: UnsafePointer<Scale.Value>, known: Int, _ normalizer: Double, _ errors: Errors
  ) {
    let largest = mass(values[0], normalizer)
    finding.doubt = 1 - largest.value
    finding.doubtError = errors.unit * largest.size + errors.common * largest.value + errors.least
    // Whole rows are what they are.
    guard known >= width, known < clusters else { return }
    finding.termError = errors.unit * (size(values[0]) + size(values[width &- 1]))
  }

  @inline(__always)
  private func takeRest(
    _ finding: inout Finding, _ values: UnsafePointer<Scale.Value>, known: Int, _ normalizer: Double, _ errors: Errors,
    error: Double
  ) {
    let tolerance = Self.tolerance + error < Self.mostTolerance ? Self.tolerance + error : Self.mostTolerance
    guard finding.sum <= 1 + tolerance else {
      finding.fault = TopKBatch.sumAboveOne
      return
    }
    let rest = 1 - finding.sum
    let unseen = clusters &- known
    guard known >= width else {
      if rest > tolerance { finding.fault = TopKBatch.tooFewValues }
      return
    }
    let smallest = values[known &- 1]
    let most = Double(unseen) * mass(smallest, normalizer).value * (1 + relativeError(smallest, errors))
    guard rest <= most * 1.001 + tolerance else {
      finding.fault = TopKBatch.restTooLarge
      return
    }
    // What is off by more than its rounding may be off by all that is tolerated.
    let isConsistent = rest + error >= 0 && rest - error <= most
    let doubt = isConsistent ? error : tolerance
    let least = clamped(rest - doubt, most)
    let greatest = clamped(rest + doubt, most)
    take(&finding, (least, clamped(rest, most), greatest), values, known: known, normalizer, errors)
  }

  /// Takes the mass of clusters that are not known, with those that are and are not kept, relative to the smallest value that
  /// is.
  @inline(__always)
  private func take(
    _ finding: inout Finding, _ mass: (least: Double, middle: Double, greatest: Double),
    _ values: UnsafePointer<Scale.Value>, known: Int, _ normalizer: Double, _ errors: Errors
  ) {
    var dropped = 0.0
    var index = width
    while index < known {
      dropped += self.mass(values[index], normalizer).value
      index &+= 1
    }
    let smallest = values[width &- 1]
    let unit = self.mass(smallest, normalizer).value
    guard unit > 0, mass.greatest + dropped > 0 else { return }
    let relative = relativeError(smallest, errors)
    let rest = Float((mass.middle + dropped) / unit)
    let least = (mass.least + dropped) / unit / (1 + relative)
    // None of these clusters has more than the smallest that is kept.
    let cap = Double(clusters &- width)
    let greatest = relative < 0.5 ? (mass.greatest + dropped) / unit / (1 - relative) : cap
    let (below, above) = (Double(rest) - least, greatest - Double(rest))
    finding.rest = rest
    if clusters > known { finding.restError = Float((below > above ? below : above) * (1 + 0x1p-20)) }
  }

  /// By how much a probability may be off, relative to it.
  @inline(__always)
  private func relativeError(_ value: Scale.Value, _ errors: Errors) -> Double {
    1.3 * errors.unit * size(value) + errors.common
  }

  @inline(__always)
  private func clamped(_ mass: Double, _ most: Double) -> Double { mass < 0 ? 0 : mass > most ? most : mass }

  @inline(__always)
  private func mass(_ value: Scale.Value, _ normalizer: Double) -> (value: Double, size: Double) {
    let masses = Scale.masses(SIMD16(repeating: value), normalizer: normalizer)
    return (masses[0], Scale.sizes(SIMD16(repeating: value), masses)[0])
  }

  @inline(__always)
  private func size(_ value: Scale.Value) -> Double {
    Scale.sizes(SIMD16(repeating: value), SIMD16(repeating: 1))[0]
  }
}
