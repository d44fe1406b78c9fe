import Hierarchy
import LogitsToHierarchy

extension Store {
  /// What the hierarchy is like at every number of groups. Everything is learnt from the store's sketches, which are read
  /// once; no input is read.
  ///
  /// - Throws: ``StoreError``, among others ``StoreError/noSketches(_:)``; ``Interrupted``
  package func levels(
    of stored: StoredHierarchy, resources: RunResources, observer: any RunObserver
  ) throws -> Levels {
    let manifest = stored.manifest
    guard manifest.options.sketchWidth > 0 else { throw StoreError.noSketches(directory.path) }
    try directory.check(manifest.segments.map(\.file), threads: resources.threads, observer)
    var statistics = ClusterStatistics(clusters: manifest.clusters)
    var sketches: [any SketchReading] = []
    for segment in manifest.segments {
      let reader = try SegmentReader(directory.file(segment.file.name), clusters: manifest.clusters)
      guard let found = reader.sketches else { throw StoreError.noSketches(directory.path) }
      statistics.add(reader.statistics)
      sketches.append(found)
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
