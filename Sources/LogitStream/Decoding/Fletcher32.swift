/// The checksum that HDF5 appends to chunks: Fletcher's (1982), over big-endian 16-bit words, modulo 65535.
package enum Fletcher32 {
  /// The bytes before the checksum, if it is right.
  package static func checked(_ bytes: UnsafeRawBufferPointer) throws(DecodingFailure) -> UnsafeRawBufferPointer {
    guard bytes.count >= 4 else { throw DecodingFailure(reason: "it is too short for its checksum") }
    let content = UnsafeRawBufferPointer(rebasing: bytes[..<(bytes.count - 4)])
    let stored = UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: content.count, as: UInt32.self))
    let found = checksum(content)
    // Early versions of the library swapped the bytes of each half on big-endian machines. Today's accepts these too.
    let swapped = (found & 0x00FF_00FF) << 8 | (found >> 8) & 0x00FF_00FF
    guard stored == found || stored == swapped else { throw DecodingFailure(reason: "its checksum is wrong") }
    return content
  }

  /// Σ wᵢ and Σ (n − i) wᵢ over the n words, both modulo 65535. A remainder of 0 is written as 65535, unless all words
  /// are 0.
  package static func checksum(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
    var sum: UInt64 = 0
    var sumOfSums: UInt64 = 0
    var position = 0
    // 256 vectors of 16 words: no lane overflows, since 256 · 256 / 2 · 65535 is below 2^32.
    let block = 256 * 16
    while position < bytes.count {
      let words = min(block, (bytes.count - position + 1) / 2)
      let (first, second) = sums(bytes, from: position, words: words)
      sumOfSums = (sumOfSums + UInt64(words) * sum + second) % 65535
      sum = (sum + first) % 65535
      position += 2 * words
    }
    let isZero = bytes.allSatisfy { $0 == 0 }
    if sum == 0, !isZero { sum = 65535 }
    if sumOfSums == 0, !isZero { sumOfSums = 65535 }
    return UInt32(sumOfSums) << 16 | UInt32(sum)
  }

  /// Σ wᵢ and Σ (n − i) wᵢ over n words, not reduced. A byte that is missing at the end counts as 0.
  private static func sums(_ bytes: UnsafeRawBufferPointer, from start: Int, words: Int) -> (UInt64, UInt64) {
    var laneSums = SIMD16<UInt32>(repeating: 0)
    var laneSumsOfSums = laneSums
    let vectors = min(words, (bytes.count - start) / 2) / 16
    for vector in 0..<vectors {
      let raw = bytes.loadUnaligned(fromByteOffset: start &+ vector &* 32, as: SIMD16<UInt16>.self)
      laneSumsOfSums = laneSumsOfSums &+ laneSums
      laneSums = laneSums &+ SIMD16<UInt32>(truncatingIfNeeded: (raw &<< 8) | (raw &>> 8))
    }
    // Words of earlier vectors count once more for each of a vector's 16 words. Its own word in lane j counts 16 − j
    // times.
    var sum: UInt64 = 0
    var sumOfSums: UInt64 = 0
    for lane in 0..<16 {
      sum += UInt64(laneSums[lane])
      sumOfSums += 16 * UInt64(laneSumsOfSums[lane]) + UInt64(16 - lane) * UInt64(laneSums[lane])
    }
    for word in vectors * 16..<words {
      let position = start + 2 * word
      let low = position + 1 < bytes.count ? UInt64(bytes[position + 1]) : 0
      sum += UInt64(bytes[position]) << 8 | low
      sumOfSums += sum
    }
    return (sum, sumOfSums)
  }
}
