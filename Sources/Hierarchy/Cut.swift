import Errors
import Texts

/// A hierarchy cut into groups: the nodes that remain when the last merges are undone.
///
///     let cut = try Cut(hierarchy, into: 20)
///     cut.groups[cut.groupOfCluster[3]!].label   // "Spanish / Galician / Catalan +2"
public struct Cut: Sendable, Equatable {
  /// A node of the cut, with the clusters below it.
  public struct Group: Sendable, Equatable {
    public let node: Int
    /// The clusters below the node, in the tree's order.
    public let clusters: [Int]
    /// The number of rows that are assigned to these clusters.
    public let samples: Int
    /// The term of a taxonomy that fits it best, and how well; else the names of its most typical members, and how many more
    /// there are. After a term that another group has too comes the most typical member: "covering (dome), 20 of 40".
    public let label: String
    /// The term of a taxonomy that fits it best; nil if there is none.
    public let term: NodeTerm?
  }

  /// The groups in the tree's order, that of ``ClusterHierarchy/walk(from:descend:_:)``. So the groups of a finer cut
  /// are in the order of the coarser cut's groups that they are in.
  public let groups: [Group]
  /// The index of each cluster's group; nil for clusters without samples, which are not in the tree.
  public let groupOfCluster: [Int?]

  /// Undoes the last merges of `hierarchy` until there are `count` groups.
  ///
  /// - Throws: ``CutError`` if `count` is below 1 or above the number of leaves.
  /// - Complexity: O(K log K).
  public init(_ hierarchy: ClusterHierarchy, into count: Int) throws(CutError) {
    let leafCount = hierarchy.merges.count + 1
    guard (1...leafCount).contains(count) else { throw CutError(count: count, leaves: leafCount) }
    var groups: [Group] = []
    var groupOfCluster = [Int?](repeating: nil, count: hierarchy.clusters.count)
    let nodes = hierarchy.nodes(ofCutInto: count)
    var named: [ByteText: Int] = [:]
    for node in nodes where !hierarchy.isLeaf(node) {
      if let term = hierarchy.term(of: node) { named[ByteText(term.term), default: 0] += 1 }
    }
    for node in nodes {
      let isShared = hierarchy.term(of: node).map { named[ByteText($0.term), default: 0] > 1 } ?? false
      let clusters = hierarchy.leaves(below: node)
      for cluster in clusters { groupOfCluster[cluster] = groups.count }
      groups.append(
        Group(
          node: node, clusters: clusters, samples: hierarchy.samples(of: node),
          label: hierarchy.groupLabel(of: node, withMember: isShared), term: hierarchy.term(of: node)))
    }
    self.groups = groups
    self.groupOfCluster = groupOfCluster
  }
}

/// A number of groups that a tree can't be cut into.
public struct CutError: CategorizedError, Sendable, Equatable {
  public var category: ErrorCategory { .usage }

  public let count: Int
  public let leaves: Int

  public var description: String {
    "can't cut into \(count) groups: the tree has \(leaves) \(leaves == 1 ? "leaf" : "leaves"), so it must be from 1 to \(leaves)"
  }
}

extension ClusterHierarchy {
  /// The `count` nodes that remain when the last merges are undone, in the tree's order.
  ///
  /// - Parameter count: From 1 to the number of leaves.
  public func nodes(ofCutInto count: Int) -> [Int] {
    precondition((1...merges.count + 1).contains(count), "a cut into \(count) groups of \(merges.count + 1) leaves")
    let lastStep = merges.count + 1 - count
    func isAbove(_ node: Int) -> Bool { height(of: node) > lastStep }
    var nodes: [Int] = []
    walk(from: root, descend: isAbove) { visit in
      switch visit {
      case .leaf(let node), .collapsed(let node): nodes.append(node)
      case .enter, .between, .leave: break
      }
    }
    return nodes
  }
}
