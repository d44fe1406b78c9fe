/// HDF5's shuffle filter: the first bytes of all elements, then their second bytes, and so on. This compresses better.
///
/// Bytes after the last whole element stay where they are.
package enum Shuffle {
  /// Puts the bytes of each element together again. `output` has the size of `input` and must not overlap it.
  package static func undo(
    _ input: UnsafeRawBufferPointer, elementByteCount: Int, into output: UnsafeMutableRawBufferPointer
  ) {
    guard let source = input.baseAddress, let target = output.baseAddress else { return }
    let elements = input.count / elementByteCount
    let done: Int
    switch elementByteCount {
    case 2: done = undoPairs(source, elements, target)
    case 4: done = undoQuadruples(source, elements, target)
    case 8: done = undoOctuples(source, elements, target)
    default: done = 0
    }
    for element in done..<elements {
      for byte in 0..<elementByteCount {
        output[element &* elementByteCount &+ byte] = input[byte &* elements &+ element]
      }
    }
    let whole = elements * elementByteCount
    (target + whole).copyMemory(from: source + whole, byteCount: input.count - whole)
  }

  /// Returns the number of elements that were done: all but the last 15 at most. So do the functions below.
  private static func undoPairs(_ source: UnsafeRawPointer, _ elements: Int, _ target: UnsafeMutableRawPointer) -> Int {
    let whole = elements & ~15
    for element in stride(from: 0, to: whole, by: 16) {
      (target + element &* 2).storeBytes(of: pairs(source, 0, element, elements), as: SIMD16<UInt16>.self)
    }
    return whole
  }

  private static func undoQuadruples(
    _ source: UnsafeRawPointer, _ elements: Int, _ target: UnsafeMutableRawPointer
  ) -> Int {
    let whole = elements & ~15
    for element in stride(from: 0, to: whole, by: 16) {
      (target + element &* 4).storeBytes(of: quadruples(source, 0, element, elements), as: SIMD16<UInt32>.self)
    }
    return whole
  }

  private static func undoOctuples(
    _ source: UnsafeRawPointer, _ elements: Int, _ target: UnsafeMutableRawPointer
  ) -> Int {
    let whole = elements & ~15
    for element in stride(from: 0, to: whole, by: 16) {
      var joined = SIMD32<UInt32>()
      joined.evenHalf = quadruples(source, 0, element, elements)
      joined.oddHalf = quadruples(source, 4, element, elements)
      (target + element &* 8).storeBytes(of: joined, as: SIMD32<UInt32>.self)
    }
    return whole
  }

  /// Bytes `byte` and `byte` + 1 of sixteen elements, side by side.
  ///
  /// Setting the even and the odd half compiles to the processor's own instructions for interleaving. Widening and
  /// shifting gives the same result, but takes six times as long.
  @inline(__always)
  private static func pairs(
    _ source: UnsafeRawPointer, _ byte: Int, _ element: Int, _ elements: Int
  ) -> SIMD16<UInt16> {
    var joined = SIMD32<UInt8>()
    joined.evenHalf = (source + (byte &* elements &+ element)).loadUnaligned(as: SIMD16<UInt8>.self)
    joined.oddHalf = (source + ((byte &+ 1) &* elements &+ element)).loadUnaligned(as: SIMD16<UInt8>.self)
    return unsafeBitCast(joined, to: SIMD16<UInt16>.self)
  }

  @inline(__always)
  private static func quadruples(
    _ source: UnsafeRawPointer, _ byte: Int, _ element: Int, _ elements: Int
  ) -> SIMD16<UInt32> {
    var joined = SIMD32<UInt16>()
    joined.evenHalf = pairs(source, byte, element, elements)
    joined.oddHalf = pairs(source, byte &+ 2, element, elements)
    return unsafeBitCast(joined, to: SIMD16<UInt32>.self)
  }
}
