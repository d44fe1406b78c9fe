import ArgumentParser
import Hierarchy
import LogitStream
import LogitsToHierarchy
import Store

/// `logitree build`: inputs to hierarchy.
struct Build: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Build the hierarchy of a file of logits.",
    discussion: """
      INPUT is FILE or FILE:/dataset, of HDF5, .npy or safetensors (FILE:tensor). Several inputs are one data set, in \
      that order.

        logitree build logits.h5 --names classes.txt -o my.logitree
        logitree build part-*.h5 --dataset logits -o my.logitree
        logitree build logits.npy --rows 0..<100000 -o try.logitree
      """)

  @Argument(help: "Files with logits, N samples × K clusters.")
  var inputs: [String]

  @Option(name: .shortAndLong, help: "The store to write: a directory, NAME.logitree by custom.")
  var output: String

  @Option(help: "The dataset to read, in inputs that name none. Not needed where a file has one candidate.")
  var dataset: String?

  @Flag(help: "The logits lie as clusters × samples, as MATLAB and Julia write them.")
  var transposed = false

  @Option(help: "Take only these rows of the data set, counted from 0: 0..<100000.")
  var rows: RowChoice?

  @Option(help: "A text file with the clusters' names, a line each.")
  var names: String?

  @Option(help: "What the numbers are: \(LogitKind.allValueStrings.joined(separator: ", ")).")
  var kind = LogitKind.logits

  @Option(help: "Divide logits by this before the softmax.")
  var temperature = 1.0

  @Option(help: "A group's score: \(Aggregation.allValueStrings.joined(separator: ", ")).")
  var score = Aggregation.sumOfMeans

  @Option(
    help: "What to do about rows with NaN or infinity: \(InvalidRowPolicy.allValueStrings.joined(separator: ", ")).")
  var onInvalid = InvalidRowPolicy.fail

  @Option(
    help: """
      Largest logits to keep of each row, so that nearly all merges are decided without reading the file again; 0 keeps \
      none: less disk, more passes.
      """)
  var sketchWidth = 32

  @OptionGroup var runOptions: RunOptions

  mutating func validate() throws {
    guard temperature > 0, temperature.isFinite else { throw ValidationError("--temperature must be above 0.") }
    guard (0...1024).contains(sketchWidth) else { throw ValidationError("--sketch-width must be from 0 to 1024.") }
    guard !inputs.isEmpty else { throw ValidationError("Name at least one input.") }
  }

  func run() throws {
    let source = try LogitSource(
      opening: InputSpecification.all(inputs, dataset: dataset, isTransposed: transposed), rows: rows?.range)
    let names =
      try names.map { try ClusterNames.read($0, clusters: source.clusters) }
      ?? ClusterNames.numbers(clusters: source.clusters)
    try runOptions.run(output) { reporter in
      try warnBeforehand(source, names, reporter)
      return try Store.build(output, from: source, names: names, options: options, observer: reporter)
    }
  }

  private var options: BuildOptions {
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

  private func warnBeforehand(_ source: LogitSource, _ names: [String], _ reporter: ProgressReporter) throws {
    guard !runOptions.quiet else { return }
    for input in try SourcePasses(source, options: options, observer: reporter).inputsReadRepeatedly {
      Console.warning(
        "\(input.place): its chunks are too high for --memory \(runOptions.memory), so that each is read several times; "
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
