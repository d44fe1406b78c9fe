/// How the elements of a chunk lie in blocks that are boxes of several dimensions, by Blosc's README_B2ND_METALAYER.
///
/// Blocks follow one another as elements do, the last dimension first, and so do the elements in a block. At the edges blocks
/// reach beyond the chunk.
struct BlockGrid: Equatable {
  /// The lengths of the chunk's sides. The last dimension is in the last lane, and lanes before the first are 1.
  let shape: SIMD8<Int>
  let blockShape: SIMD8<Int>
  /// The number of blocks along each side.
  let blocks: SIMD8<Int>
  let dimensions: Int

  static let mostDimensions = 8

  /// Reads the metalayer at an offset: a version, the number of dimensions, and the sides of the array, of its chunks, and of
  /// their blocks. There is one chunk, so that the array is no larger than that.
  init(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws(DecodingFailure) {
    let damaged = DecodingFailure(reason: "the dimensions of its Blosc 2 frame are damaged")
    guard offset + 3 <= bytes.count, bytes[offset] & 0xF0 == 0x90,
      (1...Self.mostDimensions).contains(Int(bytes[offset + 2]))
    else { throw damaged }
    let dimensions = Int(bytes[offset + 2])
    var next = offset + 3
    func sides<Side: FixedWidthInteger & BitwiseCopyable>(
      _: Side.Type, _ type: UInt8
    ) throws(DecodingFailure) -> SIMD8<Int> {
      guard next < bytes.count, bytes[next] == 0x90 | UInt8(dimensions) else { throw damaged }
      next += 1
      var sides = SIMD8<Int>(repeating: 1)
      for lane in Self.mostDimensions - dimensions..<Self.mostDimensions {
        guard let side = bytes.messagePack(Side.self, type, at: next), side > 0, side <= Int32.max else {
          throw damaged
        }
        sides[lane] = Int(side)
        next += 1 + MemoryLayout<Side>.size
      }
      return sides
    }
    let shape = try sides(Int64.self, 0xD3)
    let chunkShape = try sides(Int32.self, 0xD2)
    let blockShape = try sides(Int32.self, 0xD2)
    guard all(shape .== chunkShape), all(blockShape .<= shape) else { throw damaged }
    self.dimensions = dimensions
    self.shape = shape
    self.blockShape = blockShape
    blocks = (shape &- 1) / blockShape &+ 1
  }

  /// The product of some sides; nil if it is more than `most`.
  static func count(_ sides: SIMD8<Int>, most: Int) -> Int? {
    var count = 1
    for lane in 0..<mostDimensions {
      let (product, overflow) = count.multipliedReportingOverflow(by: sides[lane])
      guard !overflow, product <= most else { return nil }
      count = product
    }
    return count
  }

  /// Whether the sides are these. The list may have fewer dimensions, of which no more is known.
  func hasShape(_ sides: [UInt32]) -> Bool {
    sides.count == dimensions
      && sides.indices.allSatisfy { shape[Self.mostDimensions - dimensions + $0] == Int(sides[$0]) }
  }
}

extension BlockGrid {
  /// The indices of a block's first element.
  func start(ofBlock block: Int) -> SIMD8<Int> {
    var start = SIMD8<Int>()
    var rest = block
    for lane in (0..<Self.mostDimensions).reversed() {
      start[lane] = rest % blocks[lane] * blockShape[lane]
      rest /= blocks[lane]
    }
    return start
  }

  /// Where a block begins in the chunk, counted in elements, if all of its elements follow one another there too.
  func whole(_ start: SIMD8<Int>) -> Int? {
    // From the last dimension on the block spans all, then it may span a part of one, then only one of each.
    var lane = Self.mostDimensions - 1
    while lane > 0, blockShape[lane] == shape[lane] { lane -= 1 }
    guard (0..<lane).allSatisfy({ blockShape[$0] == 1 }), start[lane] + blockShape[lane] <= shape[lane] else {
      return nil
    }
    return place(start)
  }

  /// Copies the elements of a block that are in the chunk to their places.
  func scatter(
    _ block: UnsafeRawBufferPointer, from start: SIMD8<Int>, elementByteCount: Int,
    into output: UnsafeMutableRawBufferPointer
  ) {
    let last = Self.mostDimensions - 1
    let present = pointwiseMin(blockShape, shape &- start)
    let runByteCount = present[last] * elementByteCount
    var index = SIMD8<Int>()
    while true {
      var from = 0
      for lane in 0..<last { from = (from + index[lane]) * blockShape[lane + 1] }
      output.part(at: place(start &+ index) * elementByteCount, runByteCount).copyMemory(
        from: UnsafeRawBufferPointer(
          rebasing: block[from * elementByteCount..<from * elementByteCount + runByteCount]))
      var lane = last - 1
      while lane >= 0 {
        index[lane] += 1
        if index[lane] < present[lane] { break }
        index[lane] = 0
        lane -= 1
      }
      if lane < 0 { return }
    }
  }

  /// The place of an element in the chunk.
  private func place(_ index: SIMD8<Int>) -> Int {
    var place = 0
    for lane in 0..<Self.mostDimensions { place = place * shape[lane] + index[lane] }
    return place
  }
}
