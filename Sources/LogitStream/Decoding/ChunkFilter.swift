import HDF5

/// A filter that is undone here, without the HDF5 library.
package enum ChunkFilter: Sendable, Hashable {
  /// zlib's format.
  case deflate
  /// The first bytes of all elements, then the second bytes, and so on.
  case shuffle(elementByteCount: Int)
  /// gzip's format: one member.
  case gzip
  /// CRC-32C, four bytes at the end.
  case crc32c
  /// A checksum at the end.
  case fletcher32
  /// h5py's other built-in compression, which the HDF5 library does not know.
  case lzf
  case lz4
  case zstandard
  case bitshuffle(Bitshuffle)
  case blosc(Blosc)

  /// Recognizes a filter by its number, which is registered with The HDF Group; nil if it is none of these.
  init?(_ filter: Filter) { self.init(id: filter.id, parameters: filter.parameters) }

  init?(id: Int, parameters: [UInt32]) {
    switch id {
    case 1: self = .deflate
    case 2:
      guard let size = parameters.first, size > 0 else { return nil }
      self = .shuffle(elementByteCount: Int(size))
    case 3: self = .fletcher32
    case 32000: self = .lzf
    case 32001: self = .blosc(.first)
    case 32004: self = .lz4
    case 32008:
      guard let bitshuffle = Bitshuffle(parameters: parameters) else { return nil }
      self = .bitshuffle(bitshuffle)
    case 32015: self = .zstandard
    case 32026: self = .blosc(.second(parameters: parameters))
    default: return nil
    }
  }

  /// The buffers as large as a chunk that undoing it takes besides those for input and output: those of ``DecodingTools``, or
  /// what the input has more than a chunk.
  var moreBuffers: Int {
    switch self {
    case .deflate, .gzip, .shuffle, .crc32c, .fletcher32, .lzf, .zstandard: 0
    case .lz4, .bitshuffle, .blosc(.first): 1
    // A block that was decompressed, one to be placed, and one to subtract from.
    case .blosc(.second): 3
    }
  }

  /// How many times as many bytes may be stored as a chunk has, but for some.
  var mostGrowth: Int {
    switch self {
    case .deflate, .gzip, .shuffle, .crc32c, .fletcher32, .lzf, .zstandard, .blosc(.first): 1
    case .lz4, .bitshuffle: 2
    case .blosc(.second): 4
    }
  }
}

extension ChunkFilter {
  /// Undoes the filter and returns how many bytes came out. Nothing is written beyond `output`.
  func decode(
    _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer, using tools: inout DecodingTools
  ) throws(DecodingFailure) -> Int {
    switch self {
    case .deflate: return try tools.inflater.inflate(input, into: output)
    case .gzip: return try tools.inflater.inflate(input, into: output, isGzip: true)
    case .lzf: return try LZF.decompress(input, into: output)
    case .lz4: return try LZ4Filter.decode(input, into: output)
    case .zstandard: return try tools.zstandard.decompress(input, into: output)
    case .bitshuffle(let bitshuffle): return try bitshuffle.decode(input, into: output, using: &tools)
    case .blosc(let blosc): return try blosc.decode(input, into: output, using: &tools)
    case .shuffle(let elementByteCount):
      guard input.count <= output.count else { throw .declares(input.count) }
      Shuffle.undo(input, elementByteCount: elementByteCount, into: output.part(at: 0, input.count))
      return input.count
    case .crc32c, .fletcher32:
      let content = try self == .crc32c ? CRC32C.checked(input) : Fletcher32.checked(input)
      guard content.count <= output.count else { throw .declares(content.count) }
      output.copyMemory(from: content)
      return content.count
    }
  }
}
