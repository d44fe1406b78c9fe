import CVectors
import KernelInterface

extension RowKernel {
  /// How likely the row at `pointer` holds its label, which stands for `count` clusters from `clusters` on. The result is nil
  /// if the row is invalid.
  ///
  /// With z_c = (ℓ_c − ℓ_top) / T, and E and Var over the softmax of all clusters, or over that of the label's alone:
  /// −log p = log Σ exp z − log Σ_label exp z; its derivative by log 1/T is E z − E_label z; its second derivative by 1/T, over
  /// T², is Var z − Var_label z.
  @inline(__always)
  func likelihood(
    _ pointer: UnsafeRawPointer, _ clusters: UnsafePointer<Int32>, _ count: Int
  ) -> RowLikelihood? {
    guard let top = load(pointer), top > Scale.excluded else { return nil }
    guard count > 0 else { return RowLikelihood(finding: .nothing) }
    let assigned = firstIndex(ofLaneMaximum: top)
    let label = labelMoments(clusters, count, relativeTo: top)
    guard label.sum > 0 else { return RowLikelihood(finding: .impossible) }
    let all = moments(relativeTo: top)
    var isRight = false
    var index = 0
    while index < count {
      if Int(clusters[index]) == assigned { isRight = true }
      index &+= 1
    }
    let confidence = 1 / all.sum
    return RowLikelihood(
      finding: isRight ? .right : .wrong,
      loss: -Self.log(confidence) - label.shift - (count > 1 ? label.logarithmOfSum : 0),
      slope: all.mean - label.shift - label.mean, curvature: all.variance - label.variance, confidence: confidence)
  }

  /// log x for 0 < x ≤ 1.
  @inline(__always)
  private static func log(_ x: Double) -> Double { logarithm(SIMD16(repeating: x))[0] }

  /// The moments of z over all clusters.
  @inline(__always)
  private func moments(relativeTo top: Value) -> Moments {
    var sums = (SIMD16<Double>(repeating: 0), SIMD16<Double>(repeating: 0), SIMD16<Double>(repeating: 0))
    var index = 0
    while index < vectors {
      let z = scale.exponents(vector(index), relativeTo: Value.repeated(top))
      let terms = cvectors_doubles_from_floats(exponential(z))
      // What is further down has no term, and must not make a NaN of that.
      let exponents = cvectors_doubles_from_floats(cvectors_float_maximum(z, SIMD16(repeating: -100)))
      let first = cvectors_products(terms, exponents)
      sums.0 = cvectors_sums(sums.0, terms)
      sums.1 = cvectors_sums(sums.1, first)
      sums.2 = cvectors_sums(sums.2, cvectors_products(first, exponents))
      index &+= 1
    }
    return Moments(sum: cvectors_total(sums.0), first: cvectors_total(sums.1), second: cvectors_total(sums.2))
  }

  /// The moments of z − shift over the clusters of a label, the shift being their largest z.
  @inline(__always)
  private func labelMoments(_ clusters: UnsafePointer<Int32>, _ count: Int, relativeTo top: Value) -> Moments {
    var largest = Scale.excluded
    var index = 0
    while index < count {
      let value = value(at: Int(clusters[index]))
      if value > largest { largest = value }
      index &+= 1
    }
    guard largest > Scale.excluded else { return Moments(sum: 0, first: 0, second: 0) }
    var moments = Moments(sum: 0, first: 0, second: 0, shift: scale.exponent(largest, relativeTo: top))
    index = 0
    while index < count {
      let value = value(at: Int(clusters[index]))
      if value > Scale.excluded {
        let z = scale.exponent(value, relativeTo: largest)
        let term = exponential(z)
        moments.sum += term
        // Without a term it counts for nothing, however large z is.
        if term > 0 {
          moments.first += term * z
          moments.second += term * z * z
        }
      }
      index &+= 1
    }
    return moments
  }

  /// Sums of exp z, z exp z and z² exp z.
  private struct Moments {
    var sum: Double
    var first: Double
    var second: Double
    /// What z is relative to.
    var shift = 0.0

    var mean: Double { first / sum }
    var variance: Double { second / sum - mean * mean }
    var logarithmOfSum: Double { -RowKernel.log(1 / sum) }
  }
}
