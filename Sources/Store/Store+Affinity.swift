import Foundation
import HDF5
import Hierarchy
import LogitsToHierarchy

extension Store {
  /// Writes the class affinity matrix, K × K float64: in row c, column d, R[{c}](d), the reassigned probability that
  /// cluster d gets when cluster c alone is masked. Dense; what was never reassigned is 0.
  ///
  /// As HDF5 (dataset `affinity`), or as `.npy` if the path ends so. Written row by row.
  ///
  /// - Throws: ``StoreError``
  public func writeAffinity(to path: String) throws(StoreError) {
    let manifest = try read().manifest
    let clusters = manifest.clusters
    var evidence: Evidence = [:]
    for segment in manifest.segments {
      let part = try SegmentReader.evidence(directory.checked(segment.file), clusters: clusters)
      evidence.merge(part) { $0 + $1 }
    }
    func row(_ cluster: Int) -> [Double] {
      var row = [Double](repeating: 0, count: clusters)
      if let reassigned = evidence[Group([cluster])] {
        for (cluster, value) in reassigned.values { row[cluster] = value }
      }
      return row
    }
    try OutputFile.write(to: path) { temporary throws(StoreError) in
      if path.hasSuffix(".npy") {
        try FileOperations.write(to: temporary) { write throws(StoreError) in
          try write(NPY.header(shape: [clusters, clusters]))
          for cluster in 0..<clusters { try write(NPY.bytes(of: row(cluster))) }
        }
      } else {
        do throws(HDF5Error) {
          let file = try NewFile(temporary)
          let dataset = try file.createDataset("/affinity", .float64, shape: [clusters, clusters])
          for cluster in 0..<clusters { try dataset.write(row: cluster, row(cluster)) }
          try file.close()
        } catch {
          throw .cannotWrite(path, reason: error.message)
        }
      }
    }
  }
}
