/// Decompression of LZF, the format of M. Lehmann's liblzf: runs of new bytes, and copies of bytes up to 8 KiB before.
package enum LZF {
  /// Decompresses all of `input` and returns how many bytes came out.
  package static func decompress(
    _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
  ) throws(DecodingFailure) -> Int {
    let damaged = DecodingFailure.cannotBeDecompressed
    guard output.baseAddress != nil else { throw damaged }
    var next = 0
    var count = 0
    while next < input.count {
      let control = Int(input[next])
      next &+= 1
      if control < 32 {
        let length = control &+ 1
        guard length <= input.count &- next else { throw damaged }
        guard length <= output.count &- count else { throw .decompressesToMore }
        output.append(input, from: next, at: count, length: length)
        next &+= length
        count &+= length
      } else {
        var length = control >> 5
        if length == 7 {
          guard next < input.count else { throw damaged }
          length &+= Int(input[next])
          next &+= 1
        }
        length &+= 2
        guard next < input.count else { throw damaged }
        let distance = (control & 31) << 8 &+ Int(input[next]) &+ 1
        next &+= 1
        guard distance <= count else { throw damaged }
        guard length <= output.count &- count else { throw .decompressesToMore }
        output.repeatBytes(at: count, distance: distance, length: length)
        count &+= length
      }
    }
    return count
  }
}
