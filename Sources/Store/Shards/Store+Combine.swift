import Files
import LogitStream
import LogitsToHierarchy

extension Store {
  /// How far a build has come that several processes share.
  package enum Combined: Sendable {
    case complete(StoredHierarchy)
    /// Groups whose exact evidence is needed, and the rows that must be read again for it: ``sweep(_:into:resources:observer:)``.
    case pending(groups: Int, rows: Int)
  }

  /// Brings together in a store what shards of a scan and of sweeps have learnt, and runs the merge loop. It comes to
  /// the hierarchy, or as far as it can before rows must be read again.
  ///
  /// What was combined before is not done again. If updates have taken more rows into the store since, it is left as it
  /// is.
  ///
  /// - Parameters:
  ///   - directories: Those that shards are in, or shards.
  ///   - replacing: Whether a store may be lost that has rows which the shards have not.
  ///   - allowsEstimates: Whether merges of top-k dumps that can't be decided may be estimates.
  /// - Throws: ``StoreError``: if rows are missing or there twice, or shards are not of one data set; ``BuildError``
  package static func combine(
    _ directories: [String], into path: String, resources: RunResources, observer: any RunObserver,
    replacing: Bool = false, allowsEstimates: Bool = false
  ) throws -> Combined {
    let shards = try Shard.all(in: directories)
    let scans = shards.filter { $0.step == .scan }
    let scanned = scans.isEmpty ? nil : try ScannedShards(scans, observer)
    let directory = StoreDirectory(path)
    guard scanned != nil || directory.isStore else { throw StoreError.noScannedShards(directories) }
    // What is finished may be where nothing can be written.
    let finished = {
      try Self.finished(scanned, in: directory, named: path, resources.threads, observer, replacing: replacing)
    }
    if let finished = try finished() {
      directory.tidy()
      return .complete(finished)
    }
    let lock = try directory.claim(named: path)
    defer { withExtendedLifetime(lock) {} }
    // Another process may have finished it just before.
    if let finished = try finished() { return .complete(finished) }
    let building = try directory.building()
    let known = [building, try directory.manifest()].compactMap { $0 }
    var manifest: Manifest
    var checkedFiles: Set<String> = []
    if let held = try held(scanned, among: known, in: directory, resources.threads, observer) {
      manifest = held
      checkedFiles = Set(held.files.map(\.name))
    } else if let scanned {
      if let building, !replacing {
        if scanned.areExceeded(by: building) { throw StoreError.unfinishedUpdate(path) }
        try scanned.checkNothingIsLost(of: building, at: path)
      }
      manifest = try keeping(directory) {
        try scanned.taken(into: directory, after: known, threads: resources.threads, observer)
      }
      checkedFiles = Set(manifest.files.map(\.name))
    } else {
      throw StoreError.unfinished(path)
    }
    if let pending = manifest.pending {
      let sweeps = shards.filter { $0.step == .sweep }
      guard let swept = try SweptShards(sweeps, of: manifest, path: path) else {
        return .pending(pending, of: manifest)
      }
      checkedFiles.formUnion(
        try keeping(directory) { try swept.taken(into: directory, &manifest, threads: resources.threads, observer) })
    }
    if manifest.hierarchy == nil {
      do {
        manifest = try merged(manifest, directory, checkedFiles, resources, observer, allowsEstimates: allowsEstimates)
      } catch {
        // This leaves things as if it had been said before anything was done.
        if case BuildError.notEnoughMemory = error, known.isEmpty { directory.discardBuilding() }
        throw telling(error, keepsWork: directory.hasUnfinishedWork)
      }
    }
    if let pending = manifest.pending { return .pending(pending, of: manifest) }
    return .complete(try StoredHierarchy(manifest, path: path))
  }

  /// The store's hierarchy, if it is of the rows that were scanned, or of these and others that updates have taken in
  /// since. It is nil if there is something to do.
  private static func finished(
    _ scanned: ScannedShards?, in directory: StoreDirectory, named path: String, _ threads: Int,
    _ observer: any RunObserver,
    replacing: Bool
  ) throws -> StoredHierarchy? {
    guard let manifest = try directory.manifest() else { return nil }
    let stored = try StoredHierarchy(manifest, path: path)
    guard let scanned else {
      guard !FileSystem.exists(directory.buildingPath) else { return nil }
      try directory.check(manifest.files, threads: threads, observer)
      return stored
    }
    if scanned.areHeld(by: manifest) {
      // The shards have what is damaged here.
      return try directory.areSound(manifest.files, threads: threads, observer) ? stored : nil
    }
    if replacing { return nil }
    guard try scanned.areSurpassed(by: manifest, at: path) else { return nil }
    observer.didNotice(
      "\(path): has \(manifest.rows - scanned.rows) rows more than the shards, from updates, and is left as it is")
    return stored
  }

  /// A state with all rows of the shards, or of a store that there are no shards of any more, whose files are as they
  /// were written; nil if the shards must be taken in. What another run left may lack rows.
  private static func held(
    _ scanned: ScannedShards?, among known: [Manifest], in directory: StoreDirectory, _ threads: Int,
    _ observer: any RunObserver
  ) throws -> Manifest? {
    guard let held = known.first(where: { $0.missingRows.isEmpty && (scanned?.areHeld(by: $0) ?? true) }) else {
      return nil
    }
    if scanned == nil {
      try directory.check(held.files, threads: threads, observer)
      return held
    }
    return try directory.areSound(held.files, threads: threads, observer) ? held : nil
  }

  /// The merge loop's result, in the store.
  private static func merged(
    _ manifest: Manifest, _ directory: StoreDirectory, _ checkedFiles: Set<String>,
    _ resources: RunResources, _ observer: any RunObserver, allowsEstimates: Bool
  ) throws -> Manifest {
    let start = ContinuousClock.now
    let passes = try SourcePasses(
      LogitSource(manifest.sources.map(\.input)), options: manifest.options, resources: resources, observer: observer)
    var result = try StoreRun(
      directory, manifest, passes: passes, observer: observer, checkedFiles: checkedFiles,
      allowsEstimates: allowsEstimates
    ).runMerge()
    guard result.hierarchy != nil else {
      try directory.saveBuilding(result)
      return result
    }
    if !result.takeTaxonomy(from: try directory.manifest()) { observer.didDropTaxonomy(of: directory.path) }
    return try completing(directory, since: start) { result }
  }

  /// Runs `work`. If it fails and there is no store yet, it leaves no trace.
  private static func keeping<Result>(_ directory: StoreDirectory, _ work: () throws -> Result) throws -> Result {
    do {
      return try work()
    } catch {
      let keepsWork = directory.hasUnfinishedWork
      if keepsWork { directory.removeStrayFiles() } else { directory.discardBuilding() }
      throw telling(error, keepsWork: keepsWork)
    }
  }
}

extension Store.Combined {
  fileprivate static func pending(_ pending: Manifest.Pending, of manifest: Manifest) -> Self {
    let rows = zip(manifest.segments, pending.lacking).reduce(0) { $1.1.isEmpty ? $0 : $0 + $1.0.rows }
    return .pending(groups: pending.groups.count, rows: rows)
  }
}
