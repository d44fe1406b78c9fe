import Hierarchy
import LogitsToHierarchy

extension Store {
  /// What the hierarchy is like at every number of groups. Everything is learnt from the store's sketches, which are read
  /// once. No input is read, unless the store has no sketches.
  ///
  /// - Throws: ``StoreError``, among others ``StoreError/noSketches(_:_:)``; ``Interrupted``
  package func levels(
    of stored: StoredHierarchy, resources: RunResources, observer: any RunObserver
  ) throws -> Levels {
    let manifest = stored.manifest
    let rows = try SketchedRows(stored, in: directory, resources: resources, observer: observer)
    var statistics = ClusterStatistics(clusters: manifest.clusters)
    let readers = try rows.readers()
    for reader in readers { statistics.add(reader.statistics) }
    let sketches = readers.compactMap(\.sketches)
    guard sketches.count == readers.count else {
      throw StoreError.damaged(directory.path, reason: "not all of its segments have sketches")
    }
    let shouldStop: @Sendable () -> Bool = { observer.shouldStop }
    let shares = try DoubtShares(
      sketches, counts: statistics.counts, meaning: manifest.options.meaning, workers: resources.threads,
      shouldStop: shouldStop)
    return try Levels(
      of: stored.hierarchy, shares, statistics, aggregation: manifest.options.aggregation, workers: resources.threads,
      shouldStop: shouldStop)
  }
}
