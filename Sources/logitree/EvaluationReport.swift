import Evaluation
import Foundation
import Hierarchy
import Store

/// What an evaluation gives, as a table or as JSON.
struct EvaluationReport {
  let store: String
  let hierarchy: ClusterHierarchy
  /// Those that the store was built from.
  let rows: Int
  let results: LabelResults

  init(store: String, _ stored: StoredHierarchy, _ results: LabelResults) {
    self.store = store
    hierarchy = stored.hierarchy
    rows = stored.manifest.rows
    self.results = results
  }

  var evaluations: [LabelEvaluation] { results.evaluations }

  var text: String {
    let skipped = results.skippedRows > 0 ? " (\(Text.grouped(results.skippedRows)) left out as invalid)" : ""
    return
      "\(store): \(Text.count(rows, "row"))\(skipped), \(Text.count(hierarchy.leaves.count, "cluster")) in the tree\n\n"
      + Self.aligned(table).joined(separator: "\n") + "\n\n" + notes + worst
  }

  /// A line for each figure, a column for each labelling, what the figure is at the end.
  private var table: [[String]] {
    func line(_ name: String, _ meaning: String, _ value: (LabelEvaluation) -> String) -> [String] {
      [name] + evaluations.map(value) + [meaning]
    }
    func figure(_ value: Double?) -> String {
      // Not "-0.0000", which is what a little below 0 would be.
      value.map { String(format: "%.4f", abs($0) < 0.00005 ? 0 : $0) } ?? "–"
    }
    let counts = [
      line("", "") { $0.labelling.name },
      line("labels", "") { Text.grouped($0.labelling.labels.count) },
      line("rows with a label", "") { Text.grouped($0.labelling.table.total) },
      line("rows without", "") { Text.grouped($0.labelling.unlabelledRows) },
    ]
    return counts
      + EvaluationMeasure.allCases.filter { $0.isShown(for: evaluations) }.map { measure in
        line(measure.name, measure.meaning) { evaluation in
          let isGreedy = measure == .accuracy && !evaluation.figures.isOptimal
          return figure(measure.value(of: evaluation)) + (isGreedy ? "*" : "")
        }
      }
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

  /// The clusters that are least of one label.
  private var worst: String {
    guard let evaluation = evaluations.first else { return "" }
    let clusters = hierarchy.leaves.compactMap { cluster in
      evaluation.purity[cluster].map { (cluster: cluster, purity: $0) }
    }
    let worst = clusters.filter { $0.purity < 1 }.sorted { ($0.purity, $0.cluster) < ($1.purity, $1.cluster) }.prefix(5)
    guard !worst.isEmpty else { return "All clusters are of one label each.\n" }
    var table = [["least pure", "rows", "purity", "most of them"]]
    for (cluster, purity) in worst {
      table.append([
        hierarchy.clusters[cluster].name, Text.grouped(evaluation.rows[cluster]), String(format: "%.4f", purity),
        evaluation.majority[cluster].map { evaluation.labelling.labels[$0] } ?? "",
      ])
    }
    return Self.aligned(table).joined(separator: "\n") + "\n"
  }

  /// Lines of columns: the first and the last flush left, the others, which are numbers, flush right.
  private static func aligned(_ table: [[String]]) -> [String] {
    let columns = table.first?.indices ?? 0..<0
    let widths = columns.map { column in table.map { $0[column].count }.max() ?? 0 }
    return table.map { line in
      var text = ""
      for (column, field) in line.enumerated() {
        let padding = String(repeating: " ", count: widths[column] - field.count)
        if column > 0 { text += "  " }
        text += column == 0 || column == columns.upperBound - 1 ? field + padding : padding + field
      }
      return String(text.reversed().drop { $0 == " " }.reversed())
    }
  }
}
