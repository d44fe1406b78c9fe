import Hierarchy

/// A hierarchy drawn with box-drawing characters, with a line of text for each leaf.
///
///     ┬─ Finnish
///     └─┬─ Danish
///       └─ Norwegian
///
/// A node that there is no room for is collapsed into one line, which names its most typical members. Names have the
/// colour of the top group that they are in.
package struct TerminalTree {
  let hierarchy: ClusterHierarchy
  let width: Int
  private let style: TerminalStyle
  /// The most levels that are drawn.
  let levels: Int
  private let groups: GroupColours

  /// A drawing of a hierarchy.
  ///
  /// - Parameters:
  ///   - width: The most columns of a line, at least 16. The tree takes half of them, two for each level; deeper nodes
  ///     are collapsed.
  ///   - depth: The most levels to draw; the width may allow fewer.
  package init(_ hierarchy: ClusterHierarchy, width: Int, depth: Int? = nil, style: TerminalStyle = .plain) {
    self.hierarchy = hierarchy
    self.width = max(16, width)
    self.style = style
    levels = min(self.width / 4, depth ?? .max)
    groups = GroupColours(hierarchy, count: Palette.groupCount(leaves: hierarchy.merges.count + 1))
  }

  /// The drawing of the tree below a node, or of the whole tree if that is nil, with a newline after each line.
  ///
  /// - Parameter mostLines: If more clusters than this are below the node, the last merges are undone until there are
  ///   as many groups, and the groups are collapsed.
  package func text(below node: Int? = nil, mostLines: Int = .max) -> String {
    let start = node ?? hierarchy.root
    let firstStep = firstStepDrawn(below: start, mostLines: mostLines)
    return draw(from: start) { hierarchy.height(of: $0) >= firstStep }
  }

  /// The first step whose merge is drawn, if there are to be at most so many lines.
  private func firstStepDrawn(below start: Int, mostLines: Int) -> Int {
    guard hierarchy.clusterCount(of: start) > mostLines else { return 0 }
    guard mostLines > 1 else { return .max }
    var steps: [Int] = []
    hierarchy.walk(from: start) { if case .enter(let node) = $0 { steps.append(hierarchy.height(of: node)) } }
    return steps.sorted(by: >)[mostLines - 2]
  }

  /// The drawing of the tree below a node.
  ///
  /// - Parameters:
  ///   - marked: A node whose line stands out.
  ///   - descend: Whether to draw the nodes below a node, if there is room.
  func draw(from start: Int, marked: Int? = nil, descend: (Int) -> Bool) -> String {
    var depth = 0
    var text = ""
    var indent: [String] = []
    var line = ""
    func add(_ node: Int, _ label: (_ room: Int) -> String) {
      let mark = node == marked ? " ◀" : ""
      let label = label(width - 2 * indent.count - 3 - mark.count) + mark
      let coloured = style.coloured(label, group: groups[node])
      text += style.dim(line + "─ ") + (node == marked ? style.bold(coloured) : coloured) + "\n"
    }
    func isDrawn(below node: Int) -> Bool { depth < levels && descend(node) }
    hierarchy.walk(from: start, descend: isDrawn) { visit in
      switch visit {
      case .leaf(let leaf):
        add(leaf) { DisplayWidth.fitted(Text.shown(hierarchy.clusters[leaf].name), columns: $0) }
      case .collapsed(let node): add(node) { summary(of: node, columns: $0) }
      case .enter:
        depth += 1
        line += line.isEmpty ? "┬" : "─┬"
        indent.append("│ ")
      case .between:
        indent[indent.count - 1] = "  "
        line = indent.dropLast().joined() + "└"
      case .leave:
        depth -= 1
        indent.removeLast()
      }
    }
    return text
  }

  /// The term that fits a node best, or else the number of clusters below it; and the names of its most typical members.
  private func summary(of node: Int, columns: Int) -> String {
    let members = hierarchy.typicalFirst(of: node)
    let subject = hierarchy.term(of: node).map { Text.shown($0.text) } ?? "\(Text.grouped(members.count)) clusters"
    let room = min(columns, Self.longestSummary) - DisplayWidth.columns(subject) - 4
    guard room >= Self.shortestNames else { return DisplayWidth.fitted("(\(subject))", columns: columns) }
    return "(\(subject): \(NameList.text(members, of: hierarchy, columns: room)))"
  }

  /// The longest summary. Nobody reads a longer line of names, even if there is room for it.
  private static let longestSummary = 100
  /// The fewest columns for names. Fewer would say nothing.
  private static let shortestNames = 6
}
