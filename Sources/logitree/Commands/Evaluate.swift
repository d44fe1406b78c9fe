import ArgumentParser
import Evaluation
import Files
import Store

/// `logitree evaluate`: a hierarchy evaluated by labels.
struct Evaluate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Hold clusters and tree against labels.",
    discussion: """
      Labels are in the order of the rows the store was built from, through all inputs: one for each row, or with --rows \
      one for each row that was taken. They are names or integers; what was taken is printed. Integers are called by \
      --label-names; without that, by the clusters of those numbers, if all are such. Below 0, empty, NA, NaN, null, None: no \
      label, unless a cluster is called so.

        logitree evaluate my.logitree --labels logits.h5:/labels
        logitree evaluate my.logitree --labels labels.npy --coarse families.csv
        logitree evaluate my.logitree --labels samples.csv:species --json
      """)

  @Argument(help: "A store, as made by build.")
  var store: String

  @OptionGroup var labelOptions: LabelOptions

  @Flag(help: "Write JSON, with the purity of each node.")
  var json = false

  @Option(name: .shortAndLong, help: "The file to write. (default: standard output)")
  var output: String?

  mutating func validate() throws {
    guard labelOptions.labels != nil else { throw ValidationError("Say where the labels are: --labels FILE.") }
  }

  func run() throws {
    let opened = try Store(store)
    try opened.checkOutput(output, inputs: labelOptions.files)
    let stored = try opened.read()
    guard let sources = try labelOptions.sources(for: stored) else { return }
    let results = try LabelResults(evaluating: stored, of: opened, by: sources)
    results.tell()
    let report = EvaluationReport(store: store, stored, results)
    try OutputFile.write(Array((json ? report.json() : report.text.text).utf8), toFileOrStandardOutput: output)
  }
}
