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
  ///   - allowsEstimates: Whether merges that nothing decides may be estimates.
  /// - Throws: ``StoreError``, among others ``StoreError/holdsOtherInputs(_:_:)``; ``LogitStreamError``, ``BuildError``
  public static func build(
    _ path: String, from source: LogitSource, names: [String], options: BuildOptions = BuildOptions(),
    resources: RunResources = RunResources(), observer: any RunObserver = SilentObserver(), replacing: Bool = false,
    allowsEstimates: Bool = false
  ) throws -> StoredHierarchy {
    precondition(names.count == source.clusters)
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
      for known in states.map({ $0.withoutChangedInputs(keeping: nil) }) {
        wanted.nextFile = max(wanted.nextFile, known.nextFile)
        if wanted.segments.isEmpty, known.sources == wanted.sources, known.options.givesSameSegments(as: wanted.options)
        {
          wanted.segments = known.segments
          wanted.sources = known.sources
        }
      }
      return try StoreRun(
        directory, wanted, passes: passes, observer: observer, allowsEstimates: allowsEstimates, looks: looks
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
