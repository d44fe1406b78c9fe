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
      label, unless a cluster is called so. Where labels are clusters, mistakes are weighed by how far up the tree prediction \
      and label meet, and by --taxonomy in another tree.

        logitree evaluate my.logitree --labels logits.h5:/labels
        logitree evaluate my.logitree --labels labels.npy --coarse families.csv
        logitree evaluate my.logitree --labels samples.csv:species --json
        logitree evaluate my.logitree --labels labels.npy --taxonomy taxonomy.csv
        logitree evaluate my.logitree --labels logits.h5:/labels --fit-temperature
      """)

  @Argument(help: "A store, as made by build.")
  var store: String

  @OptionGroup var labelOptions: LabelOptions

  @OptionGroup var mistakeOptions: MistakeOptions

  @Flag(
    help: """
      Find the temperature under which labels are likeliest. This reads the rows that the store was built from a few times.
      """)
  var fitTemperature = false

  @OptionGroup var resourceOptions: ResourceOptions

  @Flag(help: "Write JSON, with the purity of each node.")
  var json = false

  @Option(name: .shortAndLong, help: "The file to write. (default: standard output)")
  var output: String?

  mutating func validate() throws {
    guard labelOptions.labels != nil else { throw ValidationError("Say where the labels are: --labels FILE.") }
  }

  func run() throws {
    let opened = try Store(store)
    try opened.checkOutput(output, inputs: labelOptions.files + [mistakeOptions.taxonomy].compactMap(\.self))
    let stored = try opened.read()
    let references = try mistakeOptions.references(for: stored.hierarchy, output: output)
    let groups = try mistakeOptions.groups(of: stored.hierarchy)
    guard let sources = try labelOptions.sources(for: stored) else { return }
    let results = try LabelResults(evaluating: stored, of: opened, by: sources)
    results.tell()
    let mistakes = try MistakeResults(results, stored, of: opened, references: references, groups: groups)
    mistakes?.tell()
    let temperature = fitTemperature ? try fittedTemperature(results, stored, of: opened) : nil
    let report = EvaluationReport(store: store, stored, results, mistakes, temperature)
    try OutputFile.write(Array((json ? report.json() : report.text.text).utf8), toFileOrStandardOutput: output)
  }

  private func fittedTemperature(
    _ results: LabelResults, _ stored: StoredHierarchy, of opened: Store
  ) throws -> TemperatureReport {
    let fit = try ProgressReporter.run(isQuiet: false) { reporter in
      try opened.fitTemperature(
        to: results.rowLabels(of: stored), of: stored, resources: resourceOptions.resources, observer: reporter)
    }
    return TemperatureReport(store: store, fit: fit, stored: stored)
  }
}
