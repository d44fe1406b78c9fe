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

  /// Adds so many amounts, each to the sum that it says. One by one, each would be asked whether the array is shared.
  @inline(__always)
  package mutating func add(_ count: Int, _ amounts: (Int) -> (amount: UInt64, index: Int)) {
    var carried: [Int] = []
    low.withUnsafeMutableBufferPointer { low in
      for number in 0..<count {
        let (amount, index) = amounts(number)
        precondition(low.indices.contains(index), "an amount is for one of the sums")
        let (sum, overflow) = low[index].addingReportingOverflow(amount)
        low[index] = sum
        if overflow { carried.append(index) }
      }
    }
    for index in carried { carries[index, default: 0] += 1 }
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
