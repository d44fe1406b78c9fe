extension ClusterHierarchy {
  /// SciPy's linkage matrix: a row for each merge, of the two nodes' ids (the smaller first), the height (the step),
  /// and the number of leaves of the new node.
  ///
  /// SciPy numbers leaves 0, 1, 2 … without gaps. So where clusters are empty, ids here are not those of the merges:
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

  /// The linkage matrix as a NumPy `.npy` file: float64, little-endian, C order, format version 1.0.
  ///
  /// https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
  public func linkageNPY() -> [UInt8] {
    let matrix = linkageMatrix()
    var header = "{'descr': '<f8', 'fortran_order': False, 'shape': (\(matrix.count), 4), }"
    // Magic, version and header length take 10 bytes; the data begins at a multiple of 64.
    header += String(repeating: " ", count: 63 - (header.utf8.count + 10) % 64) + "\n"
    var bytes: [UInt8] = [0x93] + Array("NUMPY".utf8) + [1, 0]
    withUnsafeBytes(of: UInt16(header.utf8.count).littleEndian) { bytes += $0 }
    bytes += header.utf8
    for row in matrix {
      for value in [row.0, row.1, row.2, row.3] {
        withUnsafeBytes(of: value.bitPattern.littleEndian) { bytes += $0 }
      }
    }
    return bytes
  }
}
