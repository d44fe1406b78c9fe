import CDeflate

/// What HDF5's shuffle and deflate filters make of chunks of 32-bit numbers.
package enum ChunkCompressor {
  /// Fast, and hardly larger than what takes ten times as long: probabilities are mostly noise.
  package static let level = 1

  /// A chunk of `count` numbers that begins with `numbers`; zeros fill it up.
  package static func compressed(_ numbers: UnsafeRawBufferPointer, count: Int) -> [UInt8] {
    let byteCount = 4 * count
    precondition(numbers.count <= byteCount && numbers.count.isMultiple(of: 4))
    let shuffled = UnsafeMutableRawBufferPointer.allocate(byteCount: byteCount, alignment: 64)
    defer { shuffled.deallocate() }
    shuffle(numbers, count: count, into: shuffled)
    let compressor = libdeflate_alloc_compressor(Int32(level))
    defer { libdeflate_free_compressor(compressor) }
    let most = libdeflate_zlib_compress_bound(compressor, byteCount)
    return [UInt8](unsafeUninitializedCapacity: most) { output, written in
      written = libdeflate_zlib_compress(compressor, shuffled.baseAddress, byteCount, output.baseAddress, most)
      precondition(written > 0, "there is room for whatever compression gives")
    }
  }

  /// The numbers of a chunk that ``compressed(_:count:)`` made; nil if it is damaged.
  package static func expanded(_ chunk: [UInt8], count: Int) -> [UInt32]? {
    let byteCount = 4 * count
    let planes = UnsafeMutableRawBufferPointer.allocate(byteCount: byteCount, alignment: 64)
    defer { planes.deallocate() }
    let decompressor = libdeflate_alloc_decompressor()
    defer { libdeflate_free_decompressor(decompressor) }
    let result = chunk.withUnsafeBytes {
      libdeflate_zlib_decompress(decompressor, $0.baseAddress, $0.count, planes.baseAddress, byteCount, nil)
    }
    guard result == LIBDEFLATE_SUCCESS else { return nil }
    return (0..<count).map { index in
      (0..<4).reduce(0) { $0 | UInt32(planes[$1 * count + index]) &<< UInt32(8 * $1) }
    }
  }

  /// The numbers' first bytes, then their second ones, and so on.
  private static func shuffle(
    _ numbers: UnsafeRawBufferPointer, count: Int, into output: UnsafeMutableRawBufferPointer
  ) {
    let given = numbers.bindMemory(to: UInt32.self)
    for byte in 0..<4 {
      let plane = UnsafeMutableRawBufferPointer(rebasing: output[byte * count..<(byte + 1) * count])
      let shift = UInt32(8 * byte)
      for index in given.indices {
        plane[index] = UInt8(truncatingIfNeeded: UInt32(littleEndian: given[index]) &>> shift)
      }
      for index in given.count..<count { plane[index] = 0 }
    }
  }
}
