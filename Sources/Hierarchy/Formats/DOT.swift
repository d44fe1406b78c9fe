extension ClusterHierarchy {
  /// The tree as a Graphviz digraph: a box for each cluster with its name, a point for each merge.
  public func dot() -> String {
    var text = "digraph hierarchy {\n  rankdir=LR;\n  node [shape=box];\n"
    for leaf in leaves { text += "  n\(leaf) [label=\(Self.dotString(clusters[leaf].name))];\n" }
    for merge in merges {
      text += "  n\(merge.node) [shape=point, tooltip=\"step \(merge.step), \(merge.clusters) clusters\"];\n"
    }
    for merge in merges.reversed() {
      guard let (first, second) = children(of: merge.node) else { continue }
      text += "  n\(merge.node) -> n\(first);\n  n\(merge.node) -> n\(second);\n"
    }
    return text + "}\n"
  }

  /// A quoted string of the DOT language that shows as `text`.
  ///
  /// A backslash begins an escape in labels (`\n`, `\N`), so it is doubled.
  static func dotString(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": quoted += "\\\""
      case "\\": quoted += "\\\\"
      case "\n": quoted += "\\n"
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }
}
