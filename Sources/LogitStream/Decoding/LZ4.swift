import CLZ4

/// Decompression of LZ4's block format, with liblz4.
enum LZ4 {
  /// Decompresses all of `input`, which must fill `output`.
  static func decompress(
    _ input: UnsafeRawBufferPointer, filling output: UnsafeMutableRawBufferPointer
  ) throws(DecodingFailure) {
    guard let inputCount = Int32(exactly: input.count), let outputCount = Int32(exactly: output.count),
      LZ4_decompress_safe(input.baseAddress, output.baseAddress, inputCount, outputCount) == outputCount
    else { throw .cannotBeDecompressed }
  }
}

/// The LZ4 filter registered with The HDF Group as 32004.
///
/// The numbers of its format have their highest byte first: how many bytes there were (64 bits), and how many a block has
/// (32). Then, for each block, how many bytes it takes (32), and these. A block that would not be smaller is stored as it
/// is.
package enum LZ4Filter {
  /// Decodes all of `input` and returns how many bytes came out.
  package static func decode(
    _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
  ) throws(DecodingFailure) -> Int {
    guard let total = input.big(UInt64.self, at: 0), let size = input.big(UInt32.self, at: 8) else {
      throw .endsEarly("LZ4")
    }
    guard total <= output.count else { throw .declares(Int(clamping: total)) }
    let byteCount = Int(total)
    guard size > 0 || byteCount == 0 else { throw DecodingFailure(reason: "its LZ4 blocks have no bytes") }
    var next = 12
    var count = 0
    while count < byteCount {
      let blockCount = min(Int(size), byteCount - count)
      guard let stored = input.big(UInt32.self, at: next), let block = input.part(at: next + 4, Int(stored)) else {
        throw .endsEarly("LZ4")
      }
      let target = output.part(at: count, blockCount)
      if block.count == blockCount {
        target.copyMemory(from: block)
      } else {
        try LZ4.decompress(block, filling: target)
      }
      next += 4 + block.count
      count += blockCount
    }
    guard next == input.count else { throw .follows(input.count - next) }
    return count
  }
}
