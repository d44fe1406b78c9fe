/// The bitshuffle filter registered with The HDF Group as 32008: K. Masui's, which puts the first bits of all elements of a
/// block first, then their second bits, and so on, and may compress each block.
package struct Bitshuffle: Sendable, Hashable {
  package enum Compression: UInt32, Sendable {
    case none = 0
    case lz4 = 2
    case zstandard = 3
  }

  let elementByteCount: Int
  /// The number of elements of a block, if blocks are not compressed. Those that are say it themselves.
  let blockElements: Int
  package let compression: Compression

  /// Reads the filter's parameters: two of version, the bytes of an element, the elements of a block, how it is compressed.
  /// Nil if they are none that the filter writes.
  package init?(parameters: [UInt32]) {
    guard parameters.count > 2, parameters[2] > 0, let elementByteCount = Int(exactly: parameters[2]),
      let compression = Compression(rawValue: parameters.count > 4 ? parameters[4] : 0)
    else { return nil }
    self.elementByteCount = elementByteCount
    self.compression = compression
    let given = parameters.count > 3 ? Int(parameters[3]) : 0
    blockElements = given > 0 ? given : Self.usualBlockElements(elementByteCount)
    guard blockElements % 8 == 0 else { return nil }
  }

  /// As many elements as 8 KiB hold, but 128 at least.
  private static func usualBlockElements(_ elementByteCount: Int) -> Int {
    max(8192 / elementByteCount / 8 * 8, 128)
  }

  /// Decodes all of `input` and returns how many bytes came out.
  func decode(
    _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer, using tools: inout DecodingTools
  ) throws(DecodingFailure) -> Int {
    guard compression != .none else {
      guard input.count <= output.count else { throw .declares(input.count) }
      return try decode(
        input, from: 0, byteCount: input.count, blockElements: blockElements, into: output, using: &tools)
    }
    // How many bytes there were (64 bits), and how many a block has (32), each with its highest byte first.
    guard let total = input.big(UInt64.self, at: 0), let blockByteCount = input.big(UInt32.self, at: 8) else {
      throw .endsEarly("bitshuffle")
    }
    guard total <= output.count else { throw .declares(Int(clamping: total)) }
    let given = Int(blockByteCount) / elementByteCount
    let elements = given > 0 ? given : Self.usualBlockElements(elementByteCount)
    guard elements % 8 == 0 else {
      throw DecodingFailure(reason: "its bitshuffle blocks have \(elements) elements, no multiple of 8")
    }
    return try decode(
      input, from: 12, byteCount: Int(total), blockElements: elements, into: output, using: &tools)
  }

  /// Decodes blocks: whole ones, then one of the remaining elements but for the last 7 at most, which come as they are.
  private func decode(
    _ input: UnsafeRawBufferPointer, from start: Int, byteCount: Int, blockElements: Int,
    into output: UnsafeMutableRawBufferPointer, using tools: inout DecodingTools
  ) throws(DecodingFailure) -> Int {
    guard byteCount % elementByteCount == 0 else {
      throw DecodingFailure(reason: "\(byteCount) bytes are no whole elements of \(elementByteCount)")
    }
    let elements = byteCount / elementByteCount
    var next = start
    var done = 0
    while elements - done >= 8 {
      let count = min(blockElements, (elements - done) / 8 * 8)
      let bits = try block(count * elementByteCount, of: input, at: &next, using: &tools)
      BitTransposition.undo(
        bits, elements: count, elementByteCount: elementByteCount,
        into: output.part(at: done * elementByteCount, bits.count), planes: &tools.planes)
      done += count
    }
    let rest = byteCount - done * elementByteCount
    guard let leftover = input.part(at: next, rest) else { throw .endsEarly("bitshuffle") }
    output.part(at: byteCount - rest, rest).copyMemory(from: leftover)
    guard next + rest == input.count else { throw .follows(input.count - next - rest) }
    return byteCount
  }

  /// The bytes of a block, decompressed. They are in `input`, or in a buffer of `tools`.
  private func block(
    _ byteCount: Int, of input: UnsafeRawBufferPointer, at next: inout Int, using tools: inout DecodingTools
  ) throws(DecodingFailure) -> UnsafeRawBufferPointer {
    if compression == .none {
      guard let block = input.part(at: next, byteCount) else { throw .endsEarly("bitshuffle") }
      next += byteCount
      return block
    }
    guard let stored = input.big(UInt32.self, at: next), let block = input.part(at: next + 4, Int(stored)) else {
      throw .endsEarly("bitshuffle")
    }
    next += 4 + block.count
    let target = tools.block.bytes(byteCount)
    if compression == .lz4 {
      try LZ4.decompress(block, filling: target)
    } else {
      guard try tools.zstandard.decompress(block, into: target) == byteCount else { throw .cannotBeDecompressed }
    }
    return UnsafeRawBufferPointer(target)
  }
}
