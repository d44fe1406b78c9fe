import ArgumentParser
import Files
import FoundationEssentials
import LogitStream
import LogitsToHierarchy
import Report
import Store

/// How much of the machine a command may take that reads logits.
struct ResourceOptions: ParsableArguments {
  @Option(help: "The most memory to take, as 512MiB or 2GiB.")
  var memory = ByteCount(RunResources().memory)

  @Option(help: ArgumentHelp("Threads to work with. (default: one for each processor)", valueName: "n"))
  var threads: Int?

  mutating func validate() throws {
    guard threads.map({ (1...1024).contains($0) }) ?? true else {
      throw ValidationError("--threads must be from 1 to 1024.")
    }
  }

  var resources: RunResources { RunResources(memory: memory.bytes, threads: threads ?? RunOptions.cores) }
}

/// The options of commands whose work is to read logits: how much of the machine to take, and what to print.
struct RunOptions: ParsableArguments {
  @OptionGroup var resourceOptions: ResourceOptions

  @Flag(help: "Print errors only.")
  var quiet = false

  @Flag(help: "Print a summary on standard output, as JSON.")
  var json = false

  /// The number of processors that this process may use.
  static var cores: Int { max(1, ProcessInfo.processInfo.activeProcessorCount) }

  var memory: ByteCount { resourceOptions.memory }
  var resources: RunResources { resourceOptions.resources }

  /// Runs `work`, which may take long and can be interrupted. It must include opening the inputs, since a virtual
  /// dataset of many files takes a while to open.
  func run<Result>(_ work: (ProgressReporter) throws -> Result) throws -> Result {
    try ProgressReporter.run(isQuiet: quiet, work)
  }

  /// Prints the summary of a run.
  func report(_ summary: some RunSummary) throws {
    if !quiet {
      summary.warnings.forEach(Console.warning)
      Console.note(summary.text)
    }
    if json { try OutputFile.writeToStandardOutput(Array(summary.json().utf8)) }
  }
}

/// The results of a run, in a few lines or as JSON.
protocol RunSummary {
  /// What is probably not as wanted in the result.
  var warnings: [Message] { get }
  var text: Message { get }
  func json() throws -> String
}

extension ByteCount: ExpressibleByArgument {
  package init?(argument: String) { self.init(parsing: argument) }
  package var defaultValueDescription: String { description }
}
