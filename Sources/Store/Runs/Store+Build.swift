import Files
import FoundationEssentials
import Hierarchy
import LogitStream
import LogitsToHierarchy
import Texts

extension Store {
  /// Builds the hierarchy of `source` into a store at `path`, which appears or changes when the build is done.
  ///
  /// Segments that an earlier run with the same inputs and options left are used, whether it was completed or not. If
  /// this run fails or is stopped, what it has finished is kept for the next one.
  ///
  /// - Parameters:
  ///   - replacing: Whether a store of other inputs may be lost.
  ///   - streaming: What becomes of rows that come once, and of merges that nothing decides.
  /// - Throws: ``StoreError``, among others ``StoreError/holdsOtherInputs(_:_:)``; ``LogitStreamError``, ``BuildError``
  public static func build(
    _ path: String, from source: LogitSource, names: [String], options: BuildOptions = BuildOptions(),
    resources: RunResources = RunResources(), observer: any RunObserver = SilentObserver(), replacing: Bool = false,
    streaming: StreamOptions = StreamOptions()
  ) throws -> StoredHierarchy {
    precondition(names.count == source.clusters)
    if let stream = source.stream {
      return try build(
        path, from: source, stream, names: names, options: options, resources: resources, observer: observer,
        replacing: replacing, streaming: streaming)
    }
    let passes = try SourcePasses(source, options: options, resources: resources, observer: observer)
    // Reads rows, which may fail, while there is no directory yet.
    let looks = try source.looks()
    try source.checkKind(options.meaning)
    var wanted = Manifest(of: looks, names: names, options: options)
    let directory = StoreDirectory(path)
    let lock = try directory.claim(named: path)
    defer { withExtendedLifetime(lock) {} }
    let states = [try directory.resumable(), try directory.manifest()].compactMap { $0 }
    if !replacing { for known in states { try known.checkLosesNothing(by: wanted, at: path) } }
    return try finishing(directory, observer) {
      // Files that were written to since are read anew, whatever their fingerprints: these look at few rows.
      for known in states.map({ $0.withoutChangedInputs(keeping: nil, mayHaveGrown: false) }) {
        wanted.nextFile = max(wanted.nextFile, known.nextFile)
        if wanted.segments.isEmpty, known.sources == wanted.sources, known.options.givesSameSegments(as: wanted.options)
        {
          wanted.segments = known.segments
          wanted.sources = known.sources
        }
      }
      return try StoreRun(
        directory, wanted, passes: passes, observer: observer, allowsEstimates: streaming.allowsEstimates,
        looks: looks
      ).run()
    }
  }
}

extension Store {
  /// The same of rows that come once.
  private static func build(
    _ path: String, from source: LogitSource, _ stream: RowStream, names: [String], options: BuildOptions,
    resources: RunResources, observer: any RunObserver, replacing: Bool, streaming: StreamOptions
  ) throws -> StoredHierarchy {
    let passes = try SourcePasses(source, options: options, resources: resources, observer: observer)
    var wanted = Manifest(names: names, options: options)
    wanted.sources = [Manifest.Source(unread: stream)]
    let directory = StoreDirectory(path)
    let lock = try directory.claim(named: path)
    defer { withExtendedLifetime(lock) {} }
    let (building, complete) = (try directory.building(), try directory.manifest())
    let states = [building, complete].compactMap { $0 }
    if !replacing { for known in states { try known.checkLosesNothing(by: wanted, at: path) } }
    let spool: SpoolFile?
    do {
      spool = try directory.spool(stream, streaming)
    } catch {
      if !directory.hasUnfinishedWork { directory.discardBuilding() }
      throw error
    }
    return try finishing(directory, observer, spool: spool) {
      for known in states { wanted.nextFile = max(wanted.nextFile, known.nextFile) }
      return try StoreRun(
        directory, wanted.continuing(building, stream, spool), passes: passes, observer: observer,
        allowsEstimates: streaming.allowsEstimates, spool: spool
      ).run()
    }
  }
}

extension Manifest {
  /// The state of a data set that nothing was learnt of yet.
  init(of looks: [InputLook], names: [String], options: BuildOptions) {
    self.init(names: names, options: options)
    sources = looks.map(Source.init)
  }
}

extension Manifest.Source {
  init(_ look: InputLook) { self.init(input: look.input.withAbsolutePath, fingerprint: look.fingerprint) }
}

extension LogitInput {
  /// The same input by a path that holds from any working directory.
  var withAbsolutePath: LogitInput { moved(to: file.absolutePath) }
}
