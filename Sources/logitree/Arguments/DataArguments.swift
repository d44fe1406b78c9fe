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

  @OptionGroup var topK: TopKOptions

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
      none: less disk, more passes. (default: \(BuildOptions().sketchWidth); with --top-k all there are; 0 if build has many \
      rows over fewer than \(BuildOptions.fewClusters) clusters, of which reading again is cheaper)
      """)
  var sketchWidth: Int?

  mutating func validate() throws {
    guard temperature > 0, temperature.isFinite else { throw ValidationError("--temperature must be above 0.") }
    guard (0...BuildOptions.mostKept).contains(options.sketchWidth) else {
      throw ValidationError("--sketch-width must be from 0 to \(BuildOptions.mostKept).")
    }
    guard strategy == .lowest || options.sketchWidth > 0 else {
      throw ValidationError(
        "--strategy \(strategy.rawValue) takes sketches: with --sketch-width 0 it would read the inputs for each merge."
      )
    }
    try validateTopK()
  }

  private func validateTopK() throws {
    guard topK.topK != nil else { return }
    _ = try topK.kind(kind)
    guard input.rawOptions.clusters != nil || names != nil else {
      throw ValidationError("--top-k takes the number of clusters, which the rows don't tell: --clusters, or --names.")
    }
    guard temperature == 1 else {
      throw ValidationError("--temperature would change the logits that --top-k has not, so that they can't be told.")
    }
    guard sketchWidth.map({ $0 >= 2 }) ?? true else {
      throw ValidationError("With --top-k, --sketch-width must be at least 2: rows are sketches, and nothing else.")
    }
    guard without.isEmpty else {
      throw ValidationError(
        "--without would take from the others what --top-k can't tell: leave columns out before softmax and topk.")
    }
    guard input.dataset == nil, !input.transposed else {
      throw ValidationError("--top-k names the arrays, N × k each; --dataset and --transposed don't go with it.")
    }
  }

  /// Opens the inputs, and reads the clusters' names: their numbers if no file of names is given.
  ///
  /// - Parameter takesStream: Whether rows may come once, through a pipe.
  func open(takesStream: Bool = false) throws -> (source: LogitSource, names: [String]) {
    guard topK.topK != nil else {
      let source = try input.source(takesStream: takesStream)
      return (source, try names.map { try Self.names($0, count: source.clusters) } ?? source.clusterNumbers)
    }
    let found = try names.map { try Self.names($0, count: input.rawOptions.clusters) }
    let source = try input.source(
      topK.form(clusters: input.rawOptions.clusters ?? found?.count), takesStream: takesStream)
    return (source, found ?? source.clusterNumbers)
  }

  /// The names in a file, or those of a store's clusters.
  private static func names(_ path: String, count: Int?) throws -> [String] {
    guard FileSystem.isDirectory(path) else { return try NameFile(path, count: count).names }
    let known = try Store(path).read().hierarchy.clusters.map(\.name)
    if let count, known.count != count {
      throw EvaluationError.wrongNumberOfNames(path, found: known.count, unit: "name", clusters: count)
    }
    return known
  }

  /// The file of names, or a store, if it can be read again: nil for a pipe.
  var namesFile: String? {
    names.flatMap { (try? FileSystem.isSpecial($0)) == false || FileSystem.isDirectory($0) ? $0 : nil }
  }

  /// The options of a build of a source whose clusters have these names.
  ///
  /// - Parameter keepsSketches: Whether more is to be done that takes sketches, so that they are kept in any case.
  func options(for source: LogitSource, _ names: [String], keepsSketches: Bool) throws -> BuildOptions {
    var options = options
    options.sketchWidth =
      sketchWidth ?? BuildOptions.sketchWidth(for: source, keepsSketches: keepsSketches || strategy != .lowest)
    options.meaning.excludedColumns = try ExcludedColumns(without, names).columns
    return options
  }

  /// The options, but for the columns that are left out, and for what depends on the inputs.
  var options: BuildOptions {
    var options = BuildOptions()
    if let kind { options.meaning.kind = kind }
    if topK.topK != nil, let kind = try? topK.kind(kind) { options.meaning.kind = kind }
    options.meaning.temperature = temperature
    options.meaning.invalidRows = onInvalid
    options.meaning.fillRows = allowFill ? .logits : .unwritten
    options.aggregation = score
    options.strategy = strategy
    options.sketchWidth = sketchWidth ?? options.sketchWidth
    return options
  }

  /// Warns about inputs and names that are probably not what was wanted.
  func warnBeforehand(
    _ source: LogitSource, _ names: [String], _ options: BuildOptions, _ runOptions: RunOptions,
    _ reporter: ProgressReporter
  ) throws {
    guard !runOptions.quiet else { return }
    let passes = try SourcePasses(source, options: options, resources: runOptions.resources, observer: reporter)
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

extension LogitSource {
  /// The clusters' numbers, for names.
  fileprivate var clusterNumbers: [String] { (0..<clusters).map(String.init) }
}

extension LogitKind: ExpressibleByArgument {}
extension Aggregation: ExpressibleByArgument {}
extension MergeStrategy: ExpressibleByArgument {}
extension InvalidRowPolicy: ExpressibleByArgument {}
