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

/// An array of sums that do not overflow, eight bytes each.
///
/// A sum's low 64 bits hold 2^24 rows' worth. What goes beyond is carried into a dictionary, which mostly stays empty.
package struct WideSums: Sendable {
  private var low: [UInt64]
  private var carries: [Int: UInt64] = [:]

  package init(count: Int) { low = Array(repeating: 0, count: count) }

  package var count: Int { low.count }

  /// Sets all sums to zero.
  mutating func reset() {
    low.withUnsafeMutableBufferPointer { $0.update(repeating: 0) }
    carries.removeAll()
  }

  func isZero(_ index: Int) -> Bool { low[index] == 0 && (carries.isEmpty || carries[index, default: 0] == 0) }

  /// Sets one sum to zero.
  mutating func clear(_ index: Int) {
    low[index] = 0
    if !carries.isEmpty { carries[index] = nil }
  }

  package mutating func add(_ amount: UInt64, at index: Int) {
    let (sum, overflow) = low[index].addingReportingOverflow(amount)
    low[index] = sum
    if overflow { carries[index, default: 0] += 1 }
  }

  /// Adds a sum of up to 2^104, which is more than there can be.
  mutating func add(wide amount: UInt128, at index: Int) {
    add(UInt64(truncatingIfNeeded: amount), at: index)
    let high = UInt64(truncatingIfNeeded: amount >> 64)
    if high > 0 { carries[index, default: 0] += high }
  }

  package subscript(index: Int) -> UInt128 {
    // Nearly always, nothing was carried anywhere.
    let high = carries.isEmpty ? 0 : carries[index, default: 0]
    return UInt128(high) << 64 | UInt128(low[index])
  }
}
