import Glibc

/// What type numbers without a header are likely to be of, by the first of them.
///
/// Logits of one data set are of similar size: their exponents are few, some 2 bits of information each. Bytes that are read as
/// another type have bits of mantissas where exponents are, so that numbers are of all sizes; or every second number is the
/// lower half of one, and all its bits are noise. So a type is taken for wrong only if another one fits well, and it does not.
package struct ApparentType {
  /// How many bytes tell enough.
  package static let mostBytes = 1 << 14
  private let bytes: [UInt8]

  /// - Parameter start: The bytes that numbers begin with, at least as many as ``mostBytes`` if there are so many.
  package init(_ start: [UInt8]) {
    bytes = Array(start.prefix(min(Self.mostBytes, start.count / 8 * 8)))
  }

  /// The type that the numbers look like; nil if they may be of the type that they are said to be of, or nothing can be told.
  package func other(than said: LogitFormat) -> LogitFormat? {
    guard let claimed = NumberSizes(bytes, as: said) else { return nil }
    let others = LogitFormat.all.compactMap { format -> (format: LogitFormat, sizes: NumberSizes)? in
      guard format != said, let sizes = NumberSizes(bytes, as: format), sizes.areLikelyLogits else { return nil }
      return (format, sizes)
    }
    // Both halves of a wider number are plausible numbers only if they are two.
    var found = others.filter { $0.format.byteCount < said.byteCount }
    if found.isEmpty {
      found = others.filter { other in
        let isSwapped = said.precision == .bfloat16 && other.format.isHalf(as: said)
        if isSwapped { return claimed.areFinerThan(other.sizes) }
        return claimed.areAbsurd || other.format.exponentBits > said.exponentBits && claimed.areHalves(of: other.sizes)
      }
    }
    if found.isEmpty, said.precision == .float16 {
      found = others.filter { $0.format.isHalf(as: said) && claimed.areCoarserThan($0.sizes) }
    }
    let narrowest = found.map(\.format.byteCount).min()
    found = found.filter { $0.format.byteCount == narrowest }
    // What is bfloat16 looks like float16, too, whose first bits of mantissas are then those of exponents.
    if let half = found.first(where: { $0.format.precision == .float16 }),
      let brain = found.first(where: { $0.format.precision == .bfloat16 })
    {
      return half.sizes.mantissaEntropy < NumberSizes.leastEntropy ? brain.format : half.format
    }
    return found.min { $0.sizes.entropy < $1.sizes.entropy }?.format
  }
}

extension LogitFormat {
  fileprivate static var all: [LogitFormat] {
    Precision.allCases.flatMap { precision in
      [false, true].map { LogitFormat(precision: precision, isBigEndian: $0) }
    }
  }

  /// Whether it is the other type of two bytes in the same byte order.
  fileprivate func isHalf(as other: LogitFormat) -> Bool {
    byteCount == 2 && other.byteCount == 2 && isBigEndian == other.isBigEndian && self != other
  }

  fileprivate var exponentBits: Int {
    switch precision {
    case .float16: 5
    case .bfloat16, .float32: 8
    case .float64: 11
    }
  }
}

/// Of what sizes numbers are if bytes are read as one type.
///
/// Numbers that come again and again (zeros, masks, −∞) tell nothing, and are left out.
private struct NumberSizes {
  /// Of the exponents, in bits.
  let entropy: Double
  /// The same of the numbers at one place of several in eight bytes, where it is the largest.
  private var largestEntropy = 0.0
  /// How much the sizes at two such places differ: the part of numbers that would have to be others.
  private var difference = 0.0
  /// Of the first three bits of mantissas, for a given exponent: 3 if all are as frequent.
  let mantissaEntropy: Double
  /// Of the three bits after these. It is small if numbers are rounded.
  private let laterEntropy: Double
  /// The part of numbers that are neither near 0 nor huge, for logits.
  private let ordinary: Double
  private let huge: Double
  private let negative: Double
  /// The part of numbers that are not left out.
  private let kept: Double

  /// What entropies of three bits are above, if they are bits of mantissas.
  static let leastEntropy = 2.3
  private static let fewest = 256

  /// Nil if too few numbers tell anything.
  init?(_ bytes: [UInt8], as format: LogitFormat) {
    let numbers = Self.numbers(bytes, format)
    var frequencies: [UInt64: Int] = [:]
    for number in numbers { frequencies[number, default: 0] += 1 }
    let places = 8 / format.byteCount
    let mantissaBits = 8 * format.byteCount - 1 - format.exponentBits
    let bias = 1 << (format.exponentBits - 1) - 1
    // One more exponent stands for the numbers that are left out.
    let leftOut = 1 << format.exponentBits
    var exponents = [[Int]](repeating: Array(repeating: 0, count: leftOut + 1), count: places)
    var mantissas = [[Int]](repeating: Array(repeating: 0, count: 8), count: leftOut)
    var later = [Int](repeating: 0, count: 8)
    var (count, ordinary, huge, negative) = (0, 0, 0, 0)
    for (index, number) in numbers.enumerated() {
      guard frequencies[number, default: 0] <= max(4, numbers.count / 64) else {
        exponents[index % places][leftOut] += 1
        continue
      }
      let exponent = Int(number >> UInt64(mantissaBits)) & (leftOut - 1)
      exponents[index % places][exponent] += 1
      mantissas[exponent][Int(number >> UInt64(mantissaBits - 3)) & 7] += 1
      later[Int(number >> UInt64(mantissaBits - 6)) & 7] += 1
      count += 1
      if exponent - bias >= 13 { huge += 1 } else if exponent - bias >= -20 { ordinary += 1 }
      negative += Int(number >> UInt64(8 * format.byteCount - 1))
    }
    guard count >= Self.fewest else { return nil }
    func part(_ some: Int) -> Double { Double(some) / Double(count) }
    (self.ordinary, self.huge, self.negative) = (part(ordinary), part(huge), part(negative))
    kept = Double(count) / Double(numbers.count)
    laterEntropy = Self.entropy(later)
    mantissaEntropy = mantissas.reduce(0) { $0 + part($1.reduce(0, +)) * Self.entropy($1) }
    entropy = Self.entropy((0..<leftOut).map { exponent in exponents.reduce(0) { $0 + $1[exponent] } })
    for place in exponents {
      largestEntropy = max(largestEntropy, Self.entropy(place.dropLast()))
      for other in exponents {
        let sum = zip(place, other).reduce(0) { $0 + abs($1.0 - $1.1) }
        difference = max(difference, Double(sum * places) / Double(2 * numbers.count))
      }
    }
  }

  private static func numbers(_ bytes: [UInt8], _ format: LogitFormat) -> [UInt64] {
    stride(from: 0, to: bytes.count, by: format.byteCount).map { start in
      let number = bytes[start..<start + format.byteCount]
      return format.isBigEndian
        ? number.reduce(0) { $0 << 8 | UInt64($1) } : number.reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
  }

  private static func entropy(_ counts: some Collection<Int>) -> Double {
    let sum = Double(counts.reduce(0, +))
    return counts.reduce(0) { $1 == 0 ? $0 : $0 - Double($1) / sum * log2(Double($1) / sum) }
  }

  /// Whether they are as logits are, all of similar size, wherever they stand, and not rounded.
  var areLikelyLogits: Bool {
    ordinary >= 0.99 && difference <= 0.3 && entropy <= 3.6 && kept >= 0.5 && laterEntropy >= Self.leastEntropy
  }

  /// Whether many are too near 0 or too large, or bits of exponents are noise.
  var areAbsurd: Bool { ordinary < 0.95 || largestEntropy >= 4.3 }

  /// Whether these are halves of wider numbers that once were narrow, so that the lower halves are the same few.
  ///
  /// If these were right, the wider ones had three bits of mantissas more in their exponents.
  func areHalves(of wider: NumberSizes) -> Bool {
    difference >= 0.95 && wider.entropy - largestEntropy < NumberSizes.leastEntropy && hasBothSigns
  }

  /// Whether these, read as bfloat16, are float16: three bits of mantissas make exponents of all sizes.
  func areFinerThan(_ half: NumberSizes) -> Bool {
    areAbsurd && entropy - half.entropy >= 2.8 && (hasBothSigns || huge >= 0.02)
  }

  /// Whether these, read as float16, are bfloat16: none is near 0, though they have both signs, and mantissas are exponents.
  func areCoarserThan(_ brain: NumberSizes) -> Bool {
    mantissaEntropy < Self.leastEntropy && brain.entropy >= 1.5 && hasBothSigns
  }

  private var hasBothSigns: Bool { negative > 0.05 && negative < 0.95 }
}
