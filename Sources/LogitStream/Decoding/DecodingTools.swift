/// What decoders need besides input and output: the state of libraries, and buffers. Each worker has its own, so that no
/// chunk takes memory anew.
struct DecodingTools: ~Copyable {
  let inflater = Inflater()
  let zstandard = ZstandardDecompressor()
  /// A block that was decompressed, with its bytes in another order still.
  var block = GrowingBuffer()
  /// A block whose place is not all in the output.
  var placed = GrowingBuffer()
  /// The block that others were subtracted from.
  var reference = GrowingBuffer()
  /// The bytes of some elements, as ``BitTransposition`` leaves them.
  var planes = GrowingBuffer()

  /// What libraries take for themselves: Zstandard's tables and literals.
  static let libraryByteCount = 192 << 10
}

/// Why a chunk can't be decoded, in a few words that are used in more places than one.
extension DecodingFailure {
  static let cannotBeDecompressed = DecodingFailure(reason: "it can't be decompressed")
  static let decompressesToMore = DecodingFailure(reason: "it decompresses to more than a chunk", isForWantOfRoom: true)

  static func endsEarly(_ format: String) -> DecodingFailure {
    DecodingFailure(reason: "it ends before what its \(format) header says")
  }
  static func follows(_ count: Int) -> DecodingFailure {
    DecodingFailure(reason: "\(count) bytes follow what was compressed")
  }
  static func declares(_ count: Int) -> DecodingFailure {
    DecodingFailure(reason: "it says to be \(count) bytes, more than a chunk has", isForWantOfRoom: true)
  }
}
