import Checksums
import TestSupport
import Testing

@Suite("Checksums of files")
struct UnorderedSumTests {
  private func bytes(_ count: Int, _ random: inout SeededGenerator) -> [UInt8] {
    (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &random) }
  }

  private func sum(_ bytes: [UInt8]) -> FileSum {
    var sum = FileSum()
    bytes.withUnsafeBytes { sum.append($0) }
    return sum
  }

  @Test("CRC-32 is that of gzip, whole or in parts")
  func known() {
    let text = Array("123456789".utf8)
    #expect(Checksum.of(text) == 0xCBF4_3926)
    #expect(Checksum.of(text.dropFirst(4), continuing: Checksum.of(text.prefix(4))) == 0xCBF4_3926)
    #expect(Checksum.hexadecimal(0xAB) == "000000ab")
  }

  @Test(
    "In whatever order a file is written, with gaps, and over what was written, its sum is that of its bytes",
    arguments: seeds(40))
  func anyOrder(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    var file = [UInt8](repeating: 0, count: Int.random(in: 0...2000, using: &random))
    var found = UnorderedSum()
    for _ in 0..<Int.random(in: 0...30, using: &random) where !file.isEmpty {
      let start = Int.random(in: file.indices, using: &random)
      let written = bytes(Int.random(in: 0...min(200, file.count - start), using: &random), &random)
      let range = start..<start + written.count
      for part in found.written(in: range) {
        Array(file[part]).withUnsafeBytes { found.remove($0, at: part.lowerBound) }
      }
      #expect(found.written(in: range).isEmpty)
      written.withUnsafeBytes { found.add($0, at: start) }
      file.replaceSubrange(range, with: written)
      #expect(found.written(in: range) == (range.isEmpty ? [] : [range]))
    }
    #expect(found.sum(byteCount: file.count) == sum(file))
  }

  @Test("What lies gigabytes apart has its place: sizes beyond the order of the polynomial wrap as they must")
  func large() {
    // A CRC over n zeros after a byte repeats after 2³² − 1 bits.
    let period = (1 << 32) - 1
    var (near, far) = (UnorderedSum(), UnorderedSum())
    [UInt8(7)].withUnsafeBytes {
      near.add($0, at: 0)
      far.add($0, at: period)
    }
    #expect(near.sum(byteCount: 10).checksum == far.sum(byteCount: period + 10).checksum)
    #expect(near.sum(byteCount: 10).checksum != far.sum(byteCount: period + 11).checksum)
  }
}
