extension ClusterHierarchy {
  /// SciPy's linkage matrix. Each merge has a row: the two nodes' ids, the smaller first; the height; and the number of
  /// leaves below the new node. Rows are in ascending order of heights, which by default are steps.
  ///
  /// SciPy numbers leaves 0, 1, 2 … without gaps, and nodes by rows. So if there are empty clusters, or heights are not steps,
  /// these ids are not the ids of nodes: leaf i is cluster ``leaves``[i], and the node of row t is (number of leaves) + t.
  public func linkageMatrix(heights scale: HeightScale = .step) -> [(Double, Double, Double, Double)] {
    let leaves = leaves
    let heights = heights(scale)
    var position = [Int](repeating: 0, count: clusters.count + merges.count)
    for (index, leaf) in leaves.enumerated() { position[leaf] = index }
    // No node is lower than those below it, and of equal heights the earlier step comes first.
    let order = merges.indices.sorted {
      (heights[merges[$0].node], merges[$0].step) < (heights[merges[$1].node], merges[$1].step)
    }
    return order.enumerated().map { row, index in
      let merge = merges[index]
      position[merge.node] = leaves.count + row
      let first = position[merge.lowest]
      let second = position[merge.partner]
      return (Double(min(first, second)), Double(max(first, second)), heights[merge.node], Double(merge.clusters))
    }
  }

  /// The linkage matrix as a NumPy `.npy` file.
  public func linkageNPY(heights scale: HeightScale = .step) -> [UInt8] {
    let matrix = linkageMatrix(heights: scale)
    return NPY.header(shape: [matrix.count, 4]) + NPY.bytes(of: matrix.flatMap { [$0.0, $0.1, $0.2, $0.3] })
  }
}
