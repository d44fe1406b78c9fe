import Checksums
import Files
import HDF5
import Hierarchy
import LogitsToHierarchy

extension Store {
  /// How the class affinity matrix is written: K × K float64, in row c, column d, R[{c}](d), the reassigned probability
  /// that cluster d gets when cluster c alone is masked. What was never reassigned is 0.
  package enum AffinityFormat: Sendable {
    /// All of it, row by row, as `.npy`, or as the HDF5 dataset `affinity`.
    case npy, hdf5
    /// What is not 0, by rows, in HDF5: the datasets `data`, `indices`, `indptr` and `shape`, as SciPy's CSR matrices have
    /// them.
    case sparseHDF5
  }

  /// Writes the class affinity matrix to a file.
  ///
  /// - Throws: ``StoreError``
  /// - Complexity: Memory for the entries that are not 0, and one row.
  package func writeAffinity(to path: String, as format: AffinityFormat) throws(StoreError) {
    let affinity = try affinity()
    let replacement = try StoreError.files(OutputFile.replacement(of: path))
    let sum = try affinity.write(format, to: replacement.temporary, named: path)
    try replacement.putInPlace(sum)
  }

  private func affinity() throws(StoreError) -> Affinity {
    let manifest = try read().manifest
    return Affinity(clusters: manifest.clusters, evidence: try singleEvidence(of: manifest))
  }

  /// R of each single cluster that reassigns anything, from all segments.
  func singleEvidence(of manifest: Manifest) throws(StoreError) -> ExactEvidence {
    for segment in manifest.segments { _ = try directory.checked(segment.file) }
    return try directory.singleEvidence(of: manifest)
  }
}

extension StoreDirectory {
  /// R of each single cluster that reassigns anything, from all segments. Their files must have been checked.
  func singleEvidence(of manifest: Manifest) throws(StoreError) -> ExactEvidence {
    var evidence: ExactEvidence = [:]
    for segment in manifest.segments {
      let part = try SegmentReader.evidence(file(segment.file.name), clusters: manifest.clusters)
      evidence.merge(part.filter { $0.key.clusters.count == 1 }) { $0 + $1 }
    }
    return evidence
  }
}

/// R of each single cluster.
private struct Affinity {
  let clusters: Int
  let evidence: ExactEvidence

  /// The entries of a row that are not 0.
  private func entries(_ cluster: Int) -> [(cluster: Int, value: Double)] {
    evidence[Group([cluster])]?.values ?? []
  }

  private func row(_ cluster: Int) -> [Double] {
    var row = [Double](repeating: 0, count: clusters)
    for (cluster, value) in entries(cluster) { row[cluster] = value }
    return row
  }

  /// Writes the matrix to a new file. Returns what it is meant to hold.
  ///
  /// - Parameter name: What errors call the file.
  func write(_ format: Store.AffinityFormat, to path: String, named name: String) throws(StoreError) -> FileSum {
    switch format {
    case .npy: try StoreError.files(writeNPY(to: path, named: name))
    case .hdf5: try StoreError.writing(name) { () throws(HDF5Error) in try writeDense(to: path) }
    case .sparseHDF5: try StoreError.writing(name) { () throws(HDF5Error) in try writeSparse(to: path) }
    }
  }

  private func writeNPY(to path: String, named name: String) throws(FileError) -> FileSum {
    var file = try FileWriter(creating: path, named: name)
    try file.write(NPY.header(shape: [clusters, clusters]))
    for cluster in 0..<clusters { try file.write(NPY.bytes(of: row(cluster))) }
    return try file.close()
  }

  private func writeDense(to path: String) throws(HDF5Error) -> FileSum {
    let file = try NewFile(path)
    let dataset = try file.createDataset("/affinity", .float64, shape: [clusters, clusters])
    for cluster in 0..<clusters { try dataset.write(row: cluster, row(cluster)) }
    try dataset.close()
    return try file.close()
  }

  private func writeSparse(to path: String) throws(HDF5Error) -> FileSum {
    var (starts, columns, values): ([Int64], [Int32], [Double]) = ([0], [], [])
    for cluster in 0..<clusters {
      for (column, value) in entries(cluster) {
        columns.append(Int32(column))
        values.append(value)
      }
      starts.append(Int64(values.count))
    }
    let file = try NewFile(path)
    try file.write(values, to: "/data")
    try file.write(columns, to: "/indices")
    try file.write(starts, to: "/indptr")
    try file.write([Int64(clusters), Int64(clusters)], to: "/shape")
    return try file.close()
  }
}
