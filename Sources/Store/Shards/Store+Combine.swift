import Foundation
import LogitStream
import LogitsToHierarchy

extension Store {
  /// Where a build that several processes share has got.
  public enum Combined: Sendable {
    case complete(StoredHierarchy)
    /// Groups whose exact evidence is needed, and the rows that must be read again for it: ``sweep(_:into:memory:threads:observer:)``.
    case pending(groups: Int, rows: Int)
  }

  /// Brings together what shards of a scan, and of sweeps after it, have learnt, in a store at `path`, and runs the merge
  /// loop: to the hierarchy, or as far as it gets before rows must be read again. Combining again does nothing again.
  ///
  /// - Parameter directories: Those that shards are in, or shards.
  /// - Throws: ``StoreError``: if rows are missing or there twice, or shards are not of one data set; ``BuildError``
  public static func combine(
    _ directories: [String], into path: String, memory: Int, threads: Int, observer: any RunObserver
  ) throws -> Combined {
    let shards = try Shard.all(in: directories)
    let scans = shards.filter { $0.step == .scan }
    let scanned = scans.isEmpty ? nil : try ScannedShards(scans)
    let directory = StoreDirectory(path)
    guard scanned != nil || directory.isStore else { throw StoreError.noScannedShards(directories) }
    try claim(directory, named: path)
    let lock = try StoreLock(directory)
    defer { withExtendedLifetime(lock) {} }
    let known = [try directory.building(), try directory.manifest()].compactMap { $0 }
    var manifest: Manifest
    var checkedFiles: Set<String> = []
    // What another run left may lack rows.
    if let held = known.first(where: { $0.missingRows.isEmpty && (scanned?.areHeld(by: $0) ?? true) }) {
      manifest = held
    } else if let scanned {
      manifest = try keeping(directory) { try scanned.taken(into: directory, after: known, observer) }
      checkedFiles = Set(manifest.files.map(\.name))
    } else {
      throw StoreError.unfinished(path)
    }
    if let pending = manifest.pending {
      let sweeps = shards.filter { $0.step == .sweep }
      guard let swept = try SweptShards(sweeps, of: manifest, path: path) else {
        return .pending(pending, of: manifest)
      }
      try keeping(directory) { try swept.taken(into: directory, &manifest, observer) }
    }
    if manifest.hierarchy == nil {
      manifest = try merged(manifest, directory, checkedFiles, memory: memory, threads: threads, observer)
    }
    if let pending = manifest.pending { return .pending(pending, of: manifest) }
    return .complete(try StoredHierarchy(manifest, path: path))
  }

  /// The merge loop's result, in the store.
  private static func merged(
    _ manifest: Manifest, _ directory: StoreDirectory, _ checkedFiles: Set<String>, memory: Int, threads: Int,
    _ observer: any RunObserver
  ) throws -> Manifest {
    let start = ContinuousClock.now
    let passes = try SourcePasses(
      LogitSource(manifest.sources.map(\.input)), options: manifest.buildOptions(memory: memory, threads: threads),
      observer: observer)
    let result = try StoreRun(
      directory, manifest, passes: passes, observer: observer, checkedFiles: checkedFiles
    ).runMerge()
    guard result.hierarchy != nil else {
      try directory.saveBuilding(result)
      return result
    }
    return try completing(directory, since: start) { result }
  }

  /// Runs `work`; if it fails and the store is not one yet, there is no trace of it.
  private static func keeping<Result>(_ directory: StoreDirectory, _ work: () throws -> Result) throws -> Result {
    do {
      return try work()
    } catch {
      if directory.hasUnfinishedWork { directory.removeStrayFiles() } else { directory.discardBuilding() }
      throw error
    }
  }
}

extension Store.Combined {
  fileprivate static func pending(_ pending: Manifest.Pending, of manifest: Manifest) -> Self {
    let rows = zip(manifest.segments, pending.lacking).reduce(0) { $1.1.isEmpty ? $0 : $0 + $1.0.rows }
    return .pending(groups: pending.groups.count, rows: rows)
  }
}
