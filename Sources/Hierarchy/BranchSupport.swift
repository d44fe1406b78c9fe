/// How often the nodes of a hierarchy would come out again if other rows of the same kind were taken, by the bootstrap, and
/// how far margins may be off.
///
/// A margin tells how clear a choice was on the rows there were; support tells how often rows drawn anew choose the same.
public struct BranchSupport: Sendable, Equatable, Codable {
  /// The number of trees from rows drawn anew.
  public var replicates: Int
  /// What the drawing began from.
  public var seed: UInt64
  /// Where the blocks are from that rows were drawn in; nil if rows were drawn one by one.
  public var blocks: String?
  /// The merges, of all replicates together, that sketches did not certify; they were decided by the middle of the bounds.
  public var estimatedMerges: Int
  /// The clusters, of all replicates together, that would have had no row and kept all of theirs.
  public var keptClusters: Int
  /// The clusters whose rows are all of one block, or all equal: replicates have all of them, equally often, and can't tell
  /// how others of their kind would differ.
  public var indivisibleClusters: Int
  /// For each merge's node, the transfer bootstrap expectation, 0...1: 1 less the mean, over the replicates, of the least number
  /// of clusters that have to be moved to make a clade of the replicate of it, as a part of the most that number can be;
  /// see ``TransferDistances``. (Lemoine et al., Nature 556, 2018)
  public var transfer: [Double]
  /// For each merge's node, the part of the replicates that have exactly its clusters as a clade, 0...1. (Felsenstein,
  /// Evolution 39, 1985)
  public var clade: [Double]
  /// For each merge, the standard error of its margin, if rows are independent; nil where there was no second group, or nothing
  /// went to it.
  public var marginErrors: [Double?]

  /// - Parameter distances: For each merge, the transfer distances to all replicates added up, the replicates that have the
  ///   clade, and the most that one distance can be.
  package init(
    replicates: Int, seed: UInt64, blocks: String?, estimatedMerges: Int, keptClusters: Int = 0,
    indivisibleClusters: Int = 0, distances: [(sum: Int, recurrences: Int, most: Int)], marginErrors: [Double?]
  ) {
    self.replicates = replicates
    self.seed = seed
    self.blocks = blocks
    self.estimatedMerges = estimatedMerges
    self.keptClusters = keptClusters
    self.indivisibleClusters = indivisibleClusters
    transfer = distances.map { distance in
      // The most that all distances together can be.
      let most = replicates * distance.most
      return most == 0 ? 1 : Double(most - distance.sum) / Double(most)
    }
    clade = distances.map { $0.most == 0 ? 1 : Double($0.recurrences) / Double(replicates) }
    self.marginErrors = marginErrors
  }

  /// The median of some numbers, at least one: of two in the middle, their mean.
  package static func median(_ values: [Double]) -> Double {
    let sorted = values.sorted()
    let middle = sorted.count / 2
    return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
  }
}
