import TestSupport
import Testing

@testable import KernelUnderTest

/// Sixteen elements at `offset` bytes into memory, read by a decoder.
private func decoded<Decoder: ElementDecoder>(
  _ bytes: [UInt8], offset: Int = 0, _: Decoder.Type
) -> [Decoder.Value] {
  let padded = [UInt8](repeating: 0xA5, count: offset) + bytes
  return padded.withUnsafeBytes { buffer in
    guard let start = buffer.baseAddress else { return [] }
    let values = Decoder.load16(start + offset)
    return (0..<16).map { values[$0] }
  }
}

/// The bytes of integers, the lowest first or the highest.
private func bytes(_ values: [some FixedWidthInteger], bigEndian: Bool = false) -> [UInt8] {
  values.flatMap { value in
    let width = value.bitWidth / 8
    return (0..<width).map { position in
      UInt8(truncatingIfNeeded: value >> (8 * (bigEndian ? width - 1 - position : position)))
    }
  }
}

/// What sixteen bits stand for as an IEEE 754 half-precision number, from its definition.
private func halfValue(_ bits: UInt16) -> Double {
  let sign = bits >> 15 == 0 ? 1.0 : -1.0
  let exponent = Int(bits >> 10 & 0x1F)
  let fraction = Double(bits & 0x3FF)
  switch exponent {
  case 0: return sign * fraction * 0x1p-24
  case 31: return fraction == 0 ? sign * .infinity : .nan
  default: return sign * Double(sign: .plus, exponent: exponent - 15, significand: 1 + fraction / 1024)
  }
}

@Suite("Decoders")
struct ElementDecoderTests {
  @Test("Each of the 65,536 half-precision numbers is widened exactly, in both byte orders", arguments: [false, true])
  func halves(bigEndian: Bool) {
    var wrong: [UInt16] = []
    for start in stride(from: 0, to: 65_536, by: 16) {
      let patterns = (start..<start + 16).map(UInt16.init)
      let raw = bytes(patterns, bigEndian: bigEndian)
      let values = bigEndian ? decoded(raw, Float16BigEndian.self) : decoded(raw, Float16LittleEndian.self)
      for (pattern, value) in zip(patterns, values) {
        let expected = halfValue(pattern)
        let isRight =
          expected.isNaN
          ? value.isNaN : Double(value) == expected && (value.sign == .minus) == (pattern >= 0x8000)
        if !isRight { wrong.append(pattern) }
      }
    }
    #expect(wrong.isEmpty)
  }

  @Test("Halves are widened as the language's own type does it")
  func halvesByTheLanguage() {
    var wrong: [UInt16] = []
    for start in stride(from: 0, to: 65_536, by: 16) {
      let patterns = (start..<start + 16).map(UInt16.init)
      for (pattern, value) in zip(patterns, decoded(bytes(patterns), Float16LittleEndian.self)) {
        let expected = Float(Float16(bitPattern: pattern))
        if value.bitPattern != expected.bitPattern, !(value.isNaN && expected.isNaN) { wrong.append(pattern) }
      }
    }
    #expect(wrong.isEmpty)
  }

  @Test("Each of the 65,536 bfloat16 numbers is a float's upper half, in both byte orders", arguments: [false, true])
  func upperHalves(bigEndian: Bool) {
    var wrong: [UInt16] = []
    for start in stride(from: 0, to: 65_536, by: 16) {
      let patterns = (start..<start + 16).map(UInt16.init)
      let raw = bytes(patterns, bigEndian: bigEndian)
      let values = bigEndian ? decoded(raw, BFloat16BigEndian.self) : decoded(raw, BFloat16LittleEndian.self)
      for (pattern, value) in zip(patterns, values) where value.bitPattern != UInt32(pattern) << 16 {
        wrong.append(pattern)
      }
    }
    #expect(wrong.isEmpty)
  }

  static let floats: [Float] = [
    0, -0.0, 1, -1, .pi, .leastNonzeroMagnitude, .leastNormalMagnitude, .greatestFiniteMagnitude, .infinity, -.infinity,
    .nan, 1e-10, -1234.5, 0x1.234566p7, -0x1.fedcbap-90, 16_777_215,
  ]

  @Test("Single-precision numbers are read bit by bit", arguments: [0, 1, 2, 3, 7])
  func floats(offset: Int) {
    let patterns = Self.floats.map(\.bitPattern)
    let little = decoded(bytes(patterns), offset: offset, Float32LittleEndian.self)
    #expect(little.map(\.bitPattern) == patterns)
    let big = decoded(bytes(patterns, bigEndian: true), offset: offset, Float32BigEndian.self)
    #expect(big.map(\.bitPattern) == patterns)
  }

  @Test("Double-precision numbers are read bit by bit", arguments: [0, 1, 4, 7])
  func doubles(offset: Int) {
    let patterns = Self.floats.map { (Double($0) * 1.000_000_000_1).bitPattern }
    let little = decoded(bytes(patterns), offset: offset, Float64LittleEndian.self)
    #expect(little.map(\.bitPattern) == patterns)
    let big = decoded(bytes(patterns, bigEndian: true), offset: offset, Float64BigEndian.self)
    #expect(big.map(\.bitPattern) == patterns)
  }

  @Test("Random bits keep their places, in both byte orders", arguments: seeds(20))
  func randomBits(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let wide = (0..<16).map { _ in random.next() & 0xBFFF_FFFF_FFFF_FFFF }
    #expect(decoded(bytes(wide), Float64LittleEndian.self).map(\.bitPattern) == wide)
    #expect(decoded(bytes(wide, bigEndian: true), Float64BigEndian.self).map(\.bitPattern) == wide)
    let narrow = wide.map { UInt32(truncatingIfNeeded: $0) & 0xBFFF_FFFF }
    #expect(decoded(bytes(narrow), Float32LittleEndian.self).map(\.bitPattern) == narrow)
    #expect(decoded(bytes(narrow, bigEndian: true), Float32BigEndian.self).map(\.bitPattern) == narrow)
  }
}
