import Hierarchy

/// Bands of neighbouring leaves, as equal in size as possible. Each is a row of a heat map.
package struct LeafBands: Sendable {
  package let count: Int
  /// The band of each cluster; nil for one that is not in the tree.
  package let bandOfCluster: [Int?]

  /// Makes at most `most` bands: one for each leaf if there are no more leaves than that. Of L leaves in the tree's
  /// order, band b begins with leaf b · L / count.
  package init(_ hierarchy: ClusterHierarchy, atMost most: Int = 256) {
    let leaves = hierarchy.leaves(below: hierarchy.root)
    count = min(leaves.count, most)
    var bandOfCluster = [Int?](repeating: nil, count: hierarchy.clusters.count)
    for band in 0..<count {
      for position in band * leaves.count / count..<(band + 1) * leaves.count / count {
        bandOfCluster[leaves[position]] = band
      }
    }
    self.bandOfCluster = bandOfCluster
  }
}
