import Foundation

/// SplitMix64 (Steele, Lea, Flood 2014): random numbers that a seed repeats on every machine.
package struct SeededGenerator: RandomNumberGenerator, Sendable {
  private var state: UInt64

  package init(seed: UInt64) { state = seed }

  package mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var bits = state
    bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
    bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
    return bits ^ (bits >> 31)
  }

  /// A number in `range`, all alike likely.
  package mutating func int(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &self) }

  /// A normally distributed number (Box and Muller 1958).
  package mutating func normal() -> Double {
    let radius = (-2 * log(1 - Double.random(in: 0..<1, using: &self))).squareRoot()
    return radius * cos(2 * .pi * Double.random(in: 0..<1, using: &self))
  }

  /// Whether something happens that does so in `probability` of cases.
  package mutating func happens(_ probability: Double) -> Bool { Double.random(in: 0..<1, using: &self) < probability }
}

/// Seeds for generated cases. A test takes them as arguments, so that its output names the seed that failed.
///
/// A third of so many, unless LOGITREE_LARGE is set.
package func seeds(_ count: Int) -> [UInt64] {
  consecutiveSeeds(ProcessInfo.processInfo.environment["LOGITREE_LARGE"] == nil ? (count + 2) / 3 : count)
}

/// So many seeds: the same ones each time, unless LOGITREE_SEED gives another first seed.
package func consecutiveSeeds(_ count: Int) -> [UInt64] {
  let first = ProcessInfo.processInfo.environment["LOGITREE_SEED"].flatMap(UInt64.init) ?? 1
  return (0..<UInt64(count)).map { first &+ $0 }
}
