import Hierarchy
import LogitStream
import LogitsToHierarchy

/// Distances between the leaves of the tree, in ascending order of clusters, by what other methods go by.
extension Store {
  /// By class affinity: 1 − (R[{c}](d) / n_c + R[{d}](c) / n_d) / 2, one less the mean of what a row of the one gives to the
  /// other and the reverse.
  ///
  /// - Throws: ``StoreError``, ``BuildError/notEnoughMemory(needed:given:clusters:)``
  package func affinityDistances(of stored: StoredHierarchy, resources: RunResources) throws -> CondensedDistances {
    let hierarchy = stored.hierarchy
    let leaves = hierarchy.leaves
    _ = try BaselineMemoryPlan(leaves: leaves.count, clusters: hierarchy.clusters.count, resources: resources)
    var leafOfCluster = [Int?](repeating: nil, count: hierarchy.clusters.count)
    for (index, leaf) in leaves.enumerated() { leafOfCluster[leaf] = index }
    var distances = CondensedDistances(points: leaves.count, repeating: 0)
    // Each distance has two terms at most, so that their order does not matter.
    for (group, reassigned) in try singleEvidence(of: stored.manifest) {
      let cluster = group.clusters[0]
      guard let first = leafOfCluster[cluster] else { continue }
      for (other, value) in reassigned.values {
        if let second = leafOfCluster[other] {
          distances[first, second] += value / Double(hierarchy.clusters[cluster].samples)
        }
      }
    }
    distances.replaceEach { 1 - $0 / 2 }
    return distances
  }

  /// By the correlation of mean logits, with one pass over the rows that the store was built from: ``CorrelationPass``.
  ///
  /// - Throws: ``StoreError``, ``LogitStreamError``, ``BuildError``; `Interrupted`
  package func correlationDistances(
    of stored: StoredHierarchy, resources: RunResources, observer: any RunObserver
  ) throws -> CondensedDistances {
    let manifest = stored.manifest
    let source = try LogitSource(manifest.sources.map { try $0.current() })
    let pass = try CorrelationPass(
      source, stored.hierarchy, manifest.options.meaning, resources: resources, observer: observer)
    let looks = try source.looks()
    observer.willStart(.correlate(rows: manifest.segments.reduce(0) { $0 + $1.rows }))
    for segment in manifest.segments {
      let path = try directory.checked(segment.file)
      let assignments = try SegmentAssignments(path, rows: segment.rows, clusters: manifest.clusters)
      var position = 0
      for slice in segment.slices {
        // Added to a position in the segment, this gives the row's number in its input.
        let shift = slice.rows.lowerBound - position
        try assignments.forEachPart(of: position..<position + slice.rows.count) { first, clusters in
          let rows = first + shift..<first + shift + clusters.count
          try pass.add([RowSlice(input: slice.input, rows: rows)], assignments: clusters)
        }
        position += slice.rows.count
      }
    }
    for look in looks { try look.checkRows() }
    return try pass.distances()
  }
}
