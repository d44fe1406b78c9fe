/// Divides rows in two at random, by their numbers and a seed alone.
///
/// A row is chosen if the number that belongs to it in SplitMix64's sequence (Steele, Lea and Flood, OOPSLA 2014) is below
/// the share.
package struct RowSplit: Sendable, Equatable {
  package let seed: UInt64
  /// The part of rows to choose, about.
  package let share: Double

  package init(seed: UInt64, share: Double) {
    self.seed = seed
    self.share = share
  }

  package func chooses(_ row: Int) -> Bool {
    var z = seed &+ (UInt64(truncatingIfNeeded: row) &+ 1) &* 0x9E37_79B9_7F4A_7C15
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    z ^= z >> 31
    return Double(z >> 11) * 0x1p-53 < share
  }
}
