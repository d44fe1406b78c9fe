import Errors

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
    /// there are.
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
    for node in hierarchy.nodes(ofCutInto: count) {
      let clusters = hierarchy.leaves(below: node)
      for cluster in clusters { groupOfCluster[cluster] = groups.count }
      groups.append(
        Group(
          node: node, clusters: clusters, samples: hierarchy.samples(of: node),
          label: hierarchy.label(ofGroup: node, clusters), term: hierarchy.term(of: node)))
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

  /// Clusters in order of how typical they are of their group: by the sum of the predicted probabilities of their rows,
  /// largest first. Among equals the cluster with the smaller id comes first.
  public func byTypicality(_ clusters: [Int]) -> [Int] {
    let weights = clusters.map { Double(self.clusters[$0].samples) * (self.clusters[$0].meanProbability ?? 0) }
    return clusters.indices.sorted { (weights[$1], clusters[$0]) < (weights[$0], clusters[$1]) }.map { clusters[$0] }
  }

  /// A name for a group of clusters: the names of its three most typical members, and how many more it has.
  public func groupLabel(_ clusters: [Int]) -> String { groupLabel(byTypicality(clusters), count: clusters.count) }

  private func groupLabel(_ mostTypical: [Int], count: Int) -> String {
    let named = mostTypical.prefix(3).map { clusters[$0].name }.joined(separator: " / ")
    return count > 3 ? "\(named) +\(count - 3)" : named
  }

  /// A name for a node, whose clusters are known: for a cluster its own name; for any other node the term of a taxonomy that
  /// fits it best, and how well, else the names of its most typical members.
  func label(ofGroup node: Int, _ members: @autoclosure () -> [Int]) -> String {
    if isLeaf(node) { return clusters[node].name }
    return term(of: node)?.text ?? groupLabel(members())
  }

  /// A name for a node: for a cluster its own name; for any other node the term of a taxonomy that fits it best, and how well,
  /// else the names of its most typical members.
  public func groupLabel(of node: Int) -> String { label(ofGroup: node, leaves(below: node)) }

  /// A name for every node, as ``groupLabel(of:)`` has it.
  ///
  /// - Complexity: O(K), however deep the tree is.
  public var nodeLabels: [String] {
    // The most typical members of a node are among the most typical members of its children.
    var mostTypical = clusters.indices.map { [$0] }
    for merge in merges {
      mostTypical.append(Array(byTypicality(mostTypical[merge.lowest] + mostTypical[merge.partner]).prefix(3)))
    }
    return mostTypical.indices.map { node in
      isLeaf(node)
        ? clusters[node].name : term(of: node)?.text ?? groupLabel(mostTypical[node], count: clusterCount(of: node))
    }
  }
}
