import Hierarchy

/// How often a replicate of the bootstrap takes a row: a Poisson number of mean 1, which depends on the seed, the replicate
/// and the row's key alone. So it is the same in whatever order, file, shard or thread the row comes.
///
/// Drawing N rows with replacement takes each a binomial number of times, which for large N is a Poisson number, and
/// those of different rows are independent; so no row needs to know of the others (Oza and Russell, AISTATS 2001;
/// Chamandy et al., "Estimating uncertainty for massive data streams", 2012).
package struct PoissonWeights: Sendable {
  /// The replicates, counted from 0.
  package let replicates: Range<Int>
  /// A number of each replicate's own.
  private let marks: [UInt64]

  package init(seed: UInt64, replicates: Range<Int>) {
    self.replicates = replicates
    marks = replicates.map { SplitMix64.number($0, seed: seed) }
  }

  /// 2^32 · P(weight ≤ k), rounded down, for k = 0, 1, …: a weight is the number of these that a number of 32 random bits
  /// reaches.
  static let thresholds: [UInt32] = {
    var term = 0x1p32 * 0.367_879_441_171_442_33
    var sum = term
    var thresholds: [UInt32] = []
    for next in 1... {
      guard let threshold = UInt32(exactly: sum.rounded(.down)), thresholds.last != threshold else { break }
      thresholds.append(threshold)
      term /= Double(next)
      sum += term
    }
    return thresholds
  }()

  /// The weights of a row in some of the replicates, given by their places among all.
  @inline(__always)
  package func weigh(_ key: UInt64, _ places: UnsafeBufferPointer<Int>, into weights: UnsafeMutablePointer<UInt8>) {
    marks.withUnsafeBufferPointer { marks in
      Self.thresholds.withUnsafeBufferPointer { thresholds in
        for (index, place) in places.enumerated() {
          let bits = UInt32(truncatingIfNeeded: SplitMix64.mixed(key ^ marks[place]) &>> 32)
          var weight = 0
          while weight < thresholds.count, bits >= thresholds[weight] { weight &+= 1 }
          weights[index] = UInt8(truncatingIfNeeded: weight)
        }
      }
    }
  }

  /// Takes a word into a hash.
  @inline(__always)
  static func hash(_ hash: UInt64, _ word: UInt64) -> UInt64 {
    let bits = (hash ^ word) &* SplitMix64.step
    return bits ^ (bits &>> 32)
  }
}
