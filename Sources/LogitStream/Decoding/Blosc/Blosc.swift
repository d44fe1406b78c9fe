/// The filters of Blosc, which cuts a chunk into blocks, puts the bytes or bits of their elements in another order, and
/// compresses them.
package enum Blosc: Sendable, Hashable {
  /// Registered with The HDF Group as 32001.
  case first
  /// Registered as 32026. `shape` is that of a chunk, if its parameters say it; else it is empty.
  case second(shape: [UInt32])

  /// Blosc 2 by its parameters, of which the eighth is the number of a chunk's dimensions, and their lengths follow.
  static func second(parameters: [UInt32]) -> Blosc {
    .second(shape: parameters.count > 7 ? Array(parameters[8...].prefix(Int(parameters[7]))) : [])
  }

  /// Decodes all of `input` and returns how many bytes came out.
  func decode(
    _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer, using tools: inout DecodingTools
  ) throws(DecodingFailure) -> Int {
    guard case .second(let shape) = self else {
      return try BloscChunk(input, .first, most: output.count).decode(into: output, using: &tools)
    }
    let frame = try Blosc2Frame(input)
    guard let grid = frame.grid else { return try Self.decode(frame, into: output, using: &tools) }
    guard shape.isEmpty || grid.hasShape(shape) else {
      throw DecodingFailure(reason: "its Blosc 2 frame has other dimensions than a chunk")
    }
    return try Self.decode(frame, grid, into: output, using: &tools)
  }

  /// Decodes a frame of one dimension.
  private static func decode(
    _ frame: Blosc2Frame, into output: UnsafeMutableRawBufferPointer, using tools: inout DecodingTools
  ) throws(DecodingFailure) -> Int {
    guard frame.byteCount <= output.count else { throw .declares(frame.byteCount) }
    switch try frame.content(most: output.count, using: &tools) {
    case .chunk(let chunk): return try chunk.decode(into: output, using: &tools)
    case .constant(let content):
      try fill(output.part(at: 0, frame.byteCount), frame, content)
      return frame.byteCount
    }
  }

  /// Decodes a frame of several dimensions.
  private static func decode(
    _ frame: Blosc2Frame, _ grid: BlockGrid, into output: UnsafeMutableRawBufferPointer,
    using tools: inout DecodingTools
  ) throws(DecodingFailure) -> Int {
    let size = frame.elementByteCount
    guard let elements = BlockGrid.count(grid.shape, most: output.count / size),
      let padded = BlockGrid.count(grid.blocks &* grid.blockShape, most: Int(Int32.max) / size),
      let blockElements = BlockGrid.count(grid.blockShape, most: elements), padded * size == frame.byteCount
    else { throw DecodingFailure(reason: "its Blosc 2 frame has other dimensions than bytes") }
    switch try frame.content(most: frame.byteCount, using: &tools) {
    case .constant(let content):
      try fill(output.part(at: 0, elements * size), frame, content)
    case .chunk(let chunk):
      guard chunk.header.blockByteCount == blockElements * size else {
        throw DecodingFailure(reason: "its Blosc 2 blocks have other dimensions than bytes")
      }
      for block in 0..<chunk.blockCount {
        let start = grid.start(ofBlock: block)
        if let place = grid.whole(start) {
          try chunk.decode(block, into: output.part(at: place * size, blockElements * size), using: &tools)
        } else {
          let target = tools.placed.bytes(blockElements * size)
          try chunk.decode(block, into: target, using: &tools)
          grid.scatter(UnsafeRawBufferPointer(target), from: start, elementByteCount: size, into: output)
        }
      }
    }
    return elements * size
  }

  private static func fill(
    _ target: UnsafeMutableRawBufferPointer, _ frame: Blosc2Frame, _ content: BloscHeader.Content
  ) throws(DecodingFailure) {
    try BloscChunk.fill(
      target, with: content, UnsafeRawBufferPointer(start: nil, count: 0), elementByteCount: frame.elementByteCount)
  }
}
