import Files
import LogitStream
import LogitsToHierarchy

/// Segments with a sketch of each row of a store: the store's own, or, where it keeps none, those of its rows read again.
final class SketchedRows: Sendable {
  let directory: StoreDirectory
  let manifest: Manifest
  /// Where the segments are if they are not the store's own.
  private let temporary: ScratchDirectory?

  /// - Parameter stored: A state of the store in `directory`. Its files are checked.
  /// - Throws: ``StoreError``, among others ``StoreError/noSketches(_:_:)`` if rows can't be read again; ``BuildError``,
  ///   ``Interrupted``
  init(
    _ stored: StoredHierarchy, in directory: StoreDirectory, resources: RunResources, observer: any RunObserver
  ) throws {
    try directory.check(stored.manifest.segments.map(\.file), threads: resources.threads, observer)
    guard stored.manifest.options.sketchWidth == 0 else {
      (self.directory, manifest, temporary) = (directory, stored.manifest, nil)
      return
    }
    let temporary = try StoreError.files(ScratchDirectory())
    do {
      manifest = try stored.manifest.sketched(in: StoreDirectory(temporary.path), resources, observer)
    } catch let error as LogitStreamError {
      throw StoreError.noSketches(directory.path, error)
    }
    (self.directory, self.temporary) = (StoreDirectory(temporary.path), temporary)
    let (known, found) = (try stored.manifest.statistics(in: directory), try manifest.statistics(in: self.directory))
    guard known == found else {
      throw BuildError.changedBetweenPasses(locations: manifest.sources.map(\.input.location))
    }
  }

  /// What the segments hold, one after another.
  func readers() throws(StoreError) -> [SegmentReader] { try manifest.segmentReaders(in: directory) }
}

extension Manifest {
  func segmentReaders(in directory: StoreDirectory) throws(StoreError) -> [SegmentReader] {
    var readers: [SegmentReader] = []
    for segment in segments {
      readers.append(try SegmentReader(directory.file(segment.file.name), clusters: clusters))
    }
    return readers
  }

  fileprivate func statistics(in directory: StoreDirectory) throws(StoreError) -> ClusterStatistics {
    var statistics = ClusterStatistics(clusters: clusters)
    for reader in try segmentReaders(in: directory) { statistics.add(reader.statistics) }
    return statistics
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
