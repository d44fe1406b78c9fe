/// How exact numbers are, by the bits that they have in common: as those of the narrowest type that holds them all.
///
/// Log-probabilities were rounded when they were stored, and in what they were computed with. Numbers of 16 bits are often
/// kept in 32, for want of a type.
struct ValuePrecision {
  private var bits: UInt64 = 0

  @inline(__always)
  mutating func add(_ value: some KernelValue) { bits |= value.bitsAsDouble }

  /// By how much a number may be off, relative to it: by half a unit in the last place, and twice that in the types that
  /// softmax is computed in.
  var unit: Double {
    switch bits.trailingZeroBitCount {
    case 45...: 0x1.04p-8
    case 42...: 0x1.04p-11
    case 29...: 0x1p-23
    default: 0x1p-52
    }
  }

  /// By how much the sum of all exponentials of a row may be off, relative to it: eight units of the type that it is computed in.
  ///
  /// PyTorch's and NumPy's sums in single precision, of 1000 and of 151,936 terms, were off by up to five where logarithms are
  /// taken of the largest value's multiples, and by up to twelve where they are taken of the sum itself.
  var sumError: Double { bits.trailingZeroBitCount >= 29 ? 0x1p-20 : 0x1p-49 }

  /// By how much a probability may be off in any case, since small ones have fewer digits.
  var least: Double { bits.trailingZeroBitCount >= 42 && bits.trailingZeroBitCount < 45 ? 0x1p-25 : 0 }
}
