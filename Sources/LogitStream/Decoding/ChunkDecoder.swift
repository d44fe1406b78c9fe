import CDeflate

/// Why a chunk can't be decoded, in a few words.
package struct DecodingFailure: Error, Equatable {
  let reason: String
}

/// Undoes what chunks went through when they were written. A worker has one, with two buffers that take turns.
struct ChunkDecoder: ~Copyable {
  /// What a stored chunk may take beyond the bytes of its elements: compression of what can't be compressed, checksums.
  static let slack = 1 << 16

  private var current = GrowingBuffer()
  private var other = GrowingBuffer()
  private var count = 0
  private let inflater = Inflater()

  /// The buffer for the stored bytes of a chunk, to be filled before ``decode(_:skipping:chunkByteCount:)``.
  mutating func stored(byteCount: Int) -> UnsafeMutableRawBufferPointer {
    count = byteCount
    return current.bytes(byteCount)
  }

  /// Decodes the bytes in the buffer.
  ///
  /// - Parameters:
  ///   - filters: What the chunk went through, in that order.
  ///   - skipped: Bit i is set where filter i was left out.
  ///   - chunkByteCount: What must come out.
  /// - Returns: The elements, valid until the buffer is used again.
  mutating func decode(
    _ filters: [ChunkFilter], skipping skipped: UInt32, chunkByteCount: Int
  ) throws(DecodingFailure) -> UnsafeRawBufferPointer {
    for (index, filter) in filters.enumerated().reversed() where index >= 32 || skipped >> UInt32(index) & 1 == 0 {
      // Filters that come earlier, and checksums are among them, may have made the elements longer.
      let most = chunkByteCount + 4 * index
      let input = UnsafeRawBufferPointer(current.bytes(count))
      switch filter {
      case .fletcher32:
        count = try Fletcher32.checked(input).count
      case .deflate:
        count = try inflater.inflate(input, into: other.bytes(most))
        swap(&current, &other)
      case .lzf:
        count = try LZF.decompress(input, into: other.bytes(most))
        swap(&current, &other)
      case .shuffle(let elementByteCount):
        Shuffle.undo(input, elementByteCount: elementByteCount, into: other.bytes(input.count))
        swap(&current, &other)
      }
    }
    guard count == chunkByteCount else {
      throw DecodingFailure(reason: "\(count) bytes came out, where a chunk has \(chunkByteCount)")
    }
    return UnsafeRawBufferPointer(current.bytes(count))
  }
}

/// Decompresses zlib's format by libdeflate.
private final class Inflater {
  private let decompressor = libdeflate_alloc_decompressor()

  deinit { libdeflate_free_decompressor(decompressor) }

  func inflate(
    _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
  ) throws(DecodingFailure) -> Int {
    var count = 0
    guard let decompressor, let source = input.baseAddress, let target = output.baseAddress else {
      throw DecodingFailure(reason: "there is nothing to decompress")
    }
    switch libdeflate_zlib_decompress(decompressor, source, input.count, target, output.count, &count) {
    case LIBDEFLATE_SUCCESS: return count
    case LIBDEFLATE_INSUFFICIENT_SPACE: throw DecodingFailure(reason: "it decompresses to more than a chunk")
    default: throw DecodingFailure(reason: "it can't be decompressed")
    }
  }
}
