import Evaluation
import Report

/// Several trees against one reference, or one against several, a line each: first what still says something where there
/// are very many clusters.
struct ComparisonTable {
  /// At least two.
  let entries: [Comparisons.Entry]

  var text: String { heading.text + "\n" + table + notes }

  private var heading: Message {
    let first = entries[0]
    let trees = Set(entries.map(\.tree.name)).count
    let subject: Message = trees == 1 ? "\(first.tree.name)" : "\(Text.count(trees, "tree"))"
    let reference: Message = hasColumns ? "the columns of \(first.reference.path)" : "\(first.reference.name)"
    let common = first.comparison.leaves.common
    let left = entries.filter { $0.comparison.leaves.tree > common }.count
    return """
      \(subject) against \(reference)
      \(Text.count(common, "cluster")) in common\(left > 0 || first.comparison.leaves.reference > common ? ", the others left out" : ": all")

      """
  }

  private var hasColumns: Bool { entries[0].reference.tree.column != nil }

  private var table: String {
    var table = AlignedTable([
      .init("tree"), .init("column"), .init("triplets", .right), .init("resolved", .right),
      .init("clades shared", .right), .init("at most", .right), .init("Robinson–Foulds", .right),
      .init("at least", .right), .init("at most", .right),
    ])
    let isOneTree = Set(entries.map(\.tree.name)).count == 1
    for entry in entries {
      let (rooted, triplets) = (entry.comparison.clades.rooted, entry.comparison.triplets)
      let isBinary = triplets.resolvedByTree == triplets.compared
      table.add([
        isOneTree ? "" : entry.tree.name, entry.reference.tree.column ?? "",
        triplets.resolved == 0 ? "–" : Text.percent(triplets.agreement),
        isBinary ? "" : Text.percent(Double(triplets.resolvedByTree) / Double(triplets.compared)),
        Text.grouped(rooted.shared), Text.grouped(rooted.mostShared), Text.grouped(rooted.distance),
        Text.grouped(rooted.least), Text.grouped(rooted.tree + rooted.reference),
      ])
    }
    return table.text
  }

  private var notes: String {
    var text = "triplets: of three clusters, the two that the reference holds to be closest, found; 33.3 % by chance\n"
    if let worst = entries.map(\.comparison.triplets).filter({ $0.compared < $0.resolved }).max(by: {
      $0.standardError < $1.standardError
    }) {
      text +=
        "  ± \(Text.fixed(196 * worst.standardError, digits: 2)) % at most (95 %), from samples of \(Text.grouped(worst.compared))\n"
    }
    if entries.contains(where: { $0.comparison.triplets.resolvedByTree < $0.comparison.triplets.compared }) {
      text += "resolved: those of which the tree says anything; one that says nothing of a triplet has not found it\n"
    }
    return text + """
      clades shared: groups that both have, and the most that the reference allows
      Robinson–Foulds: groups that only one of them has; at least and at most for so many groups

      """
  }
}
