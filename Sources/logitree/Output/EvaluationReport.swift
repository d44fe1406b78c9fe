import Evaluation
import Hierarchy
import Report
import Store

/// The results of an evaluation, as a table or as JSON.
struct EvaluationReport {
  let store: String
  let hierarchy: ClusterHierarchy
  /// The number of rows that the store was built from.
  let rows: Int
  let results: LabelResults
  /// Mistakes weighed by trees; nil if labels are no clusters'.
  let mistakes: MistakeResults?
  /// A temperature fitted to the labels, if one was wanted.
  let temperature: TemperatureReport?

  init(
    store: String, _ stored: StoredHierarchy, _ results: LabelResults, _ mistakes: MistakeResults?,
    _ temperature: TemperatureReport?
  ) {
    self.temperature = temperature
    self.store = store
    hierarchy = stored.hierarchy
    rows = stored.manifest.rows
    self.results = results
    self.mistakes = mistakes
  }

  var evaluations: [LabelEvaluation] { results.evaluations }

  var text: Message {
    let skipped = results.skippedRows > 0 ? " (\(Text.grouped(results.skippedRows)) left out as invalid)" : ""
    return """
      \(store): \(Text.count(rows, "row"))\(skipped), \(Text.count(hierarchy.leaves.count, "cluster")) in the tree

      \(Message(drawn: "\(figures)\n\(notes)\(worst)\(mistakes?.text ?? "")"))\
      \(temperature?.text ?? "")
      """
  }

  /// A table with a line for each figure and a column for each labelling. The last column explains the figure.
  private var figures: String {
    let labellings = evaluations.map { AlignedTable.Column($0.labelling.name, .right) }
    var table = AlignedTable([.init("")] + labellings + [.init("")])
    func add(_ name: String, _ meaning: String = "", _ value: (LabelEvaluation) -> String) {
      table.add([name] + evaluations.map(value) + [meaning])
    }
    add("labels") { Text.grouped($0.labelling.labels.count) }
    add("rows with a label") { Text.grouped($0.labelling.table.total) }
    add("rows without") { Text.grouped($0.labelling.unlabelledRows) }
    for measure in EvaluationMeasure.allCases where measure.isShown(for: evaluations) {
      add(measure.name, measure.meaning) { evaluation in
        let isGreedy = measure == .accuracy && !evaluation.figures.isOptimal
        return Self.decimal(measure.value(of: evaluation)) + (isGreedy ? "*" : "")
      }
    }
    return table.text
  }

  private static func decimal(_ value: Double?) -> String {
    // A number a little below 0 must not become "-0.0000".
    value.map { Text.fixed(abs($0) < 0.00005 ? 0 : $0, digits: 4) } ?? "–"
  }

  private var notes: String {
    var notes = ""
    if evaluations.contains(where: { !$0.figures.isOptimal }) {
      notes +=
        "* matched greedily, largest counts first: there are more than \(Text.grouped(Matching.mostOptimal)) "
        + "clusters or labels\n\n"
    }
    return notes
  }

  /// The least pure clusters.
  private var worst: String {
    guard let evaluation = evaluations.first else { return "" }
    let clusters = hierarchy.leaves.compactMap { cluster in
      evaluation.purity[cluster].map { (cluster: cluster, purity: $0) }
    }
    let worst = clusters.filter { $0.purity < 1 }.sorted { ($0.purity, $0.cluster) < ($1.purity, $1.cluster) }.prefix(5)
    guard !worst.isEmpty else { return "All clusters are of one label each.\n" }
    var table = AlignedTable([
      .init("least pure"), .init("rows", .right), .init("purity", .right), .init("most of them"),
    ])
    for (cluster, purity) in worst {
      table.add([
        hierarchy.clusters[cluster].name, Text.grouped(evaluation.rows[cluster]), Self.decimal(purity),
        evaluation.majority[cluster].map { evaluation.labelling.labels[$0] } ?? "",
      ])
    }
    return table.text
  }
}
