/// What stands at the beginning of a chunk of Blosc, by its README_CHUNK_FORMAT: 16 bytes, or 32 that only Blosc 2 writes.
struct BloscHeader {
  /// The library that a chunk must be of. Blosc 2 reads those of Blosc 1 too.
  enum Generation { case first, second }

  enum Codec: UInt8 {
    case bloscLZ = 0
    /// What LZ4 compresses with its high compression is of the same format.
    case lz4 = 1
    case snappy = 2
    case zlib = 3
    case zstandard = 4
  }

  enum Filter: UInt8 {
    case none = 0
    case shuffle = 1
    case bitshuffle = 2
    /// Differences, by exclusive or, to the first block.
    case delta = 3
    /// Digits were left out before. There is nothing to undo.
    case truncation = 4
  }

  /// What all elements are, if they are not stored one by one.
  enum Content: UInt8 {
    case elements = 0
    case zeros = 1
    case notANumber = 2
    /// One value, which follows the header.
    case repeated = 3
    case uninitialized = 4
  }

  let generation: Generation
  let version: UInt8
  /// The number of bytes of the header.
  let length: Int
  let elementByteCount: Int
  /// How many bytes come out.
  let byteCount: Int
  let blockByteCount: Int
  /// How many bytes the chunk takes with its header.
  let storedByteCount: Int
  let codec: Codec?
  /// Whether blocks are stored as they are, without filters.
  let isCopy: Bool
  /// Whether a block of whole size is compressed in as many parts as elements have bytes.
  let isSplit: Bool
  let content: Content
  /// The filters in the order in which they were applied, each with its parameter.
  private let filters: SIMD8<UInt8>
  private let filterParameters: SIMD8<UInt8>

  static let filterCount = 6

  /// The filter in a slot, and its parameter.
  func filter(_ slot: Int) -> (Filter, parameter: Int) {
    (Filter(rawValue: filters[slot]) ?? .none, Int(filterParameters[slot]))
  }

  /// How many of the filters move bytes to other places.
  var moveCount: Int {
    (0..<Self.filterCount).count(where: {
      filters[$0] == Filter.shuffle.rawValue || filters[$0] == Filter.bitshuffle.rawValue
    })
  }

  /// Reads the header of a chunk, which must be as long as it says, and whose bytes must not be more than `most` when they
  /// come out.
  init(_ bytes: UnsafeRawBufferPointer, _ generation: Generation, most: Int) throws(DecodingFailure) {
    guard let byteCount = bytes.little(Int32.self, at: 4), let blockByteCount = bytes.little(Int32.self, at: 8),
      let storedByteCount = bytes.little(Int32.self, at: 12)
    else { throw .endsEarly("Blosc") }
    let flags = bytes[2]
    let isExtended = flags & 5 == 5 && generation == .second
    self.generation = generation
    version = bytes[0]
    length = isExtended ? 32 : 16
    guard version == 2 || generation == .second && (3...6).contains(version) else {
      throw DecodingFailure(reason: "its Blosc header is of version \(version), which is not known")
    }
    guard bytes.count >= length else { throw .endsEarly("Blosc") }
    guard storedByteCount >= length, storedByteCount <= bytes.count else { throw .endsEarly("Blosc") }
    guard Int(storedByteCount) == bytes.count else { throw .follows(bytes.count - Int(storedByteCount)) }
    elementByteCount = Int(bytes[3])
    guard byteCount > 0, blockByteCount > 0, elementByteCount > 0,
      // What Blosc 2 lets pass: another version of what codecs write, a flag of its own, blocks larger than the chunk.
      generation == .second || bytes[1] == 1 && flags & 8 == 0 && blockByteCount <= byteCount
    else { throw Self.damaged }
    guard byteCount <= most else { throw .declares(Int(byteCount)) }
    self.byteCount = Int(byteCount)
    self.blockByteCount = min(Int(blockByteCount), Int(byteCount))
    self.storedByteCount = Int(storedByteCount)
    isCopy = flags & 2 != 0
    isSplit = flags & 16 == 0
    codec = Codec(rawValue: flags >> 5)
    guard isExtended else {
      content = .elements
      filterParameters = SIMD8()
      filters = Self.filters(flags: flags, elementByteCount: elementByteCount)
      return
    }
    (filters, filterParameters) = try Self.filters(bytes, version: version)
    content = try Self.content(bytes)
  }

  private static let damaged = DecodingFailure(reason: "its Blosc header is damaged")

  /// What the first flags say of filters. In Blosc 1 shuffle goes before bitshuffle if both are set.
  private static func filters(flags: UInt8, elementByteCount: Int) -> SIMD8<UInt8> {
    var filters = SIMD8<UInt8>()
    if flags & 1 != 0, elementByteCount > 1 {
      filters[filterCount - 1] = Filter.shuffle.rawValue
    } else if flags & 4 != 0 {
      filters[filterCount - 1] = Filter.bitshuffle.rawValue
    }
    if flags & 8 != 0 { filters[filterCount - 2] = Filter.delta.rawValue }
    return filters
  }

  /// The filters of an extended header.
  private static func filters(
    _ bytes: UnsafeRawBufferPointer, version: UInt8
  ) throws(DecodingFailure) -> (SIMD8<UInt8>, parameters: SIMD8<UInt8>) {
    var (filters, parameters) = (SIMD8<UInt8>(), SIMD8<UInt8>())
    // The first version left the last slot as it was.
    for slot in 0..<(version == 3 ? filterCount - 1 : filterCount) {
      guard Filter(rawValue: bytes[16 + slot]) != nil else {
        throw DecodingFailure(reason: "its Blosc filter \(bytes[16 + slot]) is not known")
      }
      filters[slot] = bytes[16 + slot]
      parameters[slot] = bytes[24 + slot]
    }
    return (filters, parameters)
  }

  /// What the last flags of an extended header say.
  private static func content(_ bytes: UnsafeRawBufferPointer) throws(DecodingFailure) -> Content {
    let flags = bytes[31]
    // A dictionary, blocks that are elsewhere, measurements in place of elements; blocks of various lengths.
    guard flags & 0x89 == 0, bytes[30] == 0 else {
      throw DecodingFailure(reason: "its Blosc chunk is of a kind that HDF5's filter does not write")
    }
    guard let content = Content(rawValue: flags >> 4 & 7) else { throw damaged }
    return content
  }
}
