import Texts

extension ClusterHierarchy {
  /// The tree as a Graphviz digraph: a box for each cluster with its name, a point for each merge.
  public func dot() -> String {
    var text = "digraph hierarchy {\n  rankdir=LR;\n  node [shape=box];\n"
    for leaf in leaves { text += "  n\(leaf) [label=\(Self.dotString(clusters[leaf].name))];\n" }
    for merge in merges {
      let tooltip =
        "step \(merge.step), \(merge.clusters) clusters" + (term(of: merge.node).map { ": \($0.text)" } ?? "")
      text += "  n\(merge.node) [shape=point, tooltip=\(Self.dotString(tooltip))];\n"
    }
    for merge in merges.reversed() {
      guard let (first, second) = children(of: merge.node) else { continue }
      text += "  n\(merge.node) -> n\(first);\n  n\(merge.node) -> n\(second);\n"
    }
    return text + "}\n"
  }

  /// A quoted string of the DOT language that shows as `text`.
  ///
  /// A backslash begins an escape in labels (`\n`, `\N`), so it is doubled. What looks like an entity of HTML (`&lt;`,
  /// `&#60;`) would show as the character it stands for, so its ampersand is written as one. Control characters, which
  /// pictures can't have and one of which ends the text, and others that nobody would see are written out.
  static func dotString(_ text: String) -> String {
    var quoted = "\""
    let scalars = Array(text.unicodeScalars)
    for (index, scalar) in scalars.enumerated() {
      switch scalar.value {
      case 0x22: quoted += "\\\""
      case 0x5C: quoted += "\\\\"
      case 0x0A: quoted += "\\n"
      case 0x26 where isEntity(scalars[(index + 1)...]): quoted += "&amp;"
      case _ where scalar.isHidden: quoted += "\\\\u{\(String(scalar.value, radix: 16))}"
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }

  /// Whether the text after an ampersand makes it an entity: letters and digits, perhaps after a #, and a semicolon.
  private static func isEntity(_ rest: ArraySlice<Unicode.Scalar>) -> Bool {
    let name = rest.first == "#" ? rest.dropFirst() : rest
    let end = name.drop { $0.isASCII && ($0.properties.isAlphabetic || "0"..."9" ~= $0) }
    return end.first == ";" && end.count < name.count
  }
}
