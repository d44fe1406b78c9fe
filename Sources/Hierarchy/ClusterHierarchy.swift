import Errors

/// The binary tree over the clusters of a model, with what is known of clusters and merges.
///
/// The tree is the list of its merges. Nodes are integers: clusters are 0..<K, and merges make nodes from K on. A
/// cluster without samples is in no merge, so it is not in the tree. Nothing here recurses, so a tree may be as deep as
/// it has merges.
public struct ClusterHierarchy: Sendable, Equatable, Codable {
  /// A leaf: one column of the logits.
  public struct Cluster: Sendable, Equatable, Codable {
    public var name: String
    /// The number of rows that are assigned to the cluster.
    public var samples: Int
    /// The mean predicted probability of those rows; nil if there are none.
    public var meanProbability: Double?

    public init(name: String, samples: Int, meanProbability: Double?) {
      self.name = name
      self.samples = samples
      self.meanProbability = meanProbability
    }
  }

  public let clusters: [Cluster]
  public let merges: [Merge]
  /// How often the nodes come out again when rows are drawn anew; nil as long as nobody has found out.
  public var support: BranchSupport?
  /// For each merge, the three most typical members of its node, the first first: those that give most of what they lose to others
  /// of it. Empty if that is not known; then the model is surest of the first.
  public package(set) var typical: [[Int]] = []
  /// For each node, clusters first, the term of a taxonomy that fits it best, nil where there is none; empty without a
  /// taxonomy. It is no part of what is encoded: who has the taxonomy finds it anew.
  public var terms: [NodeTerm?] = []

  /// The hierarchy that `merges` make of `clusters`.
  ///
  /// - Throws: ``HierarchyError`` if merges make no tree.
  public init(clusters: [Cluster], merges: [Merge]) throws(HierarchyError) {
    self.clusters = clusters
    self.merges = merges
    try checkInvariants()
  }

  private enum CodingKeys: CodingKey {
    case clusters, merges, support, typical
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    try self.init(
      clusters: container.decode([Cluster].self, forKey: .clusters),
      merges: container.decode([Merge].self, forKey: .merges))
    support = try container.decodeIfPresent(BranchSupport.self, forKey: .support)
    if let support { try check(support) }
    typical = try container.decodeIfPresent([[Int]].self, forKey: .typical) ?? []
    try checkTypical()
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(clusters, forKey: .clusters)
    try container.encode(merges, forKey: .merges)
    try container.encodeIfPresent(support, forKey: .support)
    if !typical.isEmpty { try container.encode(typical, forKey: .typical) }
  }

  /// The clusters without samples, which are not in the tree.
  public var emptyClusters: [Int] { clusters.indices.filter { clusters[$0].samples == 0 } }

  /// The clusters in the tree, in ascending order.
  public var leaves: [Int] { clusters.indices.filter { clusters[$0].samples > 0 } }
}

/// Why merges make no tree.
public struct HierarchyError: CategorizedError, Sendable, Equatable {
  /// Merges of the program's own that make no tree.
  public var category: ErrorCategory { .internalFault }

  public let description: String
}

extension ClusterHierarchy {
  private func check(_ support: BranchSupport) throws(HierarchyError) {
    guard [support.transfer.count, support.clade.count, support.marginErrors.count].allSatisfy({ $0 == merges.count })
    else { throw HierarchyError(description: "its support is not of its \(merges.count) merges") }
  }

  private func checkTypical() throws(HierarchyError) {
    let isSound =
      typical.count == merges.count
      && typical.allSatisfy { !$0.isEmpty && $0.allSatisfy(clusters.indices.contains) }
    guard typical.isEmpty || isSound else {
      throw HierarchyError(description: "its typical members are not of its \(merges.count) merges")
    }
  }

  /// Checks that the merges join all clusters with samples into one tree, and use each node once, after it is made.
  func checkInvariants() throws(HierarchyError) {
    let leaves = leaves
    guard !leaves.isEmpty else { throw HierarchyError(description: "no cluster has samples") }
    guard merges.count == leaves.count - 1 else {
      throw HierarchyError(description: "\(leaves.count) clusters with samples, but \(merges.count) merges")
    }
    var isFree = clusters.map { $0.samples > 0 }
    for (index, merge) in merges.enumerated() {
      guard merge.step == index + 1, merge.node == clusters.count + index else {
        throw HierarchyError(description: "merge \(index + 1) is numbered \(merge.step) and makes node \(merge.node)")
      }
      for child in [merge.lowest, merge.partner] {
        guard isFree.indices.contains(child), isFree[child] else {
          throw HierarchyError(description: "merge \(merge.step) takes node \(child), which is not there to take")
        }
        isFree[child] = false
      }
      isFree.append(true)
    }
  }
}
