import Hierarchy

extension NodeFigures {
  /// Who gets what a class loses, and who loses to it, side by side.
  func confusedLines(_ confusion: ClassConfusion) -> [String] {
    guard !confusion.getters.isEmpty || !confusion.givers.isEmpty else { return [] }
    func text(_ other: ClassConfusion.Other?) -> String {
      other.map { "\(Self.padded(Text.percent($0.share)))  \(Text.shown(hierarchy.clusters[$0.cluster].name))" } ?? ""
    }
    let count = max(confusion.getters.count, confusion.givers.count)
    let left = (0..<count).map { text(confusion.getters.indices.contains($0) ? confusion.getters[$0] : nil) }
    let right = (0..<count).map { text(confusion.givers.indices.contains($0) ? confusion.givers[$0] : nil) }
    let heads = ("of what it loses, goes to", "of what these lose, goes to it")
    let columns = max(DisplayWidth.columns(heads.0), left.map(DisplayWidth.columns).max() ?? 0)
    func line(_ first: String, _ second: String) -> String {
      guard !second.isEmpty else { return "  \(first)" }
      return "  \(first)\(String(repeating: " ", count: columns - DisplayWidth.columns(first)))    \(second)"
    }
    return ["Confused with"] + [line(heads.0, heads.1)] + zip(left, right).map(line)
  }

  /// Why a group was merged with its partner, and not with the next.
  func rivalLines(of merge: Merge) -> [String] {
    guard let rivals, rivals.groups.count > 1 else { return [] }
    let heading =
      merge.lowest == node
      ? "Why with #\(merge.partner): of what it loses, get the most for each of their classes"
      : "Why with #\(merge.lowest), which chose: of what that loses, get the most for each of their classes"
    let figures = rivals.groups.map { (Text.number($0.reassigned), Text.percent($0.share)) }
    let columns = figures.map(\.0.count).max() ?? 0
    return [heading]
      + zip(rivals.groups, figures).map { group, figures in
        "  \(Self.padded(figures.0, to: columns))  \(Self.padded(figures.1)) in all  \(described(group.node))"
      }
  }

  /// The figures that a merge was decided by, with a word on each.
  func details(of merge: Merge) -> [Row] {
    let index = merge.node - hierarchy.clusters.count
    let error = hierarchy.support?.marginErrors[index].map { " ± \(Text.percent($0))" } ?? ""
    var rows = [
      Row(
        name: "step", value: String(merge.step),
        meaning: "of \(hierarchy.merges.count): #\(merge.lowest) had the lowest score, and chose #\(merge.partner)"),
      Row(
        name: "score", value: Text.number(merge.score),
        meaning: "of #\(merge.lowest): the lower, the less sure of it the model is"),
      Row(name: "gap", value: Text.number(merge.gap), meaning: "to the next score: how clear it was whose turn it is"),
      Row(
        name: "share", value: Text.percent(merge.share),
        meaning: "of all that #\(merge.lowest) loses goes to #\(merge.partner)"),
      Row(
        name: "margin", value: Text.percent(merge.margin) + error,
        meaning: "by which the next group gets less for each class" + (error.isEmpty ? "" : " (± standard error)")),
      Row(name: "evidence", value: merge.evidence.rawValue, meaning: merge.evidence.meaning),
    ]
    if merge.isNearTie {
      rows.append(
        Row(
          name: "near tie", value: "yes", meaning: "margin or gap is so small that rounding might have chosen otherwise"
        ))
    }
    return rows
  }

  /// A figure with blanks before it, so that figures below each other end in one column.
  private static func padded(_ text: String, to columns: Int = 7) -> String {
    String(repeating: " ", count: max(0, columns - text.count)) + text
  }
}

extension Merge.Evidence {
  /// What it means, in a few words.
  package var meaning: String {
    switch self {
    case .sketch: "the largest logits of the rows, a sketch of them, leave no other choice"
    case .exact: "all logits of the rows were read again"
    case .estimate: "a guess within what sketches leave open"
    }
  }
}
