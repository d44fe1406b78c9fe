import ArgumentParser
import Evaluation
import Hierarchy
import Report
import Store

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

  /// Evaluates a store's hierarchy by the labels, and by each coarser labelling; nil if no labels are named.
  func evaluate(_ stored: StoredHierarchy, of store: Store) throws -> LabelResults? {
    guard let labels else { return nil }
    let file = try LabelFile(labels)
    let names = try labelNames.map { name throws(EvaluationError) in try LabelNames(name) }
    guard names == nil || file.isOfIntegers else {
      throw ValidationError("--label-names is for labels that are integers, and those of \(file.location) are names.")
    }
    let coarser = try coarse.map { path throws(EvaluationError) in try CoarseLabels(TextTable(TextFile(path))) }
    let hierarchy = stored.hierarchy
    var counter = LabelCounter(file, clusters: hierarchy.clusters.count)
    let numbering = try numbering(of: file, stored.manifest)
    try store.forEachAssignedRows(of: stored, numbered: numbering) { rows in
      try counter.count(from: rows.first, rows.clusters)
    }
    let labelling = try counter.labelling(clusterNames: hierarchy.clusters.map(\.name), labelNames: names)
    let labellings = [labelling] + (try coarser?.labellings(of: labelling) ?? [])
    return LabelResults(
      skippedRows: counter.skippedRows, evaluations: labellings.map { LabelEvaluation(hierarchy, $0) },
      missingFromCoarse: coarser?.missing(from: labelling) ?? [])
  }

  /// Whether there is a label for each row that was taken, or for each row of the inputs. The number of labels tells.
  private func numbering(of file: LabelFile, _ manifest: Manifest) throws(EvaluationError) -> RowNumbering {
    if file.count == manifest.rows { return .taken }
    if file.count == manifest.arrayRows { return .all }
    let chosen = manifest.arrayRows == manifest.rows ? "" : ", chosen from \(Text.grouped(manifest.arrayRows))"
    throw .badData(
      file.location, location: nil,
      reason: "has \(Text.count(file.count, "label")), and the store was built from "
        + "\(Text.count(manifest.rows, "row"))\(chosen)")
  }
}

/// The results of evaluating a hierarchy by labels.
struct LabelResults {
  /// The number of rows in no cluster. They were left out when the store was built.
  let skippedRows: Int
  /// The evaluation by the labels, then those by coarser labels.
  let evaluations: [LabelEvaluation]
  /// Labels that are not in the table of coarser ones.
  let missingFromCoarse: [String]

  var warnings: [String] {
    guard !missingFromCoarse.isEmpty else { return [] }
    return [
      "\(Text.count(missingFromCoarse.count, "label is", plural: "labels are")) not in the table of coarser ones, which "
        + "\(missingFromCoarse.count == 1 ? "leaves its" : "leave their") rows out: \(Text.list(missingFromCoarse))"
    ]
  }
}
