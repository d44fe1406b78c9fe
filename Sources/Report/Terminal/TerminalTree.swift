import Hierarchy

/// A hierarchy drawn with lines, a line of text for each leaf.
///
///     ┬─ Finnish
///     └─┬─ Danish
///       └─ Norwegian
///
/// What there is no room for is collapsed into one line, which names its most typical members. Names have the colour of
/// the top group that they are in.
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
  ///   - width: The columns that no line exceeds, 16 at least. Half of them go to the lines, two a level, so what lies
  ///     deeper is collapsed.
  ///   - depth: The most levels to draw, if the width allows as many.
  package init(_ hierarchy: ClusterHierarchy, width: Int, depth: Int? = nil, style: TerminalStyle = .plain) {
    self.hierarchy = hierarchy
    self.width = max(16, width)
    self.style = style
    levels = min(self.width / 4, depth ?? .max)
    groups = GroupColours(hierarchy, count: Palette.groupCount(leaves: hierarchy.merges.count + 1))
  }

  /// The drawing of what lies below a node, of the whole tree if it is nil, with a newline after each line.
  ///
  /// - Parameter mostLines: If more clusters lie below the node, the last merges are undone until there are as many groups,
  ///   and what lies below those is collapsed.
  package func text(below node: Int? = nil, mostLines: Int = .max) -> String {
    let start = node ?? hierarchy.root
    let firstStep = firstStepDrawn(below: start, mostLines: mostLines)
    return draw(from: start) { hierarchy.height(of: $0) >= firstStep }
  }

  /// The first of the steps whose merges are drawn if there is to be a number of lines.
  private func firstStepDrawn(below start: Int, mostLines: Int) -> Int {
    guard hierarchy.clusterCount(of: start) > mostLines else { return 0 }
    guard mostLines > 1 else { return .max }
    var steps: [Int] = []
    hierarchy.walk(from: start) { if case .enter(let node) = $0 { steps.append(hierarchy.height(of: node)) } }
    return steps.sorted(by: >)[mostLines - 2]
  }

  /// The lines of what lies below a node.
  ///
  /// - Parameters:
  ///   - marked: A node whose line is made to stand out.
  ///   - descend: Whether to draw what is below a node, if there is room.
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
        add(leaf) { DisplayWidth.fitted(Text.printable(hierarchy.clusters[leaf].name), columns: $0) }
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

  /// How many clusters lie below a node, and the names of its most typical members.
  private func summary(of node: Int, columns: Int) -> String {
    let members = hierarchy.byTypicality(hierarchy.leaves(below: node))
    let count = "\(Text.grouped(members.count)) clusters"
    let room = min(columns, Self.longestSummary) - DisplayWidth.columns(count) - 4
    guard room >= Self.shortestNames else { return DisplayWidth.fitted("(\(count))", columns: columns) }
    return "(\(count): \(NameList.text(members, of: hierarchy, columns: room)))"
  }

  /// A line of names longer than this is not read, even where there is room for it.
  private static let longestSummary = 100
  /// Fewer columns of names say nothing.
  private static let shortestNames = 6
}
