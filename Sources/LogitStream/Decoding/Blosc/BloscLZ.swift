/// Decompression of BloscLZ, F. Alted's variant of A. Hidayat's FastLZ: runs of new bytes, and copies of bytes up to 72 KiB
/// before.
package enum BloscLZ {
  /// Up to this distance copies have 13 bits for it, and 16 more beyond.
  private static let nearest = 8191

  /// Decompresses all of `input`, which must fill `output`.
  package static func decompress(
    _ input: UnsafeRawBufferPointer, filling output: UnsafeMutableRawBufferPointer
  ) throws(DecodingFailure) {
    guard !input.isEmpty else { throw .cannotBeDecompressed }
    var next = 0
    var count = 0
    while next < input.count {
      // The first byte has the format's number where others have the length of a copy.
      let control = Int(input[next]) & (next == 0 ? 31 : 255)
      next &+= 1
      if control < 32 {
        let length = control &+ 1
        guard length <= input.count &- next, length <= output.count &- count else { throw .cannotBeDecompressed }
        output.append(input, from: next, at: count, length: length)
        next &+= length
        count &+= length
      } else {
        let (length, distance) = try copy(control, input, &next)
        guard distance <= count, length <= output.count &- count else { throw .cannotBeDecompressed }
        output.repeatBytes(at: count, distance: distance, length: length)
        count &+= length
      }
    }
    guard count == output.count else { throw .cannotBeDecompressed }
  }

  /// The length and the distance of a copy. After it there is at least one byte more.
  @inline(__always)
  private static func copy(
    _ control: Int, _ input: UnsafeRawBufferPointer, _ next: inout Int
  ) throws(DecodingFailure) -> (length: Int, distance: Int) {
    func byte() throws(DecodingFailure) -> Int {
      guard next &+ 1 < input.count else { throw .cannotBeDecompressed }
      next &+= 1
      return Int(input[next &- 1])
    }
    var length = control >> 5 &+ 2
    if length == 9 {
      var more = 255
      while more == 255 {
        more = try byte()
        length &+= more
      }
    }
    let low = try byte()
    var distance = (control & 31) << 8 &+ low
    if distance == nearest { distance = nearest &+ (try byte()) << 8 &+ (try byte()) }
    return (length, distance &+ 1)
  }
}
