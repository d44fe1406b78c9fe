import FoundationEssentials
import Hierarchy
import LogitStream
import LogitsToHierarchy

extension Store {
  /// Builds the hierarchy of `source` into a store at `path`, which appears or changes when the build is done.
  ///
  /// An earlier run with the same inputs and options, complete or not, left segments that are used. What this run
  /// finishes before it fails or is stopped is kept for the next.
  ///
  /// - Throws: ``StoreError``, ``LogitStreamError``, ``BuildError``
  public static func build(
    _ path: String, from source: LogitSource, names: [String], options: BuildOptions = BuildOptions(),
    resources: RunResources = RunResources(), observer: any RunObserver = SilentObserver()
  ) throws -> StoredHierarchy {
    precondition(names.count == source.clusters)
    let passes = try SourcePasses(source, options: options, resources: resources, observer: observer)
    let directory = StoreDirectory(path)
    let lock = try directory.claim(named: path)
    defer { withExtendedLifetime(lock) {} }
    return try finishing(directory) {
      var wanted = try Manifest(of: source, names: names, options: options)
      for known in [try directory.building(), try directory.manifest()].compactMap({ $0 }) {
        wanted.nextFile = max(wanted.nextFile, known.nextFile)
        if wanted.segments.isEmpty, known.sources == wanted.sources, known.options.givesSameSegments(as: wanted.options)
        {
          wanted.segments = known.segments
        }
      }
      return try StoreRun(directory, wanted, passes: passes, observer: observer).run()
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
}

extension Manifest {
  /// The state of a data set that nothing was learnt of yet.
  init(of source: LogitSource, names: [String], options: BuildOptions) throws(LogitStreamError) {
    self.init(names: names, options: options)
    for input in source.inputs {
      sources.append(Source(input: input.withAbsolutePath, fingerprint: try input.fingerprint(rows: input.rows)))
    }
  }
}

extension LogitInput {
  /// The same input by a path that holds from any working directory.
  var withAbsolutePath: LogitInput { moved(to: URL(fileURLWithPath: file).standardizedFileURL.path) }
}
