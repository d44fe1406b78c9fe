/// HDF5's shuffle filter: an array of elements as the array of their first bytes, then of their second bytes, and so on,
/// which compresses better. Bytes after the last whole element stay where they are.
enum Shuffle {
  /// Puts the bytes of each element together again. `output` has the size of `input`, and is elsewhere.
  static func undo(_ input: UnsafeRawBufferPointer, elementByteCount: Int, into output: UnsafeMutableRawBufferPointer) {
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

  /// Returns the number of elements that were done, which is all but the last few; the others do too.
  private static func undoPairs(_ source: UnsafeRawPointer, _ elements: Int, _ target: UnsafeMutableRawPointer) -> Int {
    let whole = elements & ~15
    for element in stride(from: 0, to: whole, by: 16) {
      (target + element &* 2).storeBytes(of: pair(source, 0, element, elements), as: SIMD16<UInt16>.self)
    }
    return whole
  }

  private static func undoQuadruples(
    _ source: UnsafeRawPointer, _ elements: Int, _ target: UnsafeMutableRawPointer
  ) -> Int {
    let whole = elements & ~15
    for element in stride(from: 0, to: whole, by: 16) {
      (target + element &* 4).storeBytes(of: quadruple(source, 0, element, elements), as: SIMD16<UInt32>.self)
    }
    return whole
  }

  private static func undoOctuples(
    _ source: UnsafeRawPointer, _ elements: Int, _ target: UnsafeMutableRawPointer
  ) -> Int {
    let whole = elements & ~15
    for element in stride(from: 0, to: whole, by: 16) {
      let low = quadruple(source, 0, element, elements)
      let high = quadruple(source, 4, element, elements)
      let joined = SIMD16<UInt64>(truncatingIfNeeded: low) | SIMD16<UInt64>(truncatingIfNeeded: high) &<< 32
      (target + element &* 8).storeBytes(of: joined, as: SIMD16<UInt64>.self)
    }
    return whole
  }

  /// Bytes `byte` and `byte` + 1 of sixteen elements. The lower byte comes first: this is little-endian code.
  @inline(__always)
  private static func pair(
    _ source: UnsafeRawPointer, _ byte: Int, _ element: Int, _ elements: Int
  ) -> SIMD16<UInt16> {
    let low = (source + (byte &* elements &+ element)).loadUnaligned(as: SIMD16<UInt8>.self)
    let high = (source + ((byte &+ 1) &* elements &+ element)).loadUnaligned(as: SIMD16<UInt8>.self)
    return SIMD16<UInt16>(truncatingIfNeeded: low) | SIMD16<UInt16>(truncatingIfNeeded: high) &<< 8
  }

  @inline(__always)
  private static func quadruple(
    _ source: UnsafeRawPointer, _ byte: Int, _ element: Int, _ elements: Int
  ) -> SIMD16<UInt32> {
    let low = pair(source, byte, element, elements)
    let high = pair(source, byte &+ 2, element, elements)
    return SIMD16<UInt32>(truncatingIfNeeded: low) | SIMD16<UInt32>(truncatingIfNeeded: high) &<< 16
  }
}
