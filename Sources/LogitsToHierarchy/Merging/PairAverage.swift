/// What a group gives to another one on average: a sum of reassigned probability, in multiples of 2^-40, over the number of
/// the other's clusters, and if it is so wanted over the number of the group's own rows. Equal averages tie exactly.
struct PairAverage: Comparable, Sendable {
  let sum: UInt128
  let divisor: UInt128

  static let zero = PairAverage(sum: 0, divisor: 1)

  static func < (a: PairAverage, b: PairAverage) -> Bool { a.product(with: b) < b.product(with: a) }
  static func == (a: PairAverage, b: PairAverage) -> Bool { a.product(with: b) == b.product(with: a) }

  var double: Double { FixedPoint.double(sum) / Double(divisor) }

  /// Whether this less 1e-5 of it is above `other`.
  func isClearlyAbove(_ other: PairAverage) -> Bool {
    PairAverage(sum: other.sum * 100_000, divisor: other.divisor) < PairAverage(sum: sum * 99_999, divisor: divisor)
  }

  /// (self − other) / self for another not above this one, from exact products; 0 if this is 0.
  func margin(over other: PairAverage) -> Double {
    guard sum > 0 else { return 0 }
    let (mine, others) = (product(with: other), other.product(with: self))
    return (mine - others).double / mine.double
  }

  private func product(with other: PairAverage) -> Wide {
    let product = sum.multipliedFullWidth(by: other.divisor)
    return Wide(high: product.high, low: product.low)
  }

  /// 256 bits: a sum has up to 2^80 units, and divisors are products of clusters and rows.
  private struct Wide: Comparable {
    let high: UInt128
    let low: UInt128

    static func < (a: Wide, b: Wide) -> Bool { (a.high, a.low) < (b.high, b.low) }

    static func - (a: Wide, b: Wide) -> Wide {
      let (low, borrows) = a.low.subtractingReportingOverflow(b.low)
      return Wide(high: a.high - b.high - (borrows ? 1 : 0), low: low)
    }

    var double: Double { Double(high) * 0x1p128 + Double(low) }
  }
}
