import Hierarchy

/// The groups of a cut, a line for each: its index, its size, and its most typical members.
///
///     group  clusters  samples   share  members
///         0         5      314   5.2 %  Slovenian, Latvian, Lithuanian, Bosnian, Croatian
public struct GroupList {
  private let hierarchy: ClusterHierarchy
  private let cut: Cut
  private let width: Int
  private let style: TerminalStyle

  public init(_ hierarchy: ClusterHierarchy, _ cut: Cut, width: Int, style: TerminalStyle = .plain) {
    self.hierarchy = hierarchy
    self.cut = cut
    self.width = width
    self.style = style
  }

  private static let leastRoom = 16

  /// The lines, with a newline after each.
  public var text: String {
    let all = Double(hierarchy.samples(of: hierarchy.root))
    let cells = cut.groups.enumerated().map { index, group in
      [
        String(index), ReportText.grouped(group.clusters.count), ReportText.grouped(group.samples),
        ReportText.percent(Double(group.samples) / all),
      ]
    }
    let titles = ["group", "clusters", "samples", "share"]
    var widths = titles.indices.map { column in ([titles] + cells).map { $0[column].count }.max() ?? 0 }
    func room() -> Int { width - widths.reduce(0) { $0 + $1 + 2 } }
    // Where it is narrow, figures give way to names.
    while widths.count > 1, room() < Self.leastRoom { widths.removeLast() }
    func row(_ cells: [String]) -> String {
      zip(cells, widths).map { String(repeating: " ", count: $1 - $0.count) + $0 }.joined(separator: "  ") + "  "
    }
    var text = style.dim(row(titles) + "members") + "\n"
    for (index, group) in cut.groups.enumerated() {
      let members = NameList.text(hierarchy.byTypicality(group.clusters), of: hierarchy, columns: room())
      text += row(cells[index]) + style.coloured(members, group: index) + "\n"
    }
    return text
  }
}
