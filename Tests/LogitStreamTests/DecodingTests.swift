import Foundation
import LogitStream
import TestSupport
import Testing

@Suite("Undoing filters")
struct DecodingTests {
  /// Σ wᵢ and Σ of the partial sums over big-endian words, modulo 65535, as the HDF5 file format defines them.
  private static func checksum(_ bytes: [UInt8]) -> UInt32 {
    var (sum, sumOfSums): (UInt64, UInt64) = (0, 0)
    for position in stride(from: 0, to: bytes.count, by: 2) {
      sum += UInt64(bytes[position]) << 8 | (position + 1 < bytes.count ? UInt64(bytes[position + 1]) : 0)
      sumOfSums += sum
      // Ones' complement: what is carried out at the top is added at the bottom.
      while sum > 0xFFFF { sum = sum & 0xFFFF + sum >> 16 }
      while sumOfSums > 0xFFFF { sumOfSums = sumOfSums & 0xFFFF + sumOfSums >> 16 }
    }
    return UInt32(sumOfSums << 16 | sum)
  }

  @Test("A Fletcher checksum is that of the format's definition, for any length and content", arguments: seeds(40))
  func fletcher(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let count = random.int(0...3) == 0 ? random.int(16_000...40_000) : random.int(1...600)
    let most = [0, 1, 255][random.int(0...2)]
    let bytes = (0..<count).map { _ in UInt8(most == 255 ? 255 - random.int(0...1) : random.int(0...most)) }
    let found = bytes.withUnsafeBytes { Fletcher32.checksum($0) }
    #expect(found == Self.checksum(bytes), "\(count) bytes up to \(most)")
  }

  @Test("A wrong checksum is found, whichever byte is wrong")
  func wrongChecksum() throws {
    let content = (0..<100).map { UInt8($0) }
    var bytes = content
    withUnsafeBytes(of: Self.checksum(content).littleEndian) { bytes += $0 }
    let good = try bytes.withUnsafeBytes { try [UInt8](Fletcher32.checked($0)) }
    #expect(good == content)
    for position in bytes.indices {
      var damaged = bytes
      damaged[position] ^= 0x10
      #expect(throws: DecodingFailure.self) { try damaged.withUnsafeBytes { _ = try Fletcher32.checked($0) } }
    }
  }

  @Test("Shuffled elements of any size are put together again", arguments: [1, 2, 3, 4, 8, 16])
  func shuffle(size: Int) {
    for count in [0, 1, 15, 16, 17, 100, 1000] {
      let whole = (0..<count * size).map { UInt8(truncatingIfNeeded: $0 &* 167 &+ $0 >> 8) }
      let rest: [UInt8] = Array([7, 8, 9].prefix(size - 1))
      let shuffled = (0..<size).flatMap { byte in (0..<count).map { whole[$0 * size + byte] } } + rest
      var result = [UInt8](repeating: 0, count: shuffled.count)
      shuffled.withUnsafeBytes { input in
        result.withUnsafeMutableBytes { Shuffle.undo(input, elementByteCount: size, into: $0) }
      }
      #expect(result == whole + rest, "\(count) elements")
    }
  }

  @Test("LZF takes back runs, copies near and far, and copies that overlap themselves")
  func lzf() throws {
    // "ab", then 10 bytes from 2 back, then a copy of the maximum length from 1 back.
    let compressed: [UInt8] = [1, 97, 98, 7 << 5, 1, 1, 7 << 5, 255, 0]
    var output = [UInt8](repeating: 0, count: 300)
    let count = try compressed.withUnsafeBytes { input in
      try output.withUnsafeMutableBytes { try LZF.decompress(input, into: $0) }
    }
    #expect(count == 2 + 10 + 264)
    #expect(String(decoding: output[..<12], as: UTF8.self) == "abababababab")
    #expect(output[12..<276].allSatisfy { $0 == 98 })
  }

  @Test("LZF that makes no sense, or too much, is refused, and touches nothing beyond its output", arguments: seeds(30))
  func damagedLZF(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    for _ in 0..<200 {
      let compressed = (0..<random.int(1...40)).map { _ in UInt8(random.int(0...255)) }
      var output = [UInt8](repeating: 0xEE, count: 80)
      _ = compressed.withUnsafeBytes { input in
        output.withUnsafeMutableBytes { buffer in
          try? LZF.decompress(input, into: UnsafeMutableRawBufferPointer(rebasing: buffer[..<64]))
        }
      }
      #expect(output[64...].allSatisfy { $0 == 0xEE })
    }
  }

  @Test("Columns become rows, for every element size and around the edges of squares", arguments: [2, 4, 8])
  func transposition(size: Int) {
    for (columns, rows) in [(1, 1), (3, 50), (16, 16), (17, 33), (40, 5)] {
      let columnStride = (rows + 3) * size
      let rowStride = (columns + 2) * size
      let source = (0..<columns * columnStride).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 7) }
      var target = [UInt8](repeating: 0, count: rows * rowStride)
      source.withUnsafeBytes { source in
        target.withUnsafeMutableBytes { target in
          guard let from = source.baseAddress, let to = target.baseAddress else { return }
          Transposition(elementByteCount: size).perform(
            from: from, columnStride: columnStride, columns: columns, rows: rows, to: to, rowStride: rowStride)
        }
      }
      for column in 0..<columns {
        for row in 0..<rows {
          let expected = source[(column * columnStride + row * size)...].prefix(size)
          #expect(target[(row * rowStride + column * size)...].prefix(size).elementsEqual(expected))
        }
      }
    }
  }
}
