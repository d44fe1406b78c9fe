import CDeflate

/// Decompresses zlib's format with libdeflate.
final class Inflater {
  private let decompressor = libdeflate_alloc_decompressor()

  deinit { libdeflate_free_decompressor(decompressor) }

  /// Decompresses all of `input` and returns how many bytes came out.
  func inflate(
    _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer, isGzip: Bool = false
  ) throws(DecodingFailure) -> Int {
    var count = 0
    var used = 0
    guard let decompressor, let source = input.baseAddress, let target = output.baseAddress else {
      throw DecodingFailure(reason: "there is nothing to decompress")
    }
    let decompress = isGzip ? libdeflate_gzip_decompress_ex : libdeflate_zlib_decompress_ex
    switch decompress(decompressor, source, input.count, target, output.count, &used, &count) {
    case LIBDEFLATE_SUCCESS: break
    case LIBDEFLATE_INSUFFICIENT_SPACE: throw .decompressesToMore
    default: throw .cannotBeDecompressed
    }
    guard used == input.count else { throw .follows(input.count - used) }
    return count
  }
}
