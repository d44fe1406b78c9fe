import Hierarchy

/// What is known of a node, with a line for each figure.
package struct NodeFigures {
  private let hierarchy: ClusterHierarchy
  private let node: Int
  private let width: Int

  package init(_ hierarchy: ClusterHierarchy, node: Int, width: Int) {
    self.hierarchy = hierarchy
    self.node = node
    self.width = width
  }

  /// The lines, with a newline after each.
  package var text: String {
    var rows: [(name: String, value: String)] = []
    let samples = hierarchy.samples(of: node)
    let part = Double(samples) / Double(hierarchy.samples(of: hierarchy.root))
    if let merge = hierarchy.merge(making: node) {
      rows.append(("clusters", Text.grouped(merge.clusters)))
      rows.append(("samples", "\(Text.grouped(samples)), \(Text.percent(part)) of all"))
      rows.append(("made by", "step \(merge.step) of \(hierarchy.merges.count)"))
      rows.append(("lowest group", described(merge.lowest)))
      rows.append(("partner", described(merge.partner)))
      rows += figures(of: merge)
    } else {
      rows.append(("samples", "\(Text.grouped(samples)), \(Text.percent(part)) of all"))
      rows.append(("probability", hierarchy.clusters[node].meanProbability.map(Text.number) ?? "unknown"))
    }
    if let parent = hierarchy.merges.first(where: { $0.lowest == node || $0.partner == node }) {
      let sibling = parent.lowest == node ? parent.partner : parent.lowest
      let role = parent.lowest == node ? "lowest group" : "partner"
      rows.append(("merged", "at step \(parent.step) as the \(role), into #\(parent.node)"))
      rows.append(("with", described(sibling)))
      if hierarchy.isLeaf(node) { rows += figures(of: parent) }
    }
    let longest = rows.map(\.name.count).max() ?? 0
    let lines = rows.map { row in
      "  " + row.name + String(repeating: " ", count: longest - row.name.count + 2) + row.value
    }
    return ([described(node)] + lines).map { DisplayWidth.fitted($0, columns: width) + "\n" }.joined()
  }

  private func figures(of merge: Merge) -> [(name: String, value: String)] {
    let tie = merge.isNearTie ? ", a near tie" : ""
    let index = merge.node - hierarchy.clusters.count
    let error = hierarchy.support?.marginErrors[index].map { " ± \(Text.percent($0)) (standard error)" } ?? ""
    let support: [(name: String, value: String)] =
      hierarchy.support.map {
        let times = "the same clade in \($0.cladeText(ofMerge: index)) of \(Text.count($0.replicates, "tree"))"
        return [("support", "\($0.transferText(ofMerge: index)), \(times) from \($0.drawn) drawn anew")]
      } ?? []
    return [
      ("score", "\(Text.number(merge.score)), the lowest by \(Text.number(merge.gap))"),
      ("share", Text.percent(merge.share)), ("margin", Text.percent(merge.margin) + error),
      ("evidence", merge.evidence.rawValue + tie),
    ] + support
  }

  /// "#23 Danish", "#150 (6 clusters: Danish / Swedish / Norwegian +3)"
  private func described(_ node: Int) -> String {
    if hierarchy.isLeaf(node) { return "#\(node) \(Text.shown(hierarchy.clusters[node].name))" }
    let clusters = Text.count(hierarchy.clusterCount(of: node), "cluster")
    return "#\(node) (\(clusters): \(Text.shown(hierarchy.groupLabel(of: node))))"
  }
}
