/// Copies of few bytes, as formats of the kind of LZ77 consist of. A call to copy memory would take longer than the copy.
extension UnsafeMutableRawBufferPointer {
  /// Copies `length` bytes of `input` from `start` to `position`. Both must have as many.
  @inline(__always)
  func append(_ input: UnsafeRawBufferPointer, from start: Int, at position: Int, length: Int) {
    guard let source = input.baseAddress, let target = baseAddress else { return }
    if length <= 32, start &+ 32 <= input.count, position &+ 32 <= count {
      // What is written beyond the length is overwritten by what comes next.
      (target + position).storeBytes(of: (source + start).loadUnaligned(as: SIMD32<UInt8>.self), as: SIMD32<UInt8>.self)
    } else {
      (target + position).copyMemory(from: source + start, byteCount: length)
    }
  }

  /// Copies bytes to `position` from `distance` bytes before. If they are fewer than `length`, they are repeated. Both places
  /// must lie in the buffer.
  @inline(__always)
  func repeatBytes(at position: Int, distance: Int, length: Int) {
    guard let start = baseAddress else { return }
    let target = start + position
    let source = target - distance
    if distance >= 16, length <= 256, length &+ 16 <= count &- position {
      for place in stride(from: 0, to: length, by: 16) {
        (target + place).storeBytes(of: (source + place).loadUnaligned(as: SIMD16<UInt8>.self), as: SIMD16<UInt8>.self)
      }
    } else if distance >= length {
      target.copyMemory(from: source, byteCount: length)
    } else if distance == 1 {
      target.initializeMemory(as: UInt8.self, repeating: source.load(as: UInt8.self), count: length)
    } else if length <= 64 {
      for place in 0..<length {
        (target + place).storeBytes(of: (source + place).load(as: UInt8.self), as: UInt8.self)
      }
    } else {
      // What was copied can be copied again, so that each part is twice as long.
      var copied = 0
      while copied < length {
        let part = Swift.min(distance &+ copied, length &- copied)
        (target + copied).copyMemory(from: source, byteCount: part)
        copied &+= part
      }
    }
  }
}
