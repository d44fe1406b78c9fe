import ArgumentParser
import Errors
import Evaluation
import LogitStream
import Store

/// The options of commands that evaluate a hierarchy by labels.
struct LabelOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "A label for each row: FILE or FILE:/dataset of HDF5, .npy, FILE:name of .npz, .pt or Zarr, FILE.csv:column, or text with a line each.",
      valueName: "file"))
  var labels: String?

  @Option(
    help: ArgumentHelp(
      "The names of labels that are integers, from 0 on: a text file with a line each, FILE.h5:/dataset, .npy, or FILE.json.",
      valueName: "file"))
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

  /// The files that the options name.
  var files: [String] {
    [labels, labelNames].compactMap { $0.map { InputSpecification(parsing: $0).file } } + [coarse].compactMap { $0 }
  }

  /// Opens what the options name, for rows of a store; nil if that is no labels.
  func sources(for stored: StoredHierarchy) throws -> LabelSources? {
    guard let labels else { return nil }
    let file = try LabelFile(
      labels, clusterNames: stored.hierarchy.clusters.map(\.name), areNumbers: labelNames != nil,
      mostRows: stored.manifest.arrayRows)
    let names = try labelNames.map { try NameFile($0) }
    guard names == nil || file.isOfIntegers else { throw LabelNamesError(labels: file.location) }
    let coarser = try coarse.map { path throws(EvaluationError) in try CoarseLabels(TextTable(reading: path)) }
    return LabelSources(labels: file, names: names, coarser: coarser)
  }
}

/// What a hierarchy is evaluated by.
struct LabelSources {
  let labels: LabelFile
  /// The names of labels that are integers.
  let names: NameFile?
  let coarser: CoarseLabels?
}

/// Names for labels that have names already.
struct LabelNamesError: CategorizedError {
  let labels: String

  var category: ErrorCategory { .usage }
  var description: String { "--label-names is for labels that are integers, and those of \(labels) are names" }
}
