extension ClusterHierarchy {
  /// The hierarchy as JSON: `clusters`, `empty`, `merges` with the columns of the CSV, and the nested `tree` (`name`,
  /// `children`) that d3 and others read.
  ///
  /// With ``support``, merges have its figures, and it has a key of its own, the last. With ``terms``, merges and the tree's
  /// inner nodes have the term that fits them best, or null.
  ///
  /// The text is made here and not by an encoder, since encoders recurse and trees may be deep.
  ///
  /// - Parameter scale: What the heights of the tree's nodes stand for.
  public func json(heights scale: HeightScale = .step) -> String {
    let heights = heights(scale)
    var text = "{\n\"clusters\": ["
    text += clusters.indices.map(clusterJSON).joined(separator: ",")
    text += "\n],\n\"empty\": [" + emptyClusters.map(String.init).joined(separator: ", ")
    text += "],\n\"merges\": ["
    text += merges.indices.map(mergeJSON).joined(separator: ",")
    text += "\n],\n\"tree\": "
    walk(from: root) { visit in
      switch visit {
      case .leaf(let leaf): text += "{\(nodeJSON(leaf, heights))}"
      case .enter(let node): text += "{\(nodeJSON(node, heights))\(termJSON(node)),\"children\":["
      case .collapsed: break
      case .between: text += ","
      case .leave: text += "]}"
      }
    }
    if let support { text += ",\n\"support\": \(Self.supportJSON(support))" }
    return text + "\n}\n"
  }

  private static func supportJSON(_ support: BranchSupport) -> String {
    let blocks = support.blocks.map(jsonString) ?? "null"
    return "{\"replicates\":\(support.replicates),\"seed\":\(support.seed),\"blocks\":\(blocks),"
      + "\"estimated_merges\":\(support.estimatedMerges)}"
  }

  private func clusterJSON(_ id: Int) -> String {
    let cluster = clusters[id]
    let mean = cluster.meanProbability.map { "\($0)" } ?? "null"
    return "\n{\"id\":\(id),\"name\":\(Self.jsonString(cluster.name)),\"samples\":\(cluster.samples),"
      + "\"mean_probability\":\(mean)}"
  }

  private func mergeJSON(_ index: Int) -> String {
    let merge = merges[index]
    return "\n{\"step\":\(merge.step),\"lowest\":\(merge.lowest),\"partner\":\(merge.partner),\"node\":\(merge.node),"
      + "\"clusters\":\(merge.clusters),\"samples\":\(merge.samples),\"score\":\(merge.score),\"gap\":\(merge.gap),"
      + "\"reassigned\":\(merge.reassigned),\"share\":\(merge.share),\"margin\":\(merge.margin),"
      + "\"evidence\":\"\(merge.evidence.rawValue)\"\(supportJSON(ofMerge: index))\(termJSON(merge.node))}"
  }

  private func supportJSON(ofMerge index: Int) -> String {
    guard let support else { return "" }
    let error = support.marginErrors[index].map { "\($0)" } ?? "null"
    return ",\"transfer_support\":\(support.transfer[index]),\"clade_support\":\(support.clade[index]),"
      + "\"margin_error\":\(error)"
  }

  private func termJSON(_ node: Int) -> String {
    guard !terms.isEmpty else { return "" }
    guard let term = term(of: node) else { return ",\"term\":null" }
    return ",\"term\":{\"name\":\(Self.jsonString(term.term)),\"leaves\":\(term.leaves),"
      + "\"clusters\":\(term.termSize),\"f1\":\(term.f1)}"
  }

  private func nodeJSON(_ node: Int, _ heights: [Double]) -> String {
    "\"name\":\(Self.jsonString(label(of: node))),\"node\":\(node),\"clusters\":\(clusterCount(of: node)),"
      + "\"samples\":\(samples(of: node)),\"height\":\(Self.heightText(heights[node]))"
  }

  /// A JSON string (RFC 8259, section 7).
  static func jsonString(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": quoted += "\\\""
      case "\\": quoted += "\\\\"
      case "\n": quoted += "\\n"
      case "\r": quoted += "\\r"
      case "\t": quoted += "\\t"
      case "\u{0}"..."\u{1F}":
        let digits = String(scalar.value, radix: 16)
        quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }
}
