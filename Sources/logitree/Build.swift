import ArgumentParser
import Foundation
import Hierarchy
import LogitStream
import LogitsToHierarchy
import Store

/// `logitree build`: inputs to hierarchy.
struct Build: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Build the hierarchy of a file of logits.",
    discussion: """
      INPUT is FILE or FILE:/dataset. Several inputs are one data set, in that order.

        logitree build logits.h5 --names classes.txt -o my.logitree
        logitree build part-*.h5 --dataset logits -o my.logitree
      """)

  @Argument(help: "HDF5 files with logits, N samples × K clusters.")
  var inputs: [String]

  @Option(name: .shortAndLong, help: "The store to write: a directory, NAME.logitree by custom.")
  var output: String

  @Option(help: "The dataset to read, in inputs that name none. Not needed where a file has one candidate.")
  var dataset: String?

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

  @Option(help: "The most memory to take, as 512MiB or 2GiB.")
  var memory = ByteCount(1 << 30)

  @Option(help: "Threads to work with. (default: one for each processor)")
  var threads: Int?

  @Flag(help: "Print errors only.")
  var quiet = false

  @Flag(help: "Print a summary on standard output, as JSON.")
  var json = false

  mutating func validate() throws {
    guard temperature > 0, temperature.isFinite else { throw ValidationError("--temperature must be above 0.") }
    guard threads.map({ (1...1024).contains($0) }) ?? true else {
      throw ValidationError("--threads must be from 1 to 1024.")
    }
    guard !inputs.isEmpty else { throw ValidationError("Name at least one input.") }
  }

  func run() throws {
    let start = ContinuousClock.now
    Interruption.watch()
    let source = try LogitSource(
      opening: inputs.map { input in
        let specification = InputSpecification(parsing: input)
        return InputSpecification(file: specification.file, dataset: specification.dataset ?? dataset)
      })
    let names =
      try names.map { try ClusterNames.read($0, clusters: source.clusters) }
      ?? ClusterNames.numbers(clusters: source.clusters)
    let reporter = ProgressReporter(isQuiet: quiet)
    let builder = try HierarchyBuilder(source, options: options, observer: reporter)
    warnBeforehand(builder, names)

    let writer = try StoreWriter(output)
    let result: BuildResult
    do {
      result = try builder.build()
    } catch {
      reporter.finish()
      throw error
    }
    let hierarchy = try Self.hierarchy(result, names: names)
    let figures = StoredHierarchy.Figures(
      skippedRows: result.skippedRows, passes: result.passes, seconds: (ContinuousClock.now - start).seconds,
      peakMemoryBytes: Machine.peakMemory)
    let content = StoredHierarchy(
      sources: source.inputs.map {
        .init(
          file: URL(fileURLWithPath: $0.file).standardizedFileURL.path, dataset: $0.dataset,
          type: $0.format.description, rows: $0.rows)
      },
      options: .init(
        kind: kind.rawValue, temperature: temperature, score: score.rawValue, onInvalid: onInvalid.rawValue),
      figures: figures, hierarchy: hierarchy)
    try writer.commit(content)

    let summary = BuildSummary(store: output, content)
    if !quiet {
      summary.warnings.forEach(Console.warning)
      Console.note(summary.text)
    }
    if json { try OutputFile.writeToStandardOutput(Array(summary.json().utf8)) }
  }

  private var options: BuildOptions {
    var options = BuildOptions()
    options.kind = kind
    options.temperature = temperature
    options.aggregation = score
    options.invalidRows = onInvalid
    options.memory = memory.bytes
    options.threads = threads ?? Machine.cores
    return options
  }

  private func warnBeforehand(_ builder: HierarchyBuilder, _ names: [String]) {
    guard !quiet else { return }
    for input in builder.inputsReadRepeatedly {
      Console.warning(
        "\(input.file):\(input.dataset): its chunks are too high for --memory \(memory), so that each is read several "
          + "times; give more memory, or rewrite the file: h5repack -l \(input.dataset):CHUNK=256x\(input.clusters) OLD NEW"
      )
    }
    let repeated = ClusterNames.repeated(names)
    if let first = repeated.first {
      Console.warning(
        "the name \(first) stands for several clusters" + (repeated.count > 1 ? ", and others do too" : ""))
    }
  }

  private static func hierarchy(_ result: BuildResult, names: [String]) throws -> ClusterHierarchy {
    let statistics = result.statistics
    let clusters = names.enumerated().map { index, name in
      ClusterHierarchy.Cluster(
        name: name, samples: statistics.counts[index], meanProbability: statistics.meanProbability(index))
    }
    do {
      return try ClusterHierarchy(clusters: clusters, merges: result.merges)
    } catch {
      throw InternalError(description: "the merges make no tree: \(error); please report this")
    }
  }
}

extension LogitKind: ExpressibleByArgument {}
extension Aggregation: ExpressibleByArgument {}
extension InvalidRowPolicy: ExpressibleByArgument {}

extension ByteCount: ExpressibleByArgument {
  public init?(argument: String) { self.init(parsing: argument) }
  public var defaultValueDescription: String { description }
}
