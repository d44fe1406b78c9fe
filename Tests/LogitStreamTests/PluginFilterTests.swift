import LogitStream
import TestSupport
import Testing

@Suite("Undoing the filters of plugins")
struct PluginFilterTests {
  /// What comes out of a filter into room for `room` bytes; nothing beyond these may be touched.
  private static func decode(
    _ bytes: [UInt8], id: Int, _ parameters: [UInt32] = [], room: Int
  ) throws -> [UInt8] {
    guard var decoder = FilterDecoder(id: id, parameters: parameters) else {
      Issue.record("no decoder for \(id) \(parameters)")
      return []
    }
    var output = [UInt8](repeating: 0xEE, count: room + 64)
    defer { #expect(output[room...].allSatisfy { $0 == 0xEE }) }
    let count = try bytes.withUnsafeBytes { input in
      try output.withUnsafeMutableBytes { buffer in
        try decoder.decode(input, into: UnsafeMutableRawBufferPointer(rebasing: buffer[..<room]))
      }
    }
    return Array(output[..<count])
  }

  private static func big<Number: FixedWidthInteger>(_ number: Number) -> [UInt8] {
    withUnsafeBytes(of: number.bigEndian) { Array($0) }
  }

  private static func little<Number: FixedWidthInteger>(_ number: Number) -> [UInt8] {
    withUnsafeBytes(of: number.littleEndian) { Array($0) }
  }

  /// Some bytes that differ.
  private static func content(_ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 167 &+ $0 >> 6) }
  }

  @Test(
    "Bits of elements of any size are put together again, whole blocks, the rest, and the last elements",
    arguments: [1, 2, 3, 4, 8, 16])
  func bitshuffle(size: Int) throws {
    for (elements, block) in [(0, 8), (5, 8), (8, 8), (100, 64), (1003, 128), (2600, 2048), (700, 4000)] {
      let content = Self.content(elements * size)
      var stored: [UInt8] = []
      for first in stride(from: 0, to: elements / 8 * 8, by: block) {
        let count = min(block, elements / 8 * 8 - first)
        // The definition: bit i of byte b of all elements, eight elements a byte.
        for bit in 0..<8 * size {
          for group in 0..<count / 8 {
            let bits = (0..<8).map { content[(first + 8 * group + $0) * size + bit / 8] >> UInt8(bit % 8) & 1 }
            stored.append(bits.reversed().reduce(0) { $0 << 1 | $1 })
          }
        }
      }
      stored += content[(elements / 8 * 8 * size)...]
      let found = try Self.decode(stored, id: 32008, [0, 4, UInt32(size), UInt32(block)], room: content.count)
      let isSame = found == content
      #expect(isSame, "\(elements) elements in blocks of \(block)")
    }
  }

  @Test("LZ4's blocks, compressed and as they are, must be what their lengths say")
  func lz4() throws {
    // "abcd", then eight bytes from 4 back, then eight new ones; then three bytes as they are.
    let compressed: [UInt8] = [0x44, 97, 98, 99, 100, 4, 0, 0x80] + Array("ABCDEFGH".utf8)
    let block = Self.big(UInt32(compressed.count)) + compressed
    let stored = Self.big(UInt64(23)) + Self.big(UInt32(20)) + block + Self.big(UInt32(3)) + [1, 2, 3]
    let found = try Self.decode(stored, id: 32004, room: 23)
    #expect(found == Array("abcdabcdabcdABCDEFGH".utf8) + [1, 2, 3])
    for count in stored.indices {
      #expect(throws: DecodingFailure.self) { try Self.decode(Array(stored[..<count]), id: 32004, room: 23) }
    }
    #expect(throws: DecodingFailure.self) { try Self.decode(stored + [0], id: 32004, room: 23) }
    #expect(throws: DecodingFailure.self) { try Self.decode(stored, id: 32004, room: 22) }
  }

  @Test("BloscLZ takes back runs, copies near and far, and copies that overlap themselves")
  func bloscLZ() throws {
    let near: [UInt8] = [1, 97, 98, 7 << 5, 3, 1, 0, 99]
    #expect(try Self.bloscLZ(near, count: 15) == Array("ab".utf8) + Array("ababababab".utf8) + Array("ab".utf8) + [99])
    // 8200 bytes, of which the first 8 come once more, from 8192 + 8 back.
    let content = Self.content(8200)
    var far: [UInt8] = []
    for start in stride(from: 0, to: content.count, by: 32) {
      let part = content[start..<min(start + 32, content.count)]
      far += [UInt8(part.count - 1)] + part
    }
    far += [6 << 5 | 31, 255, 0, 8, 0, 42]
    #expect(try Self.bloscLZ(far, count: 8209) == content + content[..<8] + [42])
  }

  /// Decompresses a block by way of a chunk of Blosc with that block.
  private static func bloscLZ(_ block: [UInt8], codec: UInt8 = 0, count: Int) throws -> [UInt8] {
    let stored = little(UInt32(20)) + little(UInt32(block.count)) + block
    let header =
      [2, 1, 16 | codec << 5, 1] + little(UInt32(count)) + little(UInt32(count)) + little(UInt32(16 + stored.count))
    return try decode(header + stored, id: 32001, room: count)
  }

  @Test("Snappy takes back runs and copies of all kinds")
  func snappy() throws {
    let block: [UInt8] = [
      18, 3 << 2, 97, 98, 99, 100, 1 << 2 | 1, 4, 4 << 2 | 2, 1, 0, 1 << 2 | 3, 4, 0, 0, 0, 60 << 2, 1, 1, 2,
    ]
    #expect(
      try Self.bloscLZ(block, codec: 2, count: 18) == Array("abcdabcda".utf8) + Array("aaaaa".utf8) + Array("aa".utf8)
        + [1, 2] + [])
  }

  @Test("What makes no sense is refused, and touches nothing beyond its output", arguments: seeds(20))
  func damaged(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let filters: [(Int, [UInt32])] = [
      (32001, []), (32004, []), (32008, [0, 4, 4, 8]), (32008, [0, 4, 4, 8, 2]), (32008, [0, 4, 4, 8, 3]), (32015, []),
      (32026, []),
    ]
    for (id, parameters) in filters {
      for _ in 0..<50 {
        let bytes = (0..<random.int(0...60)).map { _ in UInt8(random.int(0...255)) }
        _ = try? Self.decode(bytes, id: id, parameters, room: 64)
      }
    }
    for codec: UInt8 in [0, 1, 2, 3, 4] {
      for _ in 0..<50 {
        let block = (0..<random.int(1...60)).map { _ in UInt8(random.int(0...255)) }
        _ = try? Self.bloscLZ(block, codec: codec, count: 64)
      }
    }
  }
}
