import Hierarchy

/// What is known of a node: first what people want, then what it was decided by.
package struct NodeFigures {
  let hierarchy: ClusterHierarchy
  let node: Int
  private let confusion: ClassConfusion?
  let rivals: MergeRivals?
  private let width: Int

  /// - Parameters:
  ///   - confusion: What the node is confused with, if it is a class.
  ///   - rivals: Of the merge that took the node.
  package init(
    _ hierarchy: ClusterHierarchy, node: Int, confusion: ClassConfusion? = nil, rivals: MergeRivals? = nil, width: Int
  ) {
    self.hierarchy = hierarchy
    self.node = node
    self.confusion = confusion
    self.rivals = rivals
    self.width = width
  }

  /// A figure's name, its value, and what it says.
  struct Row {
    let name: String
    let value: String
    var meaning = ""
  }

  /// The lines, with a newline after each.
  package var text: String {
    var lines = [described(node)] + Self.aligned(figures)
    if hierarchy.isLeaf(node), let confusion { lines += confusedLines(confusion) }
    if let taken { lines += rivalLines(of: taken) }
    if let merge = hierarchy.merge(making: node) ?? taken { lines += ["Details"] + Self.aligned(details(of: merge)) }
    return lines.map { DisplayWidth.fitted($0, columns: width) + "\n" }.joined()
  }

  /// The merge that took the node; nil for the root.
  private var taken: Merge? { hierarchy.merge(taking: node) }

  private var figures: [Row] {
    let samples = hierarchy.samples(of: node)
    let part = Double(samples) / Double(hierarchy.samples(of: hierarchy.root))
    var rows = [Row(name: "samples", value: "\(Text.grouped(samples)), \(Text.percent(part)) of all")]
    let certainty = hierarchy.certainty(of: node).map(Text.percent) ?? "unknown"
    rows.append(
      Row(name: "certainty", value: "\(certainty), the mean probability of the class that a sample is assigned to"))
    if let merge = hierarchy.merge(making: node) {
      rows.append(Row(name: "made of", value: "\(described(merge.lowest)) and \(described(merge.partner))"))
      if let support = hierarchy.support { rows.append(Self.row(support, merge.node - hierarchy.clusters.count)) }
    }
    if let taken {
      let other = taken.lowest == node ? taken.partner : taken.lowest
      rows.append(
        Row(
          name: "merged",
          value: "with \(described(other)), into #\(taken.node), at step \(taken.step) of \(hierarchy.merges.count)"))
    }
    return rows
  }

  private static func row(_ support: BranchSupport, _ index: Int) -> Row {
    let times = "the same clade in \(support.cladeText(ofMerge: index)) of \(Text.count(support.replicates, "tree"))"
    return Row(
      name: "support", value: "\(support.transferText(ofMerge: index)), \(times) from \(support.drawn) drawn anew")
  }

  /// "#23 Danish", "#150 (6 clusters: Danish / Swedish / Norwegian +3)"
  func described(_ node: Int) -> String {
    if hierarchy.isLeaf(node) { return "#\(node) \(Text.shown(hierarchy.clusters[node].name))" }
    let clusters = Text.count(hierarchy.clusterCount(of: node), "cluster")
    return "#\(node) (\(clusters): \(Text.shown(hierarchy.groupLabel(of: node))))"
  }

  /// Rows with names, values and meanings below each other.
  static func aligned(_ rows: [Row]) -> [String] {
    let names = rows.map(\.name.count).max() ?? 0
    let values = rows.filter { !$0.meaning.isEmpty }.map(\.value.count).max() ?? 0
    return rows.map { row in
      let name = row.name + String(repeating: " ", count: names - row.name.count)
      guard !row.meaning.isEmpty else { return "  \(name)  \(row.value)" }
      return "  \(name)  \(row.value)\(String(repeating: " ", count: values - row.value.count))  \(row.meaning)"
    }
  }
}

extension ClusterHierarchy {
  /// The mean predicted probability of the rows below a node; nil if that of a cluster is not known.
  func certainty(of node: Int) -> Double? {
    var sum = 0.0
    for leaf in leaves(below: node) {
      guard let mean = clusters[leaf].meanProbability else { return nil }
      sum += Double(clusters[leaf].samples) * mean
    }
    return sum / Double(samples(of: node))
  }
}
