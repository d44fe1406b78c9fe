import HDF5
import LogitsToHierarchy

extension Store {
  /// The mean affinity between bands of clusters: in row a, column b, the mean over clusters c of band a and d of band
  /// b of R[{c}](d) / n_c, the probability that a sample of cluster c gives to cluster d when c is masked.
  ///
  /// Sums are added up as integers, so the result does not depend on how rows are spread over segments.
  ///
  /// - Parameters:
  ///   - bandOfCluster: The band of each cluster; nil for those to leave out.
  ///   - count: The number of bands.
  /// - Returns: count × count means, row by row.
  /// - Throws: ``StoreError``
  /// - Complexity: A sum for each cluster that has rows and each band, beside one segment's evidence; never K × K.
  package func meanAffinity(
    of stored: StoredHierarchy, bandOfCluster: [Int?], count: Int
  ) throws(StoreError) -> [Double] {
    let clusters = stored.manifest.clusters
    var sums = [[UInt128]](repeating: [], count: clusters)
    for segment in stored.manifest.segments {
      for (group, reassigned) in try SegmentReader.evidence(directory.checked(segment.file), clusters: clusters) {
        guard group.clusters.count == 1, let row = group.clusters.first else { continue }
        if sums[row].isEmpty { sums[row] = Array(repeating: 0, count: count) }
        for (cluster, sum) in zip(reassigned.clusters, reassigned.sums) {
          if let column = bandOfCluster[cluster] { sums[row][column] += sum }
        }
      }
    }
    var sizes = [Double](repeating: 0, count: count)
    for band in bandOfCluster { if let band { sizes[band] += 1 } }
    var means = [Double](repeating: 0, count: count * count)
    for (cluster, row) in bandOfCluster.enumerated() {
      let samples = Double(stored.hierarchy.clusters[cluster].samples)
      guard let row, samples > 0 else { continue }
      for (column, sum) in sums[cluster].enumerated() {
        let mean = Double(sum) * 0x1p-40 / samples
        means[row * count + column] += mean / (sizes[row] * sizes[column])
      }
    }
    return means
  }
}
