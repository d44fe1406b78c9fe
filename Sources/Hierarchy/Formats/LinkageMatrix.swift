extension ClusterHierarchy {
  /// SciPy's linkage matrix. Each merge has a row: the two nodes' ids, the smaller first; the height, which is the
  /// step; and the number of leaves below the new node.
  ///
  /// SciPy numbers leaves 0, 1, 2 … without gaps. So if there are empty clusters, these ids are not the ids of nodes:
  /// leaf i is cluster ``leaves``[i], and merge t makes node (number of leaves) + t.
  public func linkageMatrix() -> [(Double, Double, Double, Double)] {
    let leaves = leaves
    var position = [Int](repeating: 0, count: clusters.count + merges.count)
    for (index, leaf) in leaves.enumerated() { position[leaf] = index }
    return merges.map { merge in
      position[merge.node] = leaves.count + merge.step - 1
      let first = position[merge.lowest]
      let second = position[merge.partner]
      return (Double(min(first, second)), Double(max(first, second)), Double(merge.step), Double(merge.clusters))
    }
  }

  /// The linkage matrix as a NumPy `.npy` file.
  public func linkageNPY() -> [UInt8] {
    let matrix = linkageMatrix()
    return NPY.header(shape: [matrix.count, 4]) + NPY.bytes(of: matrix.flatMap { [$0.0, $0.1, $0.2, $0.3] })
  }
}
