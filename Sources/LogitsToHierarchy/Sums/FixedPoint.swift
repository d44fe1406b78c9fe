/// Numbers between 0 and 1 as multiples of 2^-40.
///
/// Sums over rows are sums of such integers, which do not depend on the order of adding; this is what makes results
/// the same whatever the threads, blocks and files. 2^40 rows add up to no more than 2^80.
package enum FixedPoint {
  static let fractionBits = 40

  /// What one row adds to a sum: the nearest multiple of 2^-40, of two the even one.
  @inline(__always)
  package static func rounded(_ value: Double) -> UInt64 {
    precondition(value >= 0 && value <= 1, "what a row adds is between 0 and 1")
    // Adding 1.5 · 2^52 rounds, and leaves the integer in the low bits, without a call of the C library.
    let shifter = 0x1.8p52
    return (value * 0x1p40 + shifter).bitPattern - shifter.bitPattern
  }

  /// 1, in multiples of 2^-40.
  static let one: UInt64 = 1 << 40

  package static func double(_ sum: UInt128) -> Double { Double(sum) * 0x1p-40 }
}
