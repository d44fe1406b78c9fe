import Hierarchy

/// Divides rows in two at random, by their numbers and a seed alone.
///
/// A row is chosen if the number that belongs to it in `SplitMix64`'s sequence is below the share.
package struct RowSplit: Sendable, Equatable {
  package let seed: UInt64
  /// The part of rows to choose, about.
  package let share: Double

  package init(seed: UInt64, share: Double) {
    self.seed = seed
    self.share = share
  }

  package func chooses(_ row: Int) -> Bool {
    Double(SplitMix64.number(row, seed: seed) >> 11) * 0x1p-53 < share
  }
}
