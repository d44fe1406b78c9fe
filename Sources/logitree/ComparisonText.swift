import Evaluation
import Foundation

/// A comparison of trees for people to read, or as JSON.
struct ComparisonText {
  private let comparison: TreeComparison
  private let store: String
  private let reference: String
  private let kind: ReferenceTree.Kind
  private let width: Int

  /// A text at most `width` columns wide, but for long names.
  init(_ comparison: TreeComparison, store: String, reference: String, kind: ReferenceTree.Kind, width: Int) {
    self.comparison = comparison
    self.store = store
    self.reference = reference
    self.kind = kind
    self.width = max(60, width)
  }

  func text() -> String {
    [heading, figures, cuts, tornGroups, farClusters].filter { !$0.isEmpty }.joined(separator: "\n")
  }

  func json() throws -> String {
    struct Report: Encodable {
      let store: String
      let reference: String
      let referenceKind: ReferenceTree.Kind
      let comparison: TreeComparison
    }
    let encoder = JSONEncoder()
    encoder.keyEncodingStrategy = .convertToSnakeCase
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    let data = try encoder.encode(
      Report(store: store, reference: reference, referenceKind: kind, comparison: comparison))
    return String(decoding: data, as: UTF8.self) + "\n"
  }
}

extension ComparisonText {
  private var heading: String {
    let leaves = comparison.leaves
    var text = "\(store) against \(reference) (\(kind.rawValue))\n"
    text += "\(Text.count(leaves.common, "cluster")) in common"
    text += leaves.onlyInTree.isEmpty && leaves.onlyInReference.isEmpty && leaves.ambiguous.isEmpty ? ": all\n" : "\n"
    func say(_ what: String, _ names: [String]) {
      if !names.isEmpty { text += fitted("\(what), left out: ", names) + "\n" }
    }
    say("\(Text.grouped(leaves.onlyInTree.count)) only in the tree", leaves.onlyInTree)
    say("\(Text.grouped(leaves.onlyInReference.count)) only in the reference", leaves.onlyInReference)
    say(Text.count(leaves.ambiguous.count, "name") + " that several have", leaves.ambiguous)
    if leaves.nearlySame > 0 {
      text += "\(Text.count(leaves.nearlySame, "name")) taken for the same though blanks or underscores differ\n"
    }
    return text
  }

  private var figures: String {
    let clades = comparison.clades
    let (rooted, unrooted, triplets) = (clades.rooted, clades.unrooted, comparison.triplets)
    func distance(_ figures: RobinsonFoulds) -> String {
      "\(Text.grouped(figures.distance)) of at most \(Text.grouped(figures.tree + figures.reference)), "
        + "normalized \(decimal(figures.normalized))"
    }
    var agreement =
      "\(percent(triplets.agreement)) of the \(Text.grouped(triplets.resolved)) triplets that the reference resolves"
    if triplets.compared < triplets.resolved {
      agreement += String(
        format: "\n                    ± %.2f %% (95 %%), from a sample of ", 196 * triplets.standardError)
      agreement += Text.grouped(triplets.compared)
    }
    return """
      Robinson–Foulds     \(distance(rooted))
        without roots     \(distance(unrooted))
      Clades              \(Text.grouped(rooted.shared)) of the reference's \(Text.grouped(rooted.reference)) are in the tree; \
      \(Text.grouped(clades.contradicting)) of the tree's \(Text.grouped(rooted.tree)) contradict it
      Triplet agreement   \(agreement) (33.3 % by chance)

      """
  }

  /// Fowlkes–Mallows at each level, or at some of very many.
  private var cuts: String {
    let cuts = comparison.cuts
    guard !cuts.isEmpty else { return "" }
    var table = AlignedTable([
      .init("Fowlkes–Mallows"), .init("groups", .right), .init("index", .right), .init("by chance", .right),
      .init("best cut", .right), .init("index", .right), .init("by chance", .right),
    ])
    for cut in Self.some(cuts) {
      let name = cut.level ?? (kind == .store ? "both trees cut" : "level of the reference")
      let best = cut.best.map { [Text.grouped($0.groups), decimal($0.index), decimal($0.byChance)] } ?? []
      table.add([name, Text.grouped(cut.groups), decimal(cut.index), decimal(cut.byChance)] + best)
    }
    var text = table.text()
    if cuts.count > Self.mostCuts, let best = cuts.max(by: { $0.index - $0.byChance < $1.index - $1.byChance }) {
      text +=
        "farthest above chance at \(Text.grouped(best.groups)) groups: \(decimal(best.index)), \(decimal(best.byChance)) "
      text += "by chance; --json has all \(Text.grouped(cuts.count)) cuts\n"
    }
    return text
  }

  private static let mostCuts = 12

  /// All cuts if there are few, or those nearest to 2, 5, 10, 20, 50, … groups.
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
    var text =
      "Groups of the reference: \(Text.grouped(groups.together)) of \(Text.grouped(groups.all)) are a node of the tree"
    guard !comparison.tornGroups.isEmpty else { return text + "\n" }
    text += "; most torn apart are\n"
    var table = AlignedTable([
      .init("group", most: width / 3), .init("level"), .init("clusters", .right), .init("pieces", .right),
      .init("to move", .right), .init("nearest node", .left),
    ])
    for group in comparison.tornGroups {
      let members = group.clusters - group.leftOut.count
      table.add(
        [
          group.name, group.level ?? "", Text.grouped(group.clusters), Text.grouped(group.pieces),
          Text.grouped(group.moves),
          "\(Text.count(group.nearestClusters, "cluster")), \(Text.grouped(members)) of the group",
        ],
        below: [("left out: ", group.leftOut), ("let in:   ", group.letIn)].filter { !$0.1.isEmpty }
          .map { fitted("    " + $0.0, $0.1) })
    }
    text += table.text()
    text += "(to move: the fewest clusters that must go into or out of a node to make it the group)\n"
    return text
  }

  private var farClusters: String {
    guard !comparison.farClusters.isEmpty else { return "" }
    var table = AlignedTable([
      .init("cluster", most: width / 4), .init("group", most: width / 4), .init("sits beside", most: width / 4),
      .init("nearest sibling", most: width / 4), .init("nearer", .right), .init("strange", .right),
    ])
    for cluster in comparison.farClusters {
      let beside = (cluster.beside.first ?? "") + (cluster.beside.count > 1 ? " +\(cluster.beside.count - 1)" : "")
      table.add([
        cluster.name, cluster.group, beside, cluster.nearestSibling, Text.grouped(cluster.nearer),
        percent(cluster.strangeness),
      ])
    }
    return "Clusters farthest from their reference siblings\n" + table.text()
      + "(nearer: the clusters that are nearer than its nearest sibling; strange: how often another cluster is nearer than\n"
      + "a sibling, 50 % by chance)\n"
  }

  private func decimal(_ value: Double) -> String { String(format: "%.3f", value) }

  private func percent(_ share: Double) -> String { String(format: "%.1f %%", 100 * share) }

  /// As many names as fit on a line, and how many more there are.
  private func fitted(_ start: String, _ names: [String]) -> String {
    var line = start
    for (index, name) in names.enumerated() {
      let more = names.count - index
      let text = (index > 0 ? ", " : "") + name
      guard index == 0 || line.count + text.count + (more > 1 ? 7 : 0) <= width else {
        return line + " +\(Text.grouped(more))"
      }
      line += text
    }
    return line
  }
}
