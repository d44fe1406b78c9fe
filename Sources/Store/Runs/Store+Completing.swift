import Files
import Hierarchy
import LogitStream
import LogitsToHierarchy
import Threads

/// How runs end that change a store or a shard.
extension Store {
  /// Runs `work`, which makes a new state, and puts that state in the store. If `work` fails, what it finished is kept.
  /// If it finished nothing, it leaves no trace. Support stays if it is of the same rows and the same tree, a
  /// taxonomy if it is of the same classes.
  static func finishing(
    _ directory: StoreDirectory, _ observer: any RunObserver,
    keepsWork: (any Error) -> Bool = Store.isWorthKeeping, _ work: () throws -> Manifest
  ) throws -> StoredHierarchy {
    // Of a state that can't be read nothing is used, nor is anything removed.
    let earlier = (try? directory.building())??.spool
    defer { directory.removeSpool(leftBy: earlier) }
    let manifest = try completing(directory, keepsWork: keepsWork) {
      let before = try directory.manifest()
      var manifest = try work()
      if let before, before.replicates != nil, !manifest.takeSupport(from: before) {
        observer.didDropSupport(of: directory.path)
      }
      if !manifest.takeTaxonomy(from: before) { observer.didDropTaxonomy(of: directory.path) }
      return manifest
    }
    return try StoredHierarchy(manifest, path: directory.path)
  }

  /// The same for a run that reads a stream, whose rows are spooled or come once.
  ///
  /// What is learnt of rows that come once is lost with the run, unless all were there: then it lacks estimates only.
  static func finishing(
    _ directory: StoreDirectory, _ observer: any RunObserver, spool: SpoolFile?, _ work: () throws -> Manifest
  ) throws -> StoredHierarchy {
    func keepsWork(_ error: any Error) -> Bool {
      if case StoreError.sourceGone = error { return true }
      // What a file on standard input holds, nobody knows the next time.
      return spool?.isSource == false && isWorthKeeping(after: error)
    }
    do {
      let stored = try finishing(directory, observer, keepsWork: keepsWork, work)
      spool?.remove()
      return stored
    } catch {
      // Without the state that goes with it, a spool is of no use.
      if !keepsWork(error) || !directory.hasUnfinishedWork { spool?.remove() }
      throw error
    }
  }

  /// The same for a store or a shard. The run began at `start`.
  static func completing(
    _ directory: StoreDirectory, since start: ContinuousClock.Instant = .now,
    keepsWork isWorthKeeping: (any Error) -> Bool = Store.isWorthKeeping, _ work: () throws -> Manifest
  ) throws -> Manifest {
    do {
      var manifest = try work()
      if directory.kind == .store { try directory.findTypicalMembers(of: &manifest) }
      let time = (ContinuousClock.now - start).components
      manifest.figures.seconds = Double(time.seconds) + Double(time.attoseconds) * 1e-18
      manifest.figures.peakMemoryBytes = ProcessMemory.peak
      try directory.complete(manifest)
      // Writing the manifest takes memory too, which the written one can't tell.
      manifest.figures.peakMemoryBytes = ProcessMemory.peak
      return manifest
    } catch {
      let keepsWork = isWorthKeeping(error) && directory.hasUnfinishedWork
      if keepsWork { directory.removeStrayFiles() } else { directory.discardBuilding() }
      throw telling(error, keepsWork: keepsWork)
    }
  }

  /// An error, which says what was kept if it is that work was stopped.
  static func telling(_ error: any Error, keepsWork: Bool) -> any Error {
    switch error {
    case is Interrupted, LogitStreamError.interrupted: Interrupted(keepsWork: keepsWork)
    default: error
    }
  }

  /// Whether a later run may use what was finished before an error. It may not if rows are invalid, since other rows
  /// will come in their place, nor if an input has changed.
  static func isWorthKeeping(after error: any Error) -> Bool {
    switch error {
    case BuildError.invalidLogit, BuildError.noFiniteLogit, BuildError.invalidTopK, BuildError.neverWritten,
      BuildError.tooManyUnwritten, BuildError.noValidRows, BuildError.changedBetweenPasses, BuildError.looksLike,
      LogitStreamError.changed, LogitStreamError.hasHeader, LogitStreamError.looksLikeType:
      false
    default: true
    }
  }
}
