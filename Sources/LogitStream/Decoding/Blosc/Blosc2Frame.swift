/// A frame of Blosc 2 with the one chunk that HDF5's filter 32026 puts into it, by Blosc's README_CFRAME_FORMAT.
///
/// Its header and its metalayers are in MessagePack, but always of the same types. So each number is at a known place, with
/// its type before it.
struct Blosc2Frame {
  let elementByteCount: Int
  /// How many bytes come out of the chunk.
  let byteCount: Int
  /// How elements lie in blocks, if these are boxes of several dimensions.
  let grid: BlockGrid?
  private let bytes: UnsafeRawBufferPointer
  private let headerByteCount: Int
  private let chunksByteCount: Int

  init(_ bytes: UnsafeRawBufferPointer) throws(DecodingFailure) {
    guard bytes.count >= Self.leastHeader, Self.magic.indices.allSatisfy({ bytes[$0] == Self.magic[$0] }),
      let header = bytes.messagePack(Int32.self, 0xD2, at: 10), let frame = bytes.messagePack(Int64.self, 0xCF, at: 15),
      let plain = bytes.messagePack(Int64.self, 0xD3, at: 29), let stored = bytes.messagePack(Int64.self, 0xD3, at: 38),
      let element = bytes.messagePack(Int32.self, 0xD2, at: 47), let chunk = bytes.messagePack(Int32.self, 0xD2, at: 57)
    else { throw DecodingFailure(reason: "it has no header of a Blosc 2 frame") }
    guard bytes[25] & 15 <= 3, bytes[26] == 0 else {
      throw DecodingFailure(reason: "its Blosc 2 frame is of a version or type that is not known")
    }
    guard frame >= bytes.count else { throw .follows(bytes.count - Int(clamping: frame)) }
    guard frame == bytes.count, header >= Self.leastHeader, header <= bytes.count, stored >= 0,
      stored <= bytes.count - Int(header)
    else { throw .endsEarly("Blosc 2") }
    guard element > 0, plain > 0, plain <= chunk else {
      throw DecodingFailure(reason: "its Blosc 2 frame has not one chunk, as HDF5's filter writes")
    }
    self.bytes = bytes
    headerByteCount = Int(header)
    chunksByteCount = Int(stored)
    elementByteCount = Int(element)
    byteCount = Int(plain)
    grid = try Self.metalayer(bytes, headerByteCount: headerByteCount).map { offset throws(DecodingFailure) in
      try BlockGrid(bytes, at: offset)
    }
  }

  /// A list of 14, a string of 8, and that string.
  private static let magic: [UInt8] = [0x9E, 0xA8] + Array("b2frame\0".utf8)
  /// The bytes before the metalayers.
  private static let leastHeader = 0x57
  private static let mostMetalayers = 16

  /// Where the metalayer of several dimensions begins; nil if there is none.
  private static func metalayer(
    _ bytes: UnsafeRawBufferPointer, headerByteCount: Int
  ) throws(DecodingFailure) -> Int? {
    guard headerByteCount > leastHeader else { return nil }
    let damaged = DecodingFailure(reason: "the metalayers of its Blosc 2 frame are damaged")
    var next = leastHeader + 4
    guard bytes[leastHeader] == 0x93, let count = bytes.messagePack(UInt16.self, 0xDE, at: next),
      count <= mostMetalayers
    else { throw damaged }
    next += 3
    for _ in 0..<count {
      guard next < headerByteCount, bytes[next] & 0xE0 == 0xA0 else { throw damaged }
      let length = Int(bytes[next] & 0x1F)
      guard let name = bytes.part(at: next + 1, length),
        let offset = bytes.messagePack(Int32.self, 0xD2, at: next + 1 + length)
      else { throw damaged }
      next += 6 + length
      // What several dimensions were called before Blosc 2 had them itself.
      guard name.elementsEqual("b2nd".utf8) || name.elementsEqual("caterva".utf8) else { continue }
      guard let content = bytes.messagePack(UInt32.self, 0xC6, at: Int(offset)),
        Int(offset) + 5 + Int(content) <= headerByteCount
      else { throw damaged }
      return Int(offset) + 5
    }
    return nil
  }
}

extension Blosc2Frame {
  /// What the frame has for its chunk: the chunk, or what all elements are.
  enum Content {
    case chunk(BloscChunk)
    case constant(BloscHeader.Content)
  }

  /// Finds the chunk.
  ///
  /// The frame's index is a chunk too, behind the others: the offset of each chunk, or a byte in its highest place that says
  /// what all elements are.
  ///
  /// - Parameter most: How many bytes may come out of the chunk.
  func content(most: Int, using tools: inout DecodingTools) throws(DecodingFailure) -> Content {
    let damaged = DecodingFailure(reason: "the index of its Blosc 2 frame is damaged")
    let place = headerByteCount + chunksByteCount
    guard let length = bytes.little(Int32.self, at: place + 12), let stored = bytes.part(at: place, Int(length)) else {
      throw damaged
    }
    try checkTrailer(at: place + stored.count)
    let index = try BloscChunk(stored, .second, most: 8)
    var offset: UInt64 = 0
    guard index.header.byteCount == 8 else { throw damaged }
    try withUnsafeMutableBytes(of: &offset) { target throws(DecodingFailure) in
      _ = try index.decode(into: target, using: &tools)
    }
    offset = UInt64(littleEndian: offset)
    if offset >> 63 == 1 {
      guard let content = BloscHeader.Content(rawValue: UInt8(offset >> 56 & 7)), content != .elements,
        content != .repeated
      else { throw damaged }
      return .constant(content)
    }
    guard offset <= chunksByteCount,
      let chunkByteCount = bytes.little(Int32.self, at: headerByteCount + Int(offset) + 12),
      Int(chunkByteCount) <= chunksByteCount - Int(offset),
      let content = bytes.part(at: headerByteCount + Int(offset), Int(chunkByteCount))
    else { throw damaged }
    let chunk = try BloscChunk(content, .second, most: most)
    guard chunk.header.byteCount == byteCount else {
      throw DecodingFailure(
        reason: "its Blosc 2 frame has \(byteCount) bytes, and the chunk in it \(chunk.header.byteCount)")
    }
    return .chunk(chunk)
  }
}

extension Blosc2Frame {
  /// What is behind the index: a list of 4, its version, metalayers that can change their lengths, of which there are none
  /// (a list of 3: how many bytes that is, a map of 0, a list of 0), its length, and a fingerprint that nobody writes.
  private static let trailer: [UInt8] =
    [0x94, 1, 0x93, 0xCD, 0, 6, 0xDE, 0, 0, 0xDC, 0, 0, 0xCE, 0, 0, 0, 35, 0xD8]

  private func checkTrailer(at start: Int) throws(DecodingFailure) {
    // A type and 16 bytes of the fingerprint follow.
    guard bytes.count - start == Self.trailer.count + 17,
      Self.trailer.indices.allSatisfy({ $0 == 1 || bytes[start + $0] == Self.trailer[$0] })
    else { throw DecodingFailure(reason: "the trailer of its Blosc 2 frame is damaged") }
  }
}

extension UnsafeRawBufferPointer {
  /// A number of MessagePack's, which has its type before it and its highest byte first; nil if it is of another type, or
  /// not all there.
  func messagePack<Number: FixedWidthInteger & BitwiseCopyable>(
    _: Number.Type, _ type: UInt8, at offset: Int
  ) -> Number? {
    guard offset >= 0, offset < count, self[offset] == type else { return nil }
    return big(Number.self, at: offset + 1)
  }
}
