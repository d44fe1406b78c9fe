import ArgumentParser
import Evaluation
import Files
import LogitStream
import LogitsToHierarchy
import Report
import Store

/// The arguments of build, and of scan, which does a share of a build: what to build a hierarchy from, and how.
struct DataArguments: ParsableArguments {
  @OptionGroup var input: InputArguments

  @Option(
    help: ArgumentHelp(
      "The clusters' names: a text file with a line each, FILE.h5:/dataset, .npy, FILE.json, or a store whose names to take.",
      valueName: "file"))
  var names: String?

  @Option(
    help: """
      What the numbers are. (default: \(BuildOptions().meaning.kind.rawValue); if rows look like another kind, say it)
      """)
  var kind: LogitKind?

  @Option(
    help: ArgumentHelp(
      """
      Columns that are no classes, as a blank or padding: names or numbers with commas between, or a file of them. They are \
      in no softmax, and not in the tree. May be given several times.
      """, valueName: "columns"))
  var without: [String] = []

  @Option(help: "Divide logits by this before the softmax.")
  var temperature = BuildOptions().meaning.temperature

  @Option(help: "A group's score.")
  var score = BuildOptions().aggregation

  @Option(
    help: """
      Which groups to merge: the one with the lowest score and its partner (lowest), or of all groups and partners those \
      with the highest average (all-pairs), for each row of the group (all-pairs-per-row).
      """)
  var strategy = BuildOptions().strategy

  @Option(help: "What to do about rows with NaN or infinity, and rows that were never written.")
  var onInvalid = BuildOptions().meaning.invalidRows

  @Flag(
    help: """
      Take rows that are fill value throughout, mostly 0, as logits. Without this they count as never written.
      """)
  var allowFill = false

  @Option(
    help: """
      Largest logits to keep of each row, so that nearly all merges are decided without reading the file again; 0 keeps \
      none: less disk, more passes.
      """)
  var sketchWidth = BuildOptions().sketchWidth

  mutating func validate() throws {
    guard temperature > 0, temperature.isFinite else { throw ValidationError("--temperature must be above 0.") }
    guard (0...1024).contains(sketchWidth) else { throw ValidationError("--sketch-width must be from 0 to 1024.") }
    guard strategy == .lowest || sketchWidth > 0 else {
      throw ValidationError(
        "--strategy \(strategy.rawValue) takes sketches: with --sketch-width 0 it would read the inputs for each merge."
      )
    }
  }

  /// Opens the inputs.
  func source() throws(LogitStreamError) -> LogitSource { try input.source() }

  /// The clusters' names; their numbers if no file of names is given.
  func clusterNames(of source: LogitSource) throws -> [String] {
    guard let names else { return (0..<source.clusters).map(String.init) }
    guard FileSystem.isDirectory(names) else { return try NameFile(names, count: source.clusters).names }
    let known = try Store(names).read().hierarchy.clusters.map(\.name)
    guard known.count == source.clusters else {
      throw EvaluationError.wrongNumberOfNames(names, found: known.count, unit: "name", clusters: source.clusters)
    }
    return known
  }

  /// The file of names, or a store, if it can be read again: nil for a pipe.
  var namesFile: String? {
    names.flatMap { (try? FileSystem.isSpecial($0)) == false || FileSystem.isDirectory($0) ? $0 : nil }
  }

  /// The options with the columns that are left out, for clusters of these names.
  func options(_ names: [String]) throws -> BuildOptions {
    var options = options
    options.meaning.excludedColumns = try ExcludedColumns(without, names).columns
    return options
  }

  /// The options, but for the columns that are left out.
  var options: BuildOptions {
    var options = BuildOptions()
    if let kind { options.meaning.kind = kind }
    options.meaning.temperature = temperature
    options.meaning.invalidRows = onInvalid
    options.meaning.fillRows = allowFill ? .logits : .unwritten
    options.aggregation = score
    options.strategy = strategy
    options.sketchWidth = sketchWidth
    return options
  }

  /// Warns about inputs and names that are probably not what was wanted.
  func warnBeforehand(
    _ source: LogitSource, _ names: [String], _ runOptions: RunOptions, _ reporter: ProgressReporter
  ) throws {
    guard !runOptions.quiet else { return }
    let passes = try SourcePasses(
      source, options: options, resources: runOptions.resources, observer: reporter)
    for input in passes.inputsReadRepeatedly {
      Console.warning(
        """
        \(input.location): its chunks are too high for --memory \(runOptions.memory), so that each is read several times; \
        give more memory, or rewrite the file: \(command: Repacking(input).command)
        """)
    }
    RepeatedNames(names).warning.map(Console.warning)
  }
}

extension LogitKind: ExpressibleByArgument {}
extension Aggregation: ExpressibleByArgument {}
extension MergeStrategy: ExpressibleByArgument {}
extension InvalidRowPolicy: ExpressibleByArgument {}
