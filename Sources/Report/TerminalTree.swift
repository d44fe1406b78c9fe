import Hierarchy

/// A hierarchy drawn with lines, a line of text for each leaf.
///
///     ┬─ Finnish
///     └─┬─ Danish
///       └─ Norwegian
public struct TerminalTree {
  private let hierarchy: ClusterHierarchy
  private let width: Int

  /// A drawing at most `width` columns wide. What lies too deep for that is collapsed into one line.
  public init(_ hierarchy: ClusterHierarchy, width: Int) {
    self.hierarchy = hierarchy
    self.width = max(40, width)
  }

  /// The drawing, with a newline after each line.
  public func text() -> String {
    // Half of the width goes to the lines, two columns a level, the rest to names.
    let mostLevels = width / 4
    var levels = 0
    var text = ""
    var indent: [String] = []
    var line = ""
    func hasRoom(below _: Int) -> Bool { levels < mostLevels }
    hierarchy.walk(from: hierarchy.root, descend: hasRoom) { visit in
      switch visit {
      case .leaf(let leaf):
        text += line + "─ " + fitted(hierarchy.clusters[leaf].name, beside: indent) + "\n"
      case .collapsed(let node):
        text += line + "─ " + fitted(summary(of: node), beside: indent) + "\n"
      case .enter:
        levels += 1
        line += line.isEmpty ? "┬" : "─┬"
        indent.append("│ ")
      case .between:
        indent[indent.count - 1] = "  "
        line = indent.dropLast().joined() + "└"
      case .leave:
        levels -= 1
        indent.removeLast()
      }
    }
    return text
  }

  /// How many clusters lie below a node, and the names of the first.
  private func summary(of node: Int) -> String {
    let leaves = hierarchy.leaves(below: node)
    return "(\(leaves.count) clusters: " + leaves.prefix(8).map { hierarchy.clusters[$0].name }.joined(separator: ", ")
      + (leaves.count > 8 ? ", …)" : ")")
  }

  private func fitted(_ name: String, beside indent: [String]) -> String {
    let room = max(8, width - 2 * indent.count - 3)
    return name.count <= room ? name : name.prefix(room - 1) + "…"
  }
}
