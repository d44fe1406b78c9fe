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
    let statistics = rows.statistics
    let shouldStop: @Sendable () -> Bool = { observer.shouldStop }
    let shares = try DoubtShares(
      rows.segments.map(\.sketches), counts: statistics.counts, meaning: manifest.options.meaning,
      workers: resources.threads,
      shouldStop: shouldStop)
    return try Levels(
      of: stored.hierarchy, shares, statistics, aggregation: manifest.options.aggregation, workers: resources.threads,
      shouldStop: shouldStop)
  }
}
