import Hierarchy

/// The groups of a cut. Each has a line with its index, its size, the term that fits it best if there is a taxonomy, and its most
/// typical members.
///
///     group  clusters  samples   share  members
///         0         5      314   5.2 %  Slovenian, Latvian, Lithuanian, Bosnian, Croatian
package struct GroupList {
  private let hierarchy: ClusterHierarchy
  private let cut: Cut
  private let width: Int
  private let style: TerminalStyle

  package init(_ hierarchy: ClusterHierarchy, _ cut: Cut, width: Int, style: TerminalStyle = .plain) {
    self.hierarchy = hierarchy
    self.cut = cut
    self.width = width
    self.style = style
  }

  private static let leastRoom = 16

  /// The lines, with a newline after each.
  package var text: String {
    let all = Double(hierarchy.samples(of: hierarchy.root))
    var figures = AlignedTable(["group", "clusters", "samples", "share"].map { .init($0, .right) })
    for (index, group) in cut.groups.enumerated() {
      figures.add([
        String(index), Text.grouped(group.clusters.count), Text.grouped(group.samples),
        Text.percent(Double(group.samples) / all),
      ])
    }
    func room() -> Int { width - figures.width - 2 }
    // In a narrow terminal, figures give way to names.
    while figures.columnCount > 1, room() < Self.leastRoom { figures.removeLastColumn() }
    let lines = figures.lines.map { $0 + "  " }
    var text = style.dim(lines[0] + "members") + "\n"
    for (index, group) in cut.groups.enumerated() {
      text += lines[index + 1] + style.coloured(described(group, columns: room()), group: index) + "\n"
    }
    return text
  }

  private func described(_ group: Cut.Group, columns: Int) -> String {
    func members(_ columns: Int) -> String {
      NameList.text(hierarchy.typicalFirst(of: group.node), of: hierarchy, columns: columns)
    }
    guard group.clusters.count > 1, let term = group.term.map({ Text.shown($0.text) }) else { return members(columns) }
    let room = columns - DisplayWidth.columns(term) - 2
    return room < Self.leastRoom ? DisplayWidth.fitted(term, columns: columns) : "\(term): \(members(room))"
  }
}
