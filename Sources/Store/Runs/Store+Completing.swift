import Hierarchy
import LogitStream
import LogitsToHierarchy

/// What the ends of all runs that change a store or a shard have in common.
extension Store {
  /// Runs `work`, which makes a new state, and puts that in the store. If it fails, what it finished is kept; if that is
  /// nothing, there is no trace of it.
  static func finishing(_ directory: StoreDirectory, _ work: () throws -> Manifest) throws -> StoredHierarchy {
    let manifest = try completing(directory, work)
    return try StoredHierarchy(manifest, path: directory.path)
  }

  /// The same for any directory that is made like a store, by a run that began at `start`.
  static func completing(
    _ directory: StoreDirectory, since start: ContinuousClock.Instant = .now, _ work: () throws -> Manifest
  ) throws -> Manifest {
    do {
      var manifest = try work()
      let time = (ContinuousClock.now - start).components
      manifest.figures.seconds = Double(time.seconds) + Double(time.attoseconds) * 1e-18
      manifest.figures.peakMemoryBytes = ProcessMemory.peak
      try directory.complete(manifest)
      // Writing it took memory too, of which it can't tell itself.
      manifest.figures.peakMemoryBytes = ProcessMemory.peak
      return manifest
    } catch {
      if isWorthKeeping(after: error), directory.hasUnfinishedWork {
        directory.removeStrayFiles()
      } else {
        directory.discardBuilding()
      }
      throw error
    }
  }

  /// Whether what was finished before an error may be used by a later run: not if rows are bad, which
  /// are mended by other rows, or if an input has changed since.
  static func isWorthKeeping(after error: any Error) -> Bool {
    switch error {
    case BuildError.invalidLogit, BuildError.noFiniteLogit, BuildError.neverWritten, BuildError.noValidRows,
      BuildError.changedBetweenPasses,
      LogitStreamError.changed:
      false
    default: true
    }
  }
}
