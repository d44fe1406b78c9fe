import Hierarchy

/// The labels of all nodes that merges made: what ``ClusterHierarchy/groupLabel(_:)`` says of the clusters below them, in
/// time that does not grow with how deep they lie.
struct MergeLabels {
  private let hierarchy: ClusterHierarchy
  /// By node, its three most typical members.
  private let typical: [[Int]]

  init(_ hierarchy: ClusterHierarchy) {
    self.hierarchy = hierarchy
    var typical = hierarchy.clusters.indices.map { [$0] }
    for merge in hierarchy.merges {
      typical.append(Array(hierarchy.byTypicality(typical[merge.lowest] + typical[merge.partner]).prefix(3)))
    }
    self.typical = typical
  }

  subscript(node: Int) -> String {
    let names = typical[node].map { ReportText.printable(hierarchy.clusters[$0].name) }.joined(separator: " / ")
    let others = hierarchy.clusterCount(of: node) - typical[node].count
    return others > 0 ? "\(names) +\(others)" : names
  }
}
