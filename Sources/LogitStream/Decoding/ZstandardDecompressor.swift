import CZstandard

/// Decompresses Zstandard's frames (RFC 8878) with libzstd.
final class ZstandardDecompressor {
  /// Made when it is first needed: it is larger than most chunks' headers are.
  private lazy var context = ZSTD_createDCtx()

  deinit { ZSTD_freeDCtx(context) }

  /// Decompresses all frames of `input`, one after the other, and returns how many bytes came out.
  func decompress(
    _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
  ) throws(DecodingFailure) -> Int {
    guard let context, let source = input.baseAddress, let target = output.baseAddress else {
      throw DecodingFailure(reason: "there is nothing to decompress")
    }
    var next = 0
    var count = 0
    while next < input.count {
      // The library would take the formats of before the RFC too, whose decoders nobody mends any more.
      guard Self.isFrame(input, at: next) else {
        throw next == 0 ? .cannotBeDecompressed : .follows(input.count - next)
      }
      let byteCount = ZSTD_findFrameCompressedSize(source + next, input.count - next)
      guard ZSTD_isError(byteCount) == 0 else { throw .cannotBeDecompressed }
      let written = ZSTD_decompressDCtx(context, target + count, output.count - count, source + next, byteCount)
      guard ZSTD_isError(written) == 0 else {
        throw ZSTD_getErrorCode(written) == ZSTD_error_dstSize_tooSmall ? .decompressesToMore : .cannotBeDecompressed
      }
      next += byteCount
      count += written
    }
    return count
  }

  /// Whether a frame begins there, or one that is to be skipped.
  private static func isFrame(_ bytes: UnsafeRawBufferPointer, at offset: Int) -> Bool {
    guard let magic = bytes.little(UInt32.self, at: offset) else { return false }
    return magic == ZSTD_MAGICNUMBER || magic & ZSTD_MAGIC_SKIPPABLE_MASK == ZSTD_MAGIC_SKIPPABLE_START
  }
}
