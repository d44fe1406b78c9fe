import Evaluation
import Report

/// A comparison of two trees for people to read.
struct ComparisonText {
  private let comparison: TreeComparison
  private let tree: String
  private let reference: String
  private let width: Int

  /// A text of at most `width` columns, except for long names.
  init(_ entry: Comparisons.Entry, width: Int) {
    comparison = entry.comparison
    tree = entry.tree.name
    reference = entry.reference.name
    self.width = width
  }

  func text() -> String {
    [heading.text, figures, cuts, tornGroups, farClusters].filter { !$0.isEmpty }.joined(separator: "\n")
  }
}

extension ComparisonText {
  private var heading: Message {
    let leaves = comparison.leaves
    let areAll = leaves.onlyInTree.isEmpty && leaves.onlyInReference.isEmpty && leaves.ambiguous.isEmpty
    var text = ""
    func say(_ what: String, _ names: [String]) {
      if !names.isEmpty { text += NameList.line("\(what), left out: ", names, columns: width) + "\n" }
    }
    say("\(Text.grouped(leaves.onlyInTree.count)) only in the tree", leaves.onlyInTree)
    say("\(Text.grouped(leaves.onlyInReference.count)) only in the reference", leaves.onlyInReference)
    say(Text.count(leaves.ambiguous.count, "name") + " that several have", leaves.ambiguous)
    if leaves.nearlySame > 0 {
      text +=
        "\(Text.count(leaves.nearlySame, "name")) taken for the same though blanks, underscores or the encoding of accents differ\n"
    }
    return """
      \(tree) against \(reference)
      \(Text.count(leaves.common, "cluster")) in common\(areAll ? ": all" : "")
      \(Message(drawn: text))
      """
  }

  private var figures: String {
    let clades = comparison.clades
    let (rooted, unrooted, triplets) = (clades.rooted, clades.unrooted, comparison.triplets)
    func distance(_ figures: RobinsonFoulds) -> String {
      "\(Text.grouped(figures.distance)) of at most \(Text.grouped(figures.tree + figures.reference)), "
        + "normalized \(decimal(figures.normalized)); at least \(Text.grouped(figures.least))"
    }
    var agreement = "the reference resolves none"
    if triplets.resolved > 0 {
      agreement =
        "\(Text.percent(triplets.agreement)) of the reference's \(Text.grouped(triplets.resolved)); 33.3 % by chance"
    }
    if triplets.resolvedByTree < triplets.compared {
      let part = Double(triplets.resolvedByTree) / Double(triplets.compared)
      agreement += "\n                  the tree resolves \(Text.percent(part))"
    }
    if triplets.compared < triplets.resolved {
      agreement += "\n                  ± \(Text.fixed(196 * triplets.standardError, digits: 2)) % (95 %), "
      agreement += "from a sample of \(Text.grouped(triplets.compared))"
    }
    var shared = "\(Text.grouped(rooted.shared)) of the reference's \(Text.grouped(rooted.reference))"
    if rooted.mostShared < rooted.reference { shared += ", of at most \(Text.grouped(rooted.mostShared))" }
    return """
      Same triplets     \(agreement)
      Shared clades     \(shared)
      Contradictions    \(Text.grouped(clades.contradicting)) of the tree's \(Text.grouped(rooted.tree)) clades
      Robinson–Foulds   \(distance(rooted))
        without roots   \(distance(unrooted))

      """
  }

  /// The Fowlkes–Mallows index at each level, or at some levels if there are very many.
  private var cuts: String {
    let cuts = comparison.cuts
    guard !cuts.isEmpty else { return "" }
    var table = AlignedTable([
      .init("level"), .init("groups", .right), .init("index", .right), .init("by chance", .right),
      .init("best cut", .right), .init("index", .right), .init("by chance", .right),
    ])
    for cut in Self.some(cuts) {
      let best = cut.best.map { [Text.grouped($0.groups), decimal($0.index), decimal($0.byChance)] } ?? []
      table.add(
        [cut.level ?? "", Text.grouped(cut.groups), decimal(cut.same.index), decimal(cut.same.byChance)] + best)
    }
    var text = "Fowlkes–Mallows index of levels of the reference, and cuts into as many groups\n"
    text += table.text
    if cuts.contains(where: { $0.best != nil }) { text += "best cut: the one that is most above chance\n" }
    if cuts.count > Self.mostCuts, let best = cuts.max(by: { $0.same.adjusted < $1.same.adjusted }) {
      text += "most above chance with \(Text.grouped(best.groups)) groups: \(decimal(best.same.index)), "
      text += "\(decimal(best.same.byChance)) by chance; --json has all \(Text.grouped(cuts.count)) cuts\n"
    }
    return text
  }

  private static let mostCuts = 12

  /// All cuts if there are few; otherwise those nearest to 2, 5, 10, 20, 50, … groups.
  private static func some(_ cuts: [CutComparison]) -> [CutComparison] {
    guard cuts.count > mostCuts else { return cuts }
    var picked: [CutComparison] = []
    for scale in sequence(first: 1, next: { $0 < 1_000_000_000 ? $0 * 10 : nil }) {
      for wanted in [2 * scale, 5 * scale, 10 * scale] {
        guard let cut = cuts.first(where: { $0.groups >= wanted }), cut.groups > picked.last?.groups ?? 0 else {
          continue
        }
        picked.append(cut)
      }
    }
    return picked
  }

  private var tornGroups: String {
    let groups = comparison.groups
    guard groups.all > 0 else { return "" }
    let together = "\(Text.grouped(groups.together)) of \(Text.grouped(groups.all)) are nodes of the tree"
    var text = "Groups of the reference: " + together
    text += comparison.tornGroups.isEmpty ? "\n" : "; most torn apart are\n"
    if groups.largestPlaced < comparison.leaves.common {
      text += "(those of more than \(Text.grouped(groups.largestPlaced)) clusters are not looked at)\n"
    }
    guard !comparison.tornGroups.isEmpty else { return text }
    var table = AlignedTable([
      .init("group", most: width / 4), .init("level", most: width / 6), .init("clusters", .right),
      .init("pieces", .right), .init("to move", .right), .init("torn", .right), .init("nearest", .right),
      .init("of it", .right),
    ])
    for group in comparison.tornGroups {
      let torn = Double(group.moves) / Double(group.clusters - 1)
      table.add(
        [
          group.name, group.level ?? "", Text.grouped(group.clusters), Text.grouped(group.pieces),
          Text.grouped(group.moves), Text.fixed(100 * torn, digits: 0) + " %", Text.grouped(group.nearestClusters),
          Text.grouped(group.clusters - group.leftOut.count),
        ],
        below: [("left out: ", group.leftOut), ("let in:   ", group.letIn)].filter { !$0.1.isEmpty }
          .map { NameList.line("    " + $0.0, $0.1, columns: width) })
    }
    return text + table.text + """
      to move: clusters to take from or to the nearest node to make it the group
      torn: these out of the most it can be
      nearest: the clusters of that node; of it: those in the group

      """
  }

  private var farClusters: String {
    guard !comparison.farClusters.isEmpty else { return "" }
    // The three columns of numbers and the blanks between columns take 32.
    let room = (width - 32) / 4
    var table = AlignedTable([
      .init("cluster", most: room + room / 4), .init("group", most: room - room / 4),
      .init("sits beside", most: room + room / 8),
      .init("nearest sibling", most: room - room / 4), .init("nearer", .right), .init("strange", .right),
      .init("alike", .right),
    ])
    for cluster in comparison.farClusters {
      table.add([
        Self.names(cluster.clusters), cluster.group, Self.names(cluster.beside), cluster.nearestSibling,
        Text.grouped(cluster.nearer), Text.percent(cluster.strangeness), Text.grouped(cluster.alike),
      ])
    }
    return """
      Clusters farthest from their reference siblings, with those that sit there too
      \(table.text)\
      nearer: clusters that are nearer than the nearest other sibling
      strange: how often another cluster is nearer than a sibling; 50 % by chance
      alike: clusters that the same branch of the tree parts from their siblings

      """
  }

  /// Two names, and how many more there are.
  private static func names(_ names: [String]) -> String {
    names.prefix(2).joined(separator: ", ") + (names.count > 2 ? " +\(Text.grouped(names.count - 2))" : "")
  }

  private func decimal(_ value: Double) -> String { Text.fixed(value, digits: 3) }
}
