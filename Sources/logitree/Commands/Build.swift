import ArgumentParser
import Store

/// `logitree build`: inputs to hierarchy.
struct Build: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Build the hierarchy of a file of logits.",
    discussion: """
      An input is FILE or FILE:/dataset, of HDF5, .npy or safetensors (FILE:tensor). Several inputs are one data set, in \
      that order.

        logitree build logits.h5 --names classes.txt -o my.logitree
        logitree build part-*.h5 --dataset logits -o my.logitree
        logitree build logits.npy --rows 0:100000 -o try.logitree
      """)

  @OptionGroup var data: DataArguments

  @Option(name: .shortAndLong, help: "The store to write: a directory, NAME.logitree by custom.")
  var output: String

  @Flag(help: "Replace a store of other inputs that is there.")
  var replace = false

  @Option(
    help: ArgumentHelp("Find how often each node comes out again, from N trees of rows drawn anew.", valueName: "n"))
  var support: Int?

  @OptionGroup var runOptions: RunOptions

  mutating func validate() throws {
    if let support { try BootstrapOptions.check(replicates: support, option: "--support") }
    if support != nil, data.options.sketchWidth == 0 {
      throw ValidationError("--support is found from sketches, of which --sketch-width 0 keeps none.")
    }
    if support != nil, data.options.strategy != .lowest {
      throw ValidationError("--support is of --strategy lowest alone.")
    }
  }

  func run() throws {
    let stored = try runOptions.run { reporter in
      let source = try data.source()
      let names = try data.clusterNames(of: source)
      try data.warnBeforehand(source, names, runOptions, reporter)
      let built = try Store.build(
        output, from: source, names: names, options: data.options,
        resources: runOptions.resources, observer: reporter, replacing: replace)
      guard let support else { return built }
      return try Store(output).support(
        Store.SupportOptions(replicates: support), resources: runOptions.resources, observer: reporter)
    }
    try runOptions.report(BuildSummary(store: output, stored))
    if support != nil {
      let summary = SupportSummary(store: output, stored)
      for warning in summary.warnings { Console.warning(warning) }
      if !runOptions.quiet { Console.note(summary.text) }
    }
  }
}
