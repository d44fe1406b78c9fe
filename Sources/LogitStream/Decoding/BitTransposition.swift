/// Undoes the order of bitshuffle: the first bits of the first bytes of all elements, 8 elements a byte, then the second bits
/// of these bytes, and so on; after the bits of the first bytes those of the second.
package enum BitTransposition {
  /// The bytes of elements that are done at a time. They stay in the cache between the two steps.
  private static let tileByteCount = 8 << 10

  /// Puts the bits of `elements` elements, a multiple of 8, together again. `output` has the size of `input` and must not
  /// overlap it.
  ///
  /// Two steps: bits to bytes, of all first bytes, then of all second bytes; and ``Shuffle``.
  static func undo(
    _ input: UnsafeRawBufferPointer, elements: Int, elementByteCount: Int, into output: UnsafeMutableRawBufferPointer,
    planes: inout GrowingBuffer
  ) {
    guard let source = input.baseAddress else { return }
    let most = max(tileByteCount / elementByteCount / 128 * 128, 128)
    var first = 0
    while first < elements {
      let count = min(most, elements - first)
      let tile = planes.bytes(count * elementByteCount)
      for byte in 0..<elementByteCount {
        bytes(
          source + (byte * elements + first / 8), stride: elements / 8, count: count, into: tile.start + byte * count)
      }
      Shuffle.undo(
        UnsafeRawBufferPointer(tile), elementByteCount: elementByteCount,
        into: output.part(at: first * elementByteCount, tile.count))
      first += count
    }
  }

  /// One byte of each of some elements, from its eight rows of bits, which are `stride` bytes apart.
  @inline(__always)
  private static func bytes(
    _ source: UnsafeRawPointer, stride: Int, count: Int, into target: UnsafeMutableRawPointer
  ) {
    let whole = count & ~127
    for element in Swift.stride(from: 0, to: whole, by: 128) {
      transpose(source + element / 8, stride: stride, into: target + element)
    }
    for element in Swift.stride(from: whole, to: count, by: 8) {
      var rows: UInt64 = 0
      for bit in 0..<8 {
        rows |= UInt64((source + (bit &* stride &+ element / 8)).load(as: UInt8.self)) << UInt64(8 &* bit)
      }
      (target + element).storeBytes(of: transposed(rows).littleEndian, as: UInt64.self)
    }
  }

  /// The 8 × 8 bits whose rows are the bytes of a number, lowest first, with rows and columns exchanged: H. Warren, Hacker's
  /// Delight, 7–3.
  private static func transposed(_ rows: UInt64) -> UInt64 {
    var bits = rows
    exchange(&bits, 7, 0x00AA_00AA_00AA_00AA)
    exchange(&bits, 14, 0x0000_CCCC_0000_CCCC)
    exchange(&bits, 28, 0x0000_0000_F0F0_F0F0)
    return bits
  }

  @inline(__always)
  private static func exchange(_ bits: inout UInt64, _ distance: UInt64, _ mask: UInt64) {
    let changed = (bits ^ bits &>> distance) & mask
    bits ^= changed ^ changed &<< distance
  }

  /// The same for 16 squares of bits side by side: eight rows of 16 bytes become 128 bytes.
  @inline(__always)
  private static func transpose(_ source: UnsafeRawPointer, stride: Int, into target: UnsafeMutableRawPointer) {
    var row0 = source.loadUnaligned(as: SIMD8<UInt16>.self)
    var row1 = (source + stride).loadUnaligned(as: SIMD8<UInt16>.self)
    var row2 = (source + 2 &* stride).loadUnaligned(as: SIMD8<UInt16>.self)
    var row3 = (source + 3 &* stride).loadUnaligned(as: SIMD8<UInt16>.self)
    var row4 = (source + 4 &* stride).loadUnaligned(as: SIMD8<UInt16>.self)
    var row5 = (source + 5 &* stride).loadUnaligned(as: SIMD8<UInt16>.self)
    var row6 = (source + 6 &* stride).loadUnaligned(as: SIMD8<UInt16>.self)
    var row7 = (source + 7 &* stride).loadUnaligned(as: SIMD8<UInt16>.self)
    exchange(&row0, &row4, 4, 0x0F0F)
    exchange(&row1, &row5, 4, 0x0F0F)
    exchange(&row2, &row6, 4, 0x0F0F)
    exchange(&row3, &row7, 4, 0x0F0F)
    exchange(&row0, &row2, 2, 0x3333)
    exchange(&row1, &row3, 2, 0x3333)
    exchange(&row4, &row6, 2, 0x3333)
    exchange(&row5, &row7, 2, 0x3333)
    exchange(&row0, &row1, 1, 0x5555)
    exchange(&row2, &row3, 1, 0x5555)
    exchange(&row4, &row5, 1, 0x5555)
    exchange(&row6, &row7, 1, 0x5555)
    // Row i has byte i of each group of eight elements. They go side by side.
    var low = SIMD32<UInt32>()
    low.evenHalf = quadruples(row0, row1, row2, row3)
    low.oddHalf = quadruples(row4, row5, row6, row7)
    target.storeBytes(of: low, as: SIMD32<UInt32>.self)
  }

  /// Exchanges the high bits of `first` with the low ones of `second`, in groups of 2 · `shift`.
  @inline(__always)
  private static func exchange(
    _ first: inout SIMD8<UInt16>, _ second: inout SIMD8<UInt16>, _ shift: UInt16, _ mask: UInt16
  ) {
    let changed = ((first &>> shift) ^ second) & SIMD8(repeating: mask)
    second ^= changed
    first ^= changed &<< shift
  }

  /// The bytes of four rows side by side.
  @inline(__always)
  private static func quadruples(
    _ first: SIMD8<UInt16>, _ second: SIMD8<UInt16>, _ third: SIMD8<UInt16>, _ fourth: SIMD8<UInt16>
  ) -> SIMD16<UInt32> {
    var joined = SIMD32<UInt16>()
    joined.evenHalf = pairs(first, second)
    joined.oddHalf = pairs(third, fourth)
    return unsafeBitCast(joined, to: SIMD16<UInt32>.self)
  }

  @inline(__always)
  private static func pairs(_ first: SIMD8<UInt16>, _ second: SIMD8<UInt16>) -> SIMD16<UInt16> {
    var joined = SIMD32<UInt8>()
    joined.evenHalf = unsafeBitCast(first, to: SIMD16<UInt8>.self)
    joined.oddHalf = unsafeBitCast(second, to: SIMD16<UInt8>.self)
    return unsafeBitCast(joined, to: SIMD16<UInt16>.self)
  }
}
