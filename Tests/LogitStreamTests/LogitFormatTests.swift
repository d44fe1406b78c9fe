import LogitStream
import Testing

@Suite("Formats of logits")
struct LogitFormatTests {
  /// The logit of a format at an odd address, whose bytes are those of `bits`, in the format's order.
  private func logit<Bits: FixedWidthInteger>(_ bits: Bits, _ precision: LogitFormat.Precision, isBigEndian: Bool)
    -> Double
  {
    let ordered = isBigEndian ? bits.bigEndian : bits.littleEndian
    let bytes = [0xA5] + withUnsafeBytes(of: ordered) { Array($0) }
    return bytes.withUnsafeBytes { buffer in
      buffer.baseAddress.map { LogitFormat(precision: precision, isBigEndian: isBigEndian).logit($0 + 1) } ?? .nan
    }
  }

  @Test("A logit is read alone, at any address, in both byte orders", arguments: [false, true])
  func single(isBigEndian: Bool) {
    for value in [0, -0.0, 2.5, -1500.25, .infinity, -.infinity, 0x1p-14] {
      #expect(logit(Double(value).bitPattern, .float64, isBigEndian: isBigEndian).bitPattern == value.bitPattern)
      #expect(logit(Float(value).bitPattern, .float32, isBigEndian: isBigEndian) == value)
      #expect(logit(Float16(value).bitPattern, .float16, isBigEndian: isBigEndian) == Double(Float16(value)))
    }
    #expect(logit(UInt16(0x4020), .bfloat16, isBigEndian: isBigEndian) == 2.5)
    #expect(logit(UInt16(0x3C00), .float16, isBigEndian: isBigEndian) == 1)
    #expect(logit(UInt16(0x0001), .float16, isBigEndian: isBigEndian) == 0x1p-24)
    #expect(logit(UInt16(0x7E00), .float16, isBigEndian: isBigEndian).isNaN)
  }
}
