import CDeflate

/// The checksum of a file that is written in any order.
///
/// But for what it begins and ends with, CRC-32 is linear: the remainder of the content as a polynomial over GF(2), so
/// that each stretch of bytes adds a part of its own, the remainder of these bytes times x to the number of bits that
/// come after it. Where nothing was written there are zeros, which add nothing. Bytes that are written over are taken
/// away by adding them once more.
package struct UnorderedSum: Sendable {
  /// The sum of all parts, each times x to the power of minus the bits up to its end: where the file ends is not known yet.
  private var sum = UInt32(0)
  /// Where bytes were written, in ascending order and apart from one another.
  private(set) var written: [Range<Int>] = []

  package init() {}

  /// Takes in bytes at a place where nothing was written yet.
  package mutating func add(_ bytes: UnsafeRawBufferPointer, at offset: Int) {
    guard !bytes.isEmpty else { return }
    let range = offset..<offset + bytes.count
    change(by: bytes, endingAt: range.upperBound)
    let first = written.firstIndex { $0.upperBound >= range.lowerBound } ?? written.count
    let last = written[first...].firstIndex { $0.lowerBound > range.upperBound } ?? written.count
    let joined = written[first..<last].reduce(range) {
      min($0.lowerBound, $1.lowerBound)..<max($0.upperBound, $1.upperBound)
    }
    written.replaceSubrange(first..<last, with: [joined])
  }

  /// The parts of a range that bytes were written to.
  package func written(in range: Range<Int>) -> [Range<Int>] {
    written.map { $0.clamped(to: range) }.filter { !$0.isEmpty }
  }

  /// Forgets bytes that were written, and are about to be written over or cut off.
  ///
  /// - Parameter bytes: What they are.
  package mutating func remove(_ bytes: UnsafeRawBufferPointer, at offset: Int) {
    let range = offset..<offset + bytes.count
    change(by: bytes, endingAt: range.upperBound)
    written = written.flatMap { Self.pieces(of: $0, without: range) }
  }

  private static func pieces(of known: Range<Int>, without range: Range<Int>) -> [Range<Int>] {
    guard known.overlaps(range) else { return [known] }
    let before = known.lowerBound..<max(known.lowerBound, range.lowerBound)
    let after = min(known.upperBound, range.upperBound)..<known.upperBound
    return [before, after].filter { !$0.isEmpty }
  }

  private mutating func change(by bytes: UnsafeRawBufferPointer, endingAt end: Int) {
    // The library inverts what it begins with and what it returns.
    let remainder = ~libdeflate_crc32(~0, bytes.baseAddress, bytes.count)
    sum ^= Remainder.product(remainder, Remainder.power(bits: -8 * end))
  }

  /// The sum of a file of so many bytes.
  package func sum(byteCount: Int) -> FileSum {
    let length = Remainder.power(bits: 8 * byteCount)
    // A CRC begins with 32 ones, which come before all else, and is inverted at the end.
    let checksum = ~(Remainder.product(sum, length) ^ Remainder.product(~0, length))
    return FileSum(byteCount: byteCount, checksum: checksum)
  }
}

/// Polynomials over GF(2) modulo that of CRC-32. The highest bit is the coefficient of x⁰.
private enum Remainder {
  private static let polynomial: UInt32 = 0xEDB8_8320
  /// How many powers of x there are: the polynomial is primitive.
  private static let order = Int(UInt32.max)

  static func product(_ a: UInt32, _ b: UInt32) -> UInt32 {
    var (product, b) = (UInt32(0), b)
    var bit = UInt32(1) << 31
    while bit != 0 {
      if a & bit != 0 { product ^= b }
      b = b & 1 == 0 ? b >> 1 : b >> 1 ^ polynomial
      bit >>= 1
    }
    return product
  }

  /// x^(2^i) for each i.
  private static let squares: [UInt32] = (1..<32).reduce(into: [UInt32(1) << 30]) { powers, _ in
    powers.append(product(powers[powers.count - 1], powers[powers.count - 1]))
  }

  /// x to a power, which may be negative.
  static func power(bits: Int) -> UInt32 {
    var rest = bits % order
    if rest < 0 { rest += order }
    var result = UInt32(1) << 31
    for square in squares {
      if rest & 1 == 1 { result = product(result, square) }
      rest >>= 1
    }
    return result
  }
}
