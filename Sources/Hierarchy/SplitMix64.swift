/// SplitMix64 (Steele, Lea and Flood, OOPSLA 2014): random numbers that a seed repeats on every machine.
package struct SplitMix64: Sendable {
  private var state: UInt64

  package init(seed: UInt64) { state = seed }

  package mutating func next() -> UInt64 {
    state &+= Self.step
    return Self.mixed(state)
  }

  /// The number at a place, from 0 on, of the sequence that begins with a seed.
  package static func number(_ place: Int, seed: UInt64) -> UInt64 {
    mixed(seed &+ (UInt64(truncatingIfNeeded: place) &+ 1) &* step)
  }

  /// 2^64 over the golden ratio.
  @inlinable
  package static var step: UInt64 { 0x9E37_79B9_7F4A_7C15 }

  /// A bijection of 64 bits that no one sees through: the last step for each number.
  @inlinable
  package static func mixed(_ value: UInt64) -> UInt64 {
    var bits = value
    bits = (bits ^ (bits &>> 30)) &* 0xBF58_476D_1CE4_E5B9
    bits = (bits ^ (bits &>> 27)) &* 0x94D0_49BB_1331_11EB
    return bits ^ (bits &>> 31)
  }
}
