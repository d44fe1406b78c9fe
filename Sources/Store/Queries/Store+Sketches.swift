import Files
import LogitStream
import LogitsToHierarchy

/// Segments with a sketch of each row of a store: the store's own, or, where it keeps none, those of its rows read again.
final class SketchedRows: Sendable {
  let directory: StoreDirectory
  let manifest: Manifest
  /// What was learnt of each segment's rows, and their sketches.
  let segments: [(statistics: ClusterStatistics, sketches: SketchFileReader)]
  /// Where the segments are if they are not the store's own.
  private let temporary: ScratchDirectory?

  /// - Parameter stored: A state of the store in `directory`. Its files are checked.
  /// - Throws: ``StoreError``, among others ``StoreError/noSketches(_:_:)`` if rows can't be read again; ``BuildError``,
  ///   ``Interrupted``
  init(
    _ stored: StoredHierarchy, in directory: StoreDirectory, resources: RunResources, observer: any RunObserver
  ) throws {
    try directory.check(stored.manifest.segments.map(\.file), threads: resources.threads, observer)
    if stored.manifest.options.sketchWidth > 0 {
      (self.directory, manifest, temporary) = (directory, stored.manifest, nil)
    } else {
      let temporary = try StoreError.files(ScratchDirectory())
      (self.directory, self.temporary) = (StoreDirectory(temporary.path), temporary)
      do {
        manifest = try stored.manifest.sketched(in: self.directory, resources, observer)
      } catch let error as LogitStreamError {
        throw StoreError.noSketches(directory.path, error)
      }
    }
    segments = try manifest.segmentReaders(in: self.directory).map { reader throws(StoreError) in
      guard let sketches = reader.sketches else {
        throw .damaged(directory.path, reason: "not all of its segments have sketches")
      }
      return (reader.statistics, sketches)
    }
    guard try temporary == nil || statistics == stored.manifest.statistics(in: directory) else {
      throw BuildError.changedBetweenPasses(locations: manifest.sources.map(\.input.location))
    }
  }

  /// What was learnt of all rows.
  var statistics: ClusterStatistics {
    ClusterStatistics(sumOf: segments.map(\.statistics), clusters: manifest.clusters)
  }
}

extension Manifest {
  fileprivate func statistics(in directory: StoreDirectory) throws(StoreError) -> ClusterStatistics {
    ClusterStatistics(sumOf: try segmentReaders(in: directory).map(\.statistics), clusters: clusters)
  }

  /// Scans the same rows once more, for segments with sketches in another directory.
  fileprivate func sketched(
    in directory: StoreDirectory, _ resources: RunResources, _ observer: any RunObserver
  ) throws -> Manifest {
    var wanted = self
    wanted.options.sketchWidth = BuildOptions().sketchWidth
    wanted.segments = []
    let source = try LogitSource(
      sources.map { source throws(LogitStreamError) in
        let found = try source.input.current()
        guard try source.isHeld(by: found) else { throw .changed(file: found.file, dataset: found.dataset) }
        return found.selecting(source.input.rowRange)
      })
    // Nothing is foreseen, nor kept in memory, of a share.
    wanted.share = source.slices
    let passes = try SourcePasses(source, options: wanted.options, resources: resources, observer: observer)
    return try StoreRun(directory, wanted, passes: passes, observer: observer).runScan()
  }
}
