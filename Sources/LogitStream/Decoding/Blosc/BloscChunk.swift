/// A chunk of Blosc: a header, where each block begins, and blocks.
struct BloscChunk {
  let header: BloscHeader
  private let bytes: UnsafeRawBufferPointer

  /// - Parameter most: How many bytes may come out.
  init(
    _ bytes: UnsafeRawBufferPointer, _ generation: BloscHeader.Generation, most: Int
  ) throws(DecodingFailure) {
    header = try BloscHeader(bytes, generation, most: most)
    self.bytes = bytes
    switch header.content {
    case .elements where header.isCopy:
      guard header.storedByteCount == header.length + header.byteCount else { throw .endsEarly("Blosc") }
    case .elements:
      guard header.length + 4 * blockCount <= bytes.count else { throw .endsEarly("Blosc") }
    case .zeros, .notANumber, .repeated, .uninitialized:
      break
    }
  }

  var blockCount: Int { (header.byteCount - 1) / header.blockByteCount + 1 }

  /// The number of bytes that come out of a block. The last one may have fewer.
  func byteCount(ofBlock block: Int) -> Int {
    min(header.blockByteCount, header.byteCount - block * header.blockByteCount)
  }

  /// Decodes all blocks, one after the other, and returns how many bytes came out.
  func decode(
    into output: UnsafeMutableRawBufferPointer, using tools: inout DecodingTools
  ) throws(DecodingFailure) -> Int {
    for block in 0..<blockCount {
      let target = output.part(at: block * header.blockByteCount, byteCount(ofBlock: block))
      try decode(block, into: target, using: &tools)
    }
    return header.byteCount
  }

  /// Decodes a block. The first must be decoded before others.
  ///
  /// - Parameter target: Has as many bytes as come out of it.
  func decode(
    _ block: Int, into target: UnsafeMutableRawBufferPointer, using tools: inout DecodingTools
  ) throws(DecodingFailure) {
    guard header.content == .elements else {
      let value = UnsafeRawBufferPointer(rebasing: bytes[header.length...])
      return try Self.fill(target, with: header.content, value, elementByteCount: header.elementByteCount)
    }
    if header.isCopy {
      let start = header.length + block * header.blockByteCount
      return target.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[start..<start + target.count]))
    }
    // Filters that move bytes take turns between two buffers, so that the last one writes to the target.
    let moves = header.moveCount
    var current = moves % 2 == 0 ? target : tools.block.bytes(target.count)
    var other = moves % 2 == 0 && moves > 0 ? tools.block.bytes(target.count) : target
    try decompress(block, into: current, using: tools)
    for slot in (0..<BloscHeader.filterCount).reversed() {
      switch header.filter(slot) {
      case (.none, _), (.truncation, _): continue
      case (.shuffle, let size):
        Shuffle.undo(
          UnsafeRawBufferPointer(current), elementByteCount: size > 0 ? size : header.elementByteCount, into: other)
        swap(&current, &other)
      case (.bitshuffle, _):
        undoBitshuffle(UnsafeRawBufferPointer(current), into: other, &tools.planes)
        swap(&current, &other)
      case (.delta, _): undoDelta(current, isFirst: block == 0, &tools.reference)
      }
    }
  }

  /// Fills a block with what all elements are.
  static func fill(
    _ target: UnsafeMutableRawBufferPointer, with content: BloscHeader.Content, _ value: UnsafeRawBufferPointer,
    elementByteCount: Int
  ) throws(DecodingFailure) {
    switch content {
    case .elements: break
    case .zeros: target.initializeMemory(as: UInt8.self, repeating: 0)
    case .notANumber where elementByteCount == 4 && target.count % 4 == 0:
      for place in stride(from: 0, to: target.count, by: 4) {
        target.storeBytes(of: Float.nan.bitPattern.littleEndian, toByteOffset: place, as: UInt32.self)
      }
    case .notANumber where elementByteCount == 8 && target.count % 8 == 0:
      for place in stride(from: 0, to: target.count, by: 8) {
        target.storeBytes(of: Double.nan.bitPattern.littleEndian, toByteOffset: place, as: UInt64.self)
      }
    case .notANumber:
      throw DecodingFailure(reason: "it says to be no numbers, of elements of \(elementByteCount) bytes")
    case .repeated:
      guard !value.isEmpty, target.count % value.count == 0 else {
        throw DecodingFailure(reason: "it says to repeat \(value.count) bytes, of which no block consists")
      }
      target.copyMemory(from: value)
      target.repeatBytes(at: value.count, distance: value.count, length: target.count - value.count)
    case .uninitialized: throw DecodingFailure(reason: "its elements were never given values")
    }
  }
}

extension BloscChunk {
  /// Decompresses the parts of a block.
  ///
  /// A part has its length before it. If that is as long as what comes out, it is stored as it is. Blosc 2 has 0 for a part of
  /// zeros, and writes −b, then a byte whose lowest bit is set, for a part of which each byte is b.
  private func decompress(
    _ block: Int, into target: UnsafeMutableRawBufferPointer, using tools: borrowing DecodingTools
  ) throws(DecodingFailure) {
    guard let start = bytes.little(Int32.self, at: header.length + 4 * block),
      start >= header.length + 4 * blockCount
    else { throw .endsEarly("Blosc") }
    let parts = partCount(target.count)
    guard target.count % parts == 0 else {
      throw DecodingFailure(reason: "its Blosc block of \(target.count) bytes has \(parts) parts")
    }
    var next = Int(start)
    for part in 0..<parts {
      let size = target.count / parts
      let output = target.part(at: part * size, size)
      guard let stored = bytes.little(Int32.self, at: next) else { throw .endsEarly("Blosc") }
      next += 4
      if stored <= 0, header.generation == .second {
        guard stored == 0 || stored >= -255 && next < bytes.count && bytes[next] & 1 == 1 else {
          throw .cannotBeDecompressed
        }
        output.initializeMemory(as: UInt8.self, repeating: UInt8(-stored))
        next += stored == 0 ? 0 : 1
        continue
      }
      guard let input = bytes.part(at: next, Int(stored)) else { throw .endsEarly("Blosc") }
      next += input.count
      if input.count == size {
        output.copyMemory(from: input)
      } else {
        try decompress(input, into: output, using: tools)
      }
    }
  }

  /// How many parts a block was compressed in. Earlier versions of Blosc 1 had no flag for those that were not split.
  private func partCount(_ byteCount: Int) -> Int {
    // The rest after whole blocks is one part.
    guard header.isSplit, byteCount == header.blockByteCount else { return 1 }
    if header.generation == .first {
      guard header.elementByteCount <= 16, byteCount / header.elementByteCount >= 128 else { return 1 }
    }
    return header.elementByteCount
  }

  private func decompress(
    _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer, using tools: borrowing DecodingTools
  ) throws(DecodingFailure) {
    switch header.codec {
    case .bloscLZ: try BloscLZ.decompress(input, filling: output)
    case .lz4: try LZ4.decompress(input, filling: output)
    case .snappy where header.generation == .first: try Snappy.decompress(input, filling: output)
    case .zlib:
      guard try tools.inflater.inflate(input, into: output) == output.count else { throw .cannotBeDecompressed }
    case .zstandard:
      guard try tools.zstandard.decompress(input, into: output) == output.count else { throw .cannotBeDecompressed }
    case .snappy, nil:
      throw DecodingFailure(reason: "it is compressed in a way that Blosc does not define")
    }
  }

  /// Up to version 2 blocks whose elements are no multiple of 8 were left alone; from then on only the last elements are.
  private func undoBitshuffle(
    _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer, _ planes: inout GrowingBuffer
  ) {
    let elements = input.count / header.elementByteCount
    let moved = header.version > 2 ? elements / 8 * 8 : elements % 8 == 0 ? elements : 0
    let byteCount = moved * header.elementByteCount
    BitTransposition.undo(
      UnsafeRawBufferPointer(rebasing: input[..<byteCount]), elements: moved,
      elementByteCount: header.elementByteCount, into: output.part(at: 0, byteCount), planes: &planes)
    output.part(at: byteCount, input.count - byteCount)
      .copyMemory(from: UnsafeRawBufferPointer(rebasing: input[byteCount...]))
  }

  /// The first block is differences of each element to the one before, others to the first block, all by exclusive or.
  private func undoDelta(
    _ target: UnsafeMutableRawBufferPointer, isFirst: Bool, _ reference: inout GrowingBuffer
  ) {
    let size = header.elementByteCount
    let unit = [1, 2, 4, 8].contains(size) ? size : size % 8 == 0 ? 8 : 1
    let whole = target.count / unit * unit
    if isFirst {
      if whole > unit { for place in unit..<whole { target[place] ^= target[place - unit] } }
      reference.bytes(target.count).copyMemory(from: UnsafeRawBufferPointer(target))
    } else {
      let first = reference.bytes(header.blockByteCount)
      for place in 0..<whole { target[place] ^= first[place] }
    }
  }
}
