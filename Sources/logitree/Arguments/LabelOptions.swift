import ArgumentParser
import Evaluation

/// The options of commands that evaluate a hierarchy by labels.
struct LabelOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "A label for each row: FILE or FILE:/dataset of HDF5, .npy, FILE.csv:column, or a text file with a line each.",
      valueName: "file"))
  var labels: String?

  @Option(
    help: ArgumentHelp(
      "A text file with the names of labels that are integers, a line each, from 0 on.", valueName: "file"))
  var labelNames: String?

  @Option(
    help: ArgumentHelp(
      "A CSV file of labels and, in further columns, coarser ones to evaluate as well.", valueName: "file"))
  var coarse: String?

  mutating func validate() throws {
    guard labels != nil || labelNames == nil && coarse == nil else {
      throw ValidationError("--label-names and --coarse go with --labels.")
    }
  }

  /// Opens what the options name; nil if that is no labels.
  func sources() throws -> LabelSources? {
    guard let labels else { return nil }
    let file = try LabelFile(labels)
    let names = try labelNames.map { name throws(EvaluationError) in try LabelNames(name) }
    guard names == nil || file.isOfIntegers else {
      throw ValidationError("--label-names is for labels that are integers, and those of \(file.location) are names.")
    }
    let coarser = try coarse.map { path throws(EvaluationError) in try CoarseLabels(TextTable(TextFile(path))) }
    return LabelSources(labels: file, names: names, coarser: coarser)
  }
}

/// What a hierarchy is evaluated by.
struct LabelSources {
  let labels: LabelFile
  /// The names of labels that are integers.
  let names: LabelNames?
  let coarser: CoarseLabels?
}
