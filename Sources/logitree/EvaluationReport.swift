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
    var lines = [
      line("", "") { $0.labelling.name },
      line("labels", "") { Text.grouped($0.labelling.labels.count) },
      line("rows with a label", "") { Text.grouped($0.labelling.table.total) },
      line("rows without", "") { Text.grouped($0.labelling.unlabelledRows) },
    ]
    if evaluations.contains(where: { $0.figures.topAccuracy != nil }) {
      lines.append(
        line("top-1 accuracy", "rows whose cluster has their label's name") { figure($0.figures.topAccuracy) })
    }
    return lines + [
      line("accuracy", "rows whose cluster is matched with their label, one to one") {
        figure($0.figures.accuracy) + ($0.figures.isOptimal ? "" : "*")
      },
      line("NMI", "normalized mutual information of clusters and labels") {
        figure($0.figures.normalizedMutualInformation)
      },
      line("ARI", "adjusted Rand index of clusters and labels") { figure($0.figures.adjustedRandIndex) },
      line("leaf purity", "rows with the label that most rows of their cluster have") {
        figure($0.figures.leafPurity)
      },
      line("dendrogram purity", "how pure the smallest node with two rows of a label is, on average") {
        figure($0.figures.dendrogramPurity)
      },
      line("least hierarchical distance", "path between clusters with the same label, over the longest path") {
        figure($0.figures.leastHierarchicalDistance)
      },
    ]
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
