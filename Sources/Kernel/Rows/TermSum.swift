import CVectors

/// A sum of softmax terms.
///
/// Terms are computed in `Float` and added up in `Double`. A term has 24 significant bits, so sums of terms above 2^-29
/// are exact in any order. Rows that are permutations of one another therefore tie exactly, as they should.
struct TermSum {
  private var sum = SIMD16<Double>(repeating: 0)

  @inline(__always)
  mutating func add(_ terms: SIMD16<Float>) {
    sum += cvectors_doubles_from_floats(terms)
  }

  var total: Double {
    @inline(__always)
    get { sum.total }
  }
}

extension SIMD16<Double> {
  /// The lanes' sum, in an order of its own.
  var total: Double {
    @inline(__always)
    get {
      let eight = lowHalf + highHalf
      let four = eight.lowHalf + eight.highHalf
      let two = four.lowHalf + four.highHalf
      return two[0] + two[1]
    }
  }
}
