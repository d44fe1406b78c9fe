extension ClusterHierarchy {
  /// The tree in Newick format, with a newline at the end.
  ///
  /// A node's height is the step that made it; a leaf's is 0. The length of a branch is the difference of the heights.
  public func newick() -> String {
    var text = ""
    // The heights of the nodes above the current node.
    var heights: [Int] = []
    func branch(_ height: Int) -> String { heights.last.map { ":\($0 - height)" } ?? "" }
    walk(from: root) { visit in
      switch visit {
      case .leaf(let leaf): text += Self.newickName(clusters[leaf].name) + branch(0)
      case .enter(let node):
        text += "("
        heights.append(height(of: node))
      case .collapsed: break
      case .between: text += ","
      case .leave:
        let height = heights.removeLast()
        text += ")" + branch(height)
      }
    }
    return text + ";\n"
  }

  /// A name as a Newick label. It is in single quotes unless it is plain letters and digits, since most other
  /// characters have a meaning in Newick; an unquoted underscore, for instance, is a blank.
  static func newickName(_ name: String) -> String {
    let isPlain =
      !name.isEmpty
      && name.unicodeScalars.allSatisfy { scalar in
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9", ".", "-", "+": true
        default: false
        }
      }
    guard !isPlain else { return name }
    // This compares scalars. A quote with a combining accent is one character, which is not equal to a quote.
    var quoted = "'"
    for scalar in name.unicodeScalars { quoted += scalar == "'" ? "''" : String(scalar) }
    return quoted + "'"
  }
}
