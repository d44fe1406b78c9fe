import Hierarchy

extension RootedTree {
  /// The tree of a hierarchy. Heights are the steps of merges.
  ///
  /// Clusters without samples are not in it. Leaves have the clusters' names and come in the order of
  /// ``ClusterHierarchy/leaves(below:)``. Other nodes have no names.
  package init(_ hierarchy: ClusterHierarchy) {
    var parents: [Int] = []
    var labels: [String] = []
    var heights: [Int] = []
    var above: [Int] = []
    hierarchy.walk(from: hierarchy.root) { visit in
      switch visit {
      case .leaf(let node), .enter(let node):
        let number = parents.count
        parents.append(above.last ?? 0)
        labels.append(hierarchy.isLeaf(node) ? hierarchy.clusters[node].name : "")
        heights.append(hierarchy.height(of: node))
        if !hierarchy.isLeaf(node) { above.append(number) }
      case .leave: above.removeLast()
      case .between, .collapsed: break
      }
    }
    self.init(depthFirst: parents, labels: labels, heights: heights)
  }
}
