import Hierarchy

/// How far down rows were placed at nodes of a tree: sums over rows.
package struct PlacementDepth: Sendable, Equatable {
  /// Rows at a single cluster.
  package var leafRows = 0
  /// Rows below the root, those at single clusters among them.
  package var rowsBelowRoot = 0
  /// The clusters below rows' nodes.
  package var clusters = 0
  /// The edges between the root and rows' nodes.
  package var edges = 0

  package init() {}

  static func += (sum: inout PlacementDepth, more: PlacementDepth) {
    sum.leafRows += more.leafRows
    sum.rowsBelowRoot += more.rowsBelowRoot
    sum.clusters += more.clusters
    sum.edges += more.edges
  }
}

/// Where each node of a tree is.
struct NodeDepths: Sendable {
  private let clusters: [Int]
  private let edges: [Int]
  private let leaves: Int

  init(_ hierarchy: ClusterHierarchy) {
    leaves = hierarchy.clusters.count
    let nodes = 0..<leaves + hierarchy.merges.count
    clusters = nodes.map { hierarchy.clusterCount(of: $0) }
    var edges = nodes.map { _ in 0 }
    for merge in hierarchy.merges.reversed() {
      edges[merge.lowest] = edges[merge.node] + 1
      edges[merge.partner] = edges[merge.node] + 1
    }
    self.edges = edges
  }

  /// The depths of rows that were placed.
  func sums(_ nodes: UnsafeBufferPointer<Int32>) -> PlacementDepth {
    var sums = PlacementDepth()
    for node in nodes where node >= 0 {
      let node = Int(node)
      if node < leaves { sums.leafRows += 1 }
      if edges[node] > 0 { sums.rowsBelowRoot += 1 }
      sums.clusters += clusters[node]
      sums.edges += edges[node]
    }
    return sums
  }
}
