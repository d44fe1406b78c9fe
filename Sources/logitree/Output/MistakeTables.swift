import Evaluation
import Report

/// Weighed mistakes as tables.
extension MistakeResults {
  /// For each tree its figures, and the labels with the worst mistakes.
  var text: String {
    weighings.map { "\n" + figures($0) + "\n" + worst($0) }.joined()
  }

  /// By what mistakes are weighed.
  private func name(_ weighing: Weighing) -> String { weighing.reference.map { Text.shown($0.place) } ?? "the tree" }

  private func figures(_ weighing: Weighing) -> String {
    let mistakes = weighing.mistakes
    var table = AlignedTable([.init("mistakes"), .init("top 1", .right)] + rankedColumns + [.init("")])
    func add(
      _ name: String, _ meaning: String = "", ofAll: Bool = false, _ value: (MistakeWeights) -> Double?
    ) {
      let others =
        ranked == nil ? [] : [decimal(mistakes.nearest, value), ofAll ? decimal(mistakes.ranked, value) : ""]
      table.add([name, decimal(mistakes.first, value)] + others + [meaning])
    }
    add("right", "rows whose cluster is their label's") { $0.accuracy }
    add("height", "of the lowest node above both: edges on the longest way down; right is 0", ofAll: true) {
      $0.meanHeight
    }
    add("  of mistakes", "the same of wrong ones alone") { $0.meanHeightOfMistakes }
    add("clusters", "below that node", ofAll: true) { $0.meanClusters }
    if mistakes.tree.hasSteps { add("step", "that made it", ofAll: true) { $0.meanCutHeight } }
    add("precision", "nodes above the cluster that are above the label too") { $0.precision }
    add("recall", "nodes above the label that are above the cluster too") { $0.recall }
    add("F1", "harmonic mean of the two") { $0.harmonicMean }
    for (index, level) in mistakes.tree.levels.enumerated() {
      let groups = Text.count(level.groups, "group")
      let meaning = level.name == nil ? "rows in their label's group" : "rows in their label's, of \(groups)"
      add("in \(level.name ?? groups)", meaning) { $0.accuracyAtLevel[index] }
    }
    return "Mistakes weighed by \(name(weighing))\n" + table.text
  }

  private var rankedColumns: [AlignedTable.Column] {
    ranked.map { [.init("nearest of \($0)", .right), .init("all \($0)", .right)] } ?? []
  }

  private func decimal(_ weights: MistakeWeights?, _ value: (MistakeWeights) -> Double?) -> String {
    weights.flatMap(value).map { Text.fixed($0, digits: $0 < 100 ? 4 : 1) } ?? "–"
  }

  /// How many labels are listed.
  private static let listed = 5

  private func worst(_ weighing: Weighing) -> String {
    let wrong = weighing.mistakes.classes.filter { $0.weights.wrong > 0 }
    guard !wrong.isEmpty else { return "No mistakes.\n" }
    // How far those are that are not in the tree is a convention.
    let strange = wrong.count { weighing.mistakes.tree.isStrange(label: $0.label) }
    let worst = wrong.lazy.filter { !weighing.mistakes.tree.isStrange(label: $0.label) }.prefix(Self.listed)
    var table = AlignedTable([
      .init("worst mistakes"), .init("rows", .right), .init("right", .right), .init("height", .right),
      .init("of mistakes", .right), .init("most taken for"),
    ])
    for entry in worst {
      let mistaken = entry.mistakenFor.map { "\(hierarchy.clusters[$0.cluster].name) (\(Text.grouped($0.count)))" }
      table.add([
        labelling.labels[entry.label], Text.grouped(entry.weights.count), decimal(entry.weights, \.accuracy),
        decimal(entry.weights, \.meanHeight), decimal(entry.weights, \.meanHeightOfMistakes), mistaken ?? "",
      ])
    }
    let note =
      strange > 0
      ? "not listed: \(Text.count(strange, "label")) of clusters that are not in \(name(weighing)), and so meet others "
        + "at the root\n" : ""
    return (worst.isEmpty ? "" : table.text) + note
  }
}
