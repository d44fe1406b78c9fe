import CVectors

/// A sum of softmax terms, which depends on no order.
///
/// Terms are computed in `Float`, rounded to multiples of a unit, and added up as integers. So a term can be subtracted again
/// without loss, and rows that are permutations of one another tie exactly, as they should.
struct TermSum {
  private let unit: TermUnit
  private var sums = SIMD16<UInt64>(repeating: 0)
  private var terms: UInt64 = 0

  /// A sum of up to 8191 terms.
  init() { self.init(in: .smallest) }

  init(in unit: TermUnit) { self.unit = unit }

  /// Adds terms, of which none is above 1.
  @inline(__always)
  mutating func add(_ terms: SIMD16<Float>) {
    sums = cvectors_adding_units(sums, terms, unit.shifter)
    self.terms &+= 16
  }

  /// The sum in units.
  var units: UInt64 {
    @inline(__always)
    get { cvectors_unit_total(sums) &- terms &* unit.shifter.bitPattern }
  }

  var total: Double {
    @inline(__always)
    get { unit.value(units) }
  }
}

/// What terms are rounded to: a power of two, so small that rounding does not matter, and so large that as many terms as a row
/// has do not overflow 63 bits.
struct TermUnit {
  /// Added to a term, it leaves the term's units in the low bits.
  let shifter: Double
  let size: Double
  /// The distance of the references, in logits, that terms of a row are taken relative to.
  ///
  /// A term of e^-15 has a relative error below 6e-7: the difference of logits is rounded to `Float`, and differences below 16 are
  /// off by at most 2^-21. The roundings of all terms together must not matter to it either, by more than 2^-22.
  private let rung: Double

  static var smallest: TermUnit { TermUnit(clusters: 1) }

  /// The unit for rows of `clusters` logits: 2^-50 up to 8191 of them, and half as fine for twice as many.
  init(clusters: Int) {
    let bits = Int.bitWidth &- clusters.leadingZeroBitCount
    let coarser = bits > 13 ? bits &- 13 : 0
    size = Self.powerOfTwo(coarser &- 50)
    let octaves = 50 &- coarser &- 21 &- bits
    rung = octaves > 21 ? 15 : octaves > 0 ? 0.69 * Double(octaves) : 0
    shifter = 1.5 * Self.powerOfTwo(coarser &+ 2)
  }

  @inline(__always)
  func value(_ units: UInt64) -> Double { Double(Int64(truncatingIfNeeded: units)) * size }

  /// The distance of references at a temperature: division by that rounds once more, unless it is a power of two.
  @inline(__always)
  func rung(_ temperature: Double) -> Double {
    let isExact = temperature.bitPattern & 0x000F_FFFF_FFFF_FFFF == 0
    return (isExact || rung < 7.75 ? rung : 7.75) * temperature
  }

  /// The reference for a probability: the highest, halved as often as it stays above, by steps; nil if that can't be told.
  @inline(__always)
  func halved(_ highest: Double, above probability: Double) -> Double? {
    let octaves = Int(rung * 1.44)
    guard octaves > 0 else { return nil }
    let most = Self.exponent(highest) &- Self.exponent(probability) &- 1
    let halvings = most > 0 ? most / octaves &* octaves : 0
    // In two steps, as the power itself may be too small for a number.
    return highest * Self.powerOfTwo(0 &- halvings / 2) * Self.powerOfTwo(halvings / 2 &- halvings)
  }

  /// 2 to a power from −1022 to 1023.
  @inline(__always)
  private static func powerOfTwo(_ exponent: Int) -> Double {
    Double(bitPattern: UInt64(truncatingIfNeeded: exponent &+ 1023) &<< 52)
  }

  /// The exponent of a number above 0.
  @inline(__always)
  private static func exponent(_ number: Double) -> Int {
    let isTiny = number < 0x1p-1022
    let bits = (isTiny ? number * 0x1p64 : number).bitPattern
    return Int(truncatingIfNeeded: bits &>> 52) &- 1023 &- (isTiny ? 64 : 0)
  }

  /// The units of one term.
  @inline(__always)
  func units(_ term: Double) -> UInt64 { (term + shifter).bitPattern &- shifter.bitPattern }
}
