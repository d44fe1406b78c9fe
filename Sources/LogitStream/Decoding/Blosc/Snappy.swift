/// Decompression of Snappy's raw format, by its format_description.txt: runs of new bytes, and copies of bytes before.
package enum Snappy {
  /// Decompresses all of `input`, which must fill `output`.
  package static func decompress(
    _ input: UnsafeRawBufferPointer, filling output: UnsafeMutableRawBufferPointer
  ) throws(DecodingFailure) {
    var next = 0
    guard try declared(input, &next) == output.count else { throw .cannotBeDecompressed }
    var count = 0
    while next < input.count {
      let tag = Int(input[next])
      next &+= 1
      if tag & 3 == 0 {
        var length = tag >> 2
        if length >= 60 { length = try number(input, &next, byteCount: length &- 59) }
        length &+= 1
        guard length <= input.count &- next, length <= output.count &- count else { throw .cannotBeDecompressed }
        output.append(input, from: next, at: count, length: length)
        next &+= length
        count &+= length
      } else {
        let length = tag & 3 == 1 ? 4 &+ (tag >> 2 & 7) : 1 &+ tag >> 2
        let low = try number(input, &next, byteCount: tag & 3 == 3 ? 4 : tag & 3)
        let distance = tag & 3 == 1 ? (tag >> 5) << 8 | low : low
        guard distance > 0, distance <= count, length <= output.count &- count else { throw .cannotBeDecompressed }
        output.repeatBytes(at: count, distance: distance, length: length)
        count &+= length
      }
    }
    guard count == output.count else { throw .cannotBeDecompressed }
  }

  /// The number of bytes that come out: seven bits a byte, the lowest first.
  private static func declared(_ input: UnsafeRawBufferPointer, _ next: inout Int) throws(DecodingFailure) -> Int {
    var value = 0
    for shift in stride(from: 0, to: 35, by: 7) {
      guard next < input.count else { break }
      let byte = Int(input[next])
      next += 1
      value |= (byte & 127) << shift
      if byte < 128 { return value }
    }
    throw .cannotBeDecompressed
  }

  @inline(__always)
  private static func number(
    _ input: UnsafeRawBufferPointer, _ next: inout Int, byteCount: Int
  ) throws(DecodingFailure) -> Int {
    guard byteCount <= input.count &- next else { throw .cannotBeDecompressed }
    var value = 0
    for index in 0..<byteCount { value |= Int(input[next &+ index]) << (8 &* index) }
    next &+= byteCount
    return value
  }
}
