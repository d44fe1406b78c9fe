import Errors
import HDF5

/// Why a chunk can't be decoded, in a few words.
package struct DecodingFailure: CategorizedError, Equatable {
  let reason: String
  /// Whether there was less room for what came out than it needs.
  var isForWantOfRoom = false

  package var category: ErrorCategory { .badData }
  package var description: String { reason }
}

/// Undoes the filters that chunks went through when they were written. Each worker has its own, with two buffers that
/// take turns.
struct ChunkDecoder: ~Copyable {
  /// How many bytes more than a chunk's elements there may be between filters: data that can't be compressed grows, by a
  /// thousandth at most in what zlib writes, and checksums are added.
  static func slack(chunkByteCount: Int) -> Int { chunkByteCount / 256 + 1 << 16 }

  /// How many bytes a stored chunk may have. Some filters can make a chunk larger by more than that: each small block has a
  /// length before it, or blocks reach beyond the chunk.
  static func mostStored(_ steps: [DecodingStep], chunkByteCount: Int) -> Int {
    let growth = steps.reduce(1) { most, step in
      if case .own(let filter) = step { max(most, filter.mostGrowth) } else { most }
    }
    return growth * chunkByteCount + slack(chunkByteCount: chunkByteCount)
  }

  /// The bytes that it takes to decode chunks of a size.
  ///
  /// - Parameter buffers: How many buffers of that size there are: ``buffers(_:)``.
  static func byteCount(_ chunkByteCount: Int, buffers: Int) -> Int {
    buffers * (chunkByteCount + slack(chunkByteCount: chunkByteCount))
      + (buffers > leastBuffers ? DecodingTools.libraryByteCount : 0)
  }

  /// For a chunk as it is stored, and as it is decoded.
  static let leastBuffers = 2
  /// If the library undoes a filter, it is given the stored bytes, reads them, and has what comes out in a buffer of its own.
  static let buffersByLibrary = 5

  /// How many buffers as large as a chunk it takes to undo filters.
  static func buffers(_ filters: [Filter]) -> Int {
    filters.reduce(leastBuffers) { most, filter in
      max(most, ChunkFilter(filter).map { leastBuffers + $0.moreBuffers } ?? buffersByLibrary)
    }
  }

  private var current = GrowingBuffer()
  private var other = GrowingBuffer()
  private var count = 0
  private var tools = DecodingTools()
  /// The chunk whose elements are in the buffer.
  private var key: Key?

  /// What tells a chunk from others.
  struct Key: Equatable {
    let reader: Int
    let chunk: [Int]
  }

  /// The buffer for the stored bytes of a chunk. Fill it before ``decode(_:skipping:chunkByteCount:)``.
  mutating func stored(byteCount: Int) -> UnsafeMutableRawBufferPointer {
    count = byteCount
    key = nil
    return current.bytes(byteCount)
  }

  /// The elements of a chunk, if it was the last to be decoded.
  mutating func decoded(_ key: Key) -> UnsafeRawPointer? {
    self.key == key ? UnsafeRawPointer(current.bytes(count).start) : nil
  }

  /// Decodes the bytes in the buffer.
  ///
  /// - Parameters:
  ///   - steps: The filters that the chunk went through, in that order.
  ///   - skipped: Bit i is set if filter i was left out.
  ///   - chunkByteCount: The number of bytes that must come out, at least 1.
  ///   - key: What ``decoded(_:)`` is to know them by.
  /// - Returns: The elements, valid until the buffer is used again.
  /// - Throws: ``DecodingFailure`` if other than so many bytes come out, or a filter was given more bytes than it takes.
  ///   No filter writes more than a chunk and its slack.
  mutating func decode(
    _ steps: [DecodingStep], skipping skipped: UInt32, chunkByteCount: Int, _ key: Key?
  ) throws(DecodingFailure) -> UnsafeRawPointer {
    for (index, step) in steps.enumerated().reversed() where index >= 32 || skipped >> UInt32(index) & 1 == 0 {
      // The filters before this one may have made the chunk larger.
      let most = chunkByteCount + (index > 0 ? Self.slack(chunkByteCount: chunkByteCount) : 0)
      let input = UnsafeRawBufferPointer(current.bytes(count))
      let output = other.bytes(most)
      switch step {
      case .own(.fletcher32):
        count = try Fletcher32.checked(input).count
        continue
      case .own(.crc32c):
        count = try CRC32C.checked(input).count
        continue
      case .own(let filter): count = try filter.decode(input, into: output, using: &tools)
      case .library(let filter, let undoing): count = try Self.undo(filter, undoing, input, into: output)
      }
      swap(&current, &other)
    }
    guard count == chunkByteCount else {
      throw DecodingFailure(reason: "\(count) bytes came out, where a chunk has \(chunkByteCount)")
    }
    self.key = key
    return UnsafeRawPointer(current.bytes(count).start)
  }
}

extension ChunkDecoder {
  private static func undo(
    _ filter: Filter, _ undoing: LibraryFilter, _ input: UnsafeRawBufferPointer,
    into output: UnsafeMutableRawBufferPointer
  ) throws(DecodingFailure) -> Int {
    if let declared = filter.declaredByteCount(input), declared > output.count {
      throw .declares(declared)
    }
    if let needed = filter.neededByteCount(input), needed > input.count {
      throw DecodingFailure(reason: "\(input.count) bytes went into \(filter.name), where \(needed) are needed")
    }
    let count: Int
    do { count = try undoing.undo(input, into: output) } catch { throw DecodingFailure(reason: error.message) }
    guard count <= output.count else {
      throw DecodingFailure(reason: "\(count) bytes came out of \(filter.name), more than a chunk has")
    }
    return count
  }
}
