import ArgumentParser
import LogitStream
import LogitsToHierarchy
import Store

/// What a hierarchy is built from, and how: the arguments of build, and of scan, which is a share of it.
struct DataArguments: ParsableArguments {
  @OptionGroup var input: InputArguments

  @Option(help: ArgumentHelp("A text file with the clusters' names, a line each.", valueName: "file"))
  var names: String?

  @Option(help: "What the numbers are.")
  var kind = LogitKind.logits

  @Option(help: "Divide logits by this before the softmax.")
  var temperature = 1.0

  @Option(help: "A group's score.")
  var score = Aggregation.sumOfMeans

  @Option(help: "What to do about rows with NaN or infinity.")
  var onInvalid = InvalidRowPolicy.fail

  @Option(
    help: """
      Largest logits to keep of each row, so that nearly all merges are decided without reading the file again; 0 keeps \
      none: less disk, more passes.
      """)
  var sketchWidth = 32

  mutating func validate() throws {
    guard temperature > 0, temperature.isFinite else { throw ValidationError("--temperature must be above 0.") }
    guard (0...1024).contains(sketchWidth) else { throw ValidationError("--sketch-width must be from 0 to 1024.") }
  }

  /// Opens the inputs.
  func source() throws(LogitStreamError) -> LogitSource { try input.source() }

  /// The clusters' names, or their numbers.
  func clusterNames(of source: LogitSource) throws(NamesError) -> [String] {
    guard let names else { return ClusterNames.numbers(clusters: source.clusters) }
    return try ClusterNames.read(names, clusters: source.clusters)
  }

  func options(_ runOptions: RunOptions) -> BuildOptions {
    var options = BuildOptions()
    options.kind = kind
    options.temperature = temperature
    options.aggregation = score
    options.invalidRows = onInvalid
    options.sketchWidth = sketchWidth
    options.memory = runOptions.memory.bytes
    options.threads = runOptions.threadCount
    return options
  }

  /// Says what about inputs and names is likely not to be what was wanted.
  func warnBeforehand(
    _ source: LogitSource, _ names: [String], _ runOptions: RunOptions, _ reporter: ProgressReporter
  ) throws {
    guard !runOptions.quiet else { return }
    for input in try SourcePasses(source, options: options(runOptions), observer: reporter).inputsReadRepeatedly {
      Console.warning(
        "\(input.location): its chunks are too high for --memory \(runOptions.memory), so that each is read several times; "
          + "give more memory, or rewrite the file: \(Repacking(input).command)")
    }
    let repeated = ClusterNames.repeated(names)
    if let first = repeated.first {
      Console.warning(
        "the name \(first) stands for several clusters" + (repeated.count > 1 ? ", and others do too" : ""))
    }
  }
}

extension LogitKind: ExpressibleByArgument {}
extension Aggregation: ExpressibleByArgument {}
extension InvalidRowPolicy: ExpressibleByArgument {}
