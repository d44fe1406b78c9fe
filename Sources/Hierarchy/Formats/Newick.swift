extension ClusterHierarchy {
  /// How support stands in Newick, where there is any.
  public enum SupportPlace: String, Sendable, CaseIterable {
    /// As the labels of inner nodes, which most programs take for support; their ids are in comments.
    case label
    /// In comments, as `[&support=0.97]`; the labels are the ids of nodes.
    case comment
    /// Left out, as in a hierarchy without support.
    case none
  }

  /// The tree in Newick format, with a newline at the end.
  ///
  /// The length of a branch is the difference of the heights of its ends.
  ///
  /// - Parameters:
  ///   - scale: What heights stand for.
  ///   - place: Where the transfer support of nodes is written, if it is known.
  public func newick(heights scale: HeightScale = .step, support place: SupportPlace = .label) -> String {
    let heights = heights(scale)
    var text = ""
    // The nodes above the current node.
    var above: [Int] = []
    func branch(_ node: Int) -> String {
      above.last.map { ":" + Self.heightText(heights[$0] - heights[node]) } ?? ""
    }
    walk(from: root) { visit in
      switch visit {
      case .leaf(let leaf): text += Newick.name(clusters[leaf].name) + branch(leaf)
      case .enter(let node):
        text += "("
        above.append(node)
      case .collapsed: break
      case .between: text += ","
      case .leave(let node):
        above.removeLast()
        text += ")" + newickLabel(node, place) + branch(node)
      }
    }
    return text + ";\n"
  }

  private func newickLabel(_ node: Int, _ place: SupportPlace) -> String {
    guard let support else { return "" }
    let index = node - clusters.count
    switch place {
    case .label: return "\(support.transfer[index])[&node=\(node),clade=\(support.clade[index])]"
    case .comment: return "\(node)[&support=\(support.transfer[index]),clade=\(support.clade[index])]"
    case .none: return ""
    }
  }
}

/// The Newick format of trees.
enum Newick {
  /// A name as a Newick label. It is in single quotes unless it is plain letters and digits, since most other
  /// characters have a meaning in Newick; an unquoted underscore, for instance, is a blank.
  static func name(_ name: String) -> String {
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
