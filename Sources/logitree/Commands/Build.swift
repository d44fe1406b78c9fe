import ArgumentParser
import Errors
import Evaluation
import Store

/// `logitree build`: inputs to hierarchy.
struct Build: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Build the hierarchy of a file of logits.",
    discussion: """
      An input is FILE or FILE:/dataset, of HDF5, .npy, .npz, .pt, safetensors or Zarr (FILE:name). Several inputs are one data set, in \
      that order.

        logitree build logits.h5 --names classes.txt -o my.logitree
        logitree build part-*.h5 --dataset logits -o my.logitree
        logitree build logits.npy --rows 0:100000 -o try.logitree
        logitree build logits.bin --raw float16 --clusters 1000 -o my.logitree
        generate | logitree build - --type float32 --clusters 1000 -o my.logitree

      Of language models' logits the k largest of each row are enough, as log-probabilities with their tokens:

        # values, indices = torch.log_softmax(logits.float(), -1).topk(32)
        # with h5py.File("topk.h5", "w") as file:
        #     file["values"], file["indices"] = values.numpy(), indices.int().numpy()
        logitree build topk.h5 --top-k indices,values --clusters 151936 -o my.logitree
        generate | logitree build - --top-k 32 --type float32 --clusters 151936 -o my.logitree
      """)

  @OptionGroup var data: DataArguments

  @Option(name: .shortAndLong, help: "The store to write: a directory, NAME.logitree by custom.")
  var output: String

  @Flag(help: "Replace a store of other inputs that is there.")
  var replace = false

  @OptionGroup var streaming: StreamingOptions

  @Flag(help: "If merges can't be decided from what there is of the rows, take estimates for them.")
  var allowEstimates = false

  @Option(
    help: ArgumentHelp(
      "Find how often each node comes out again, from N trees of rows drawn anew, as logitree support does afterwards.",
      valueName: "n"))
  var support: Int?

  @OptionGroup(title: "Options of --support") var bootstrap: BootstrapOptions

  @OptionGroup var runOptions: RunOptions

  mutating func validate() throws {
    try streaming.check(data.input.specifications, sketchWidth: data.options.sketchWidth)
    if allowEstimates, data.topK.topK == nil, !data.input.specifications.contains(where: \.isStream) {
      throw ValidationError(
        "--allow-estimates is for top-k dumps, and for rows that come through a pipe: others are read again.")
    }
    guard let support else {
      if let option = bootstrap.given.first { throw ValidationError("\(option) goes with --support.") }
      return
    }
    try BootstrapOptions.check(replicates: support, option: "--support")
    guard data.options.sketchWidth > 0 else {
      throw ValidationError("--support is found from sketches, of which --sketch-width 0 keeps none.")
    }
    guard data.options.strategy == .lowest else { throw ValidationError("--support is of --strategy lowest alone.") }
  }

  func run() throws {
    let stored = try runOptions.run { reporter in
      let (source, names) = try data.open(takesStream: true)
      // What is wrong with it is to be heard of before the build.
      let blocks = try bootstrap.blockFile(rows: source.inputs.reduce(0) { $0 + $1.arrayRows })
      let options = try data.options(for: source, names, keepsSketches: support != nil)
      try data.warnBeforehand(source, names, options, runOptions, reporter)
      reporter.findsSupport = support != nil
      let built = try Store.build(
        output, from: source, names: names, options: options, resources: runOptions.resources, observer: reporter,
        replacing: replace,
        streaming: streaming.options(allowsEstimates: allowEstimates))
      guard let support else { return built }
      return try find(support, blocks, of: built, reporter)
    }
    try runOptions.report(BuildSummary(store: output, stored))
    if support != nil, !runOptions.quiet {
      let summary = SupportSummary(store: output, stored)
      summary.warnings.forEach(Console.warning)
      Console.note(summary.text)
    }
  }

  /// Finds the support of what was built.
  ///
  /// - Throws: ``UnfinishedSupport``
  private func find(
    _ replicates: Int, _ blocks: LabelFile?, of built: StoredHierarchy, _ reporter: ProgressReporter
  ) throws -> StoredHierarchy {
    do {
      return try Store(output).support(
        bootstrap.options(replicates: replicates, blocks: blocks, of: built), resources: runOptions.resources,
        observer: reporter)
    } catch let error as any CategorizedError {
      throw UnfinishedSupport(
        store: output, command: bootstrap.command(replicates: replicates, store: output), cause: error)
    }
  }
}
