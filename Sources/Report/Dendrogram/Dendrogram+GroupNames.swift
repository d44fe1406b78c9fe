import Hierarchy

extension Dendrogram {
  /// A group of a cut whose clusters are all drawn, and which is named instead of them.
  struct NamedGroup: Sendable {
    let node: Int
    /// The tips in it.
    let rows: Range<Int>

    var middle: Double { Double(rows.lowerBound + rows.upperBound - 1) / 2 }
  }

  /// Where a group's name is, and the line that leads to it.
  struct PlacedName {
    let x: Double
    let y: Double
    let anchor: SVGCanvas.Anchor
    let leader: String
  }

  /// The groups to name, in the order of tips.
  static func namedGroups(
    of hierarchy: ClusterHierarchy, _ options: Options, tips: [Tip]
  ) throws(CutError) -> [NamedGroup] {
    guard let count = options.groupNames else { return [] }
    var row = 0
    return try Cut(hierarchy, into: count).groups.map { group in
      defer { row += group.clusters.count }
      return NamedGroup(node: group.node, rows: row..<row + group.clusters.count)
    }
  }

  /// Draws a line along each group's tips, and leads from it to the group's name. Names are level, also around a circle.
  func drawGroupNames(_ frame: some DendrogramFrame, _ columns: TipColumns, on canvas: inout SVGCanvas) {
    guard !groups.isEmpty else { return }
    let distance = columns.names
    let bracket = DendrogramStyle.bracket
    canvas.group("fill=\"none\" stroke-width=\"\(SVGCanvas.number(bracket))\"") { canvas in
      for group in groups {
        // A little is left free between two groups, but something is there of the smallest.
        let gap = min(0.3, 1.5 / frame.pitch(at: distance))
        let (first, last) = (Double(group.rows.lowerBound) - 0.5 + gap, Double(group.rows.upperBound) - 0.5 - gap)
        canvas.path(
          frame.move(row: first, to: distance) + frame.spine(at: distance, from: first, to: last),
          " stroke=\"\(colour(of: group))\"")
      }
    }
    let size = frame.fontSize
    let names = groups.map { GroupName(of: $0.node, in: hierarchy, ems: options.groupNameWidth) }
    let placed = frame.place(
      groups.map(\.middle), heights: names.map { size * (1.25 * Double($0.lines.count) + 0.5) },
      at: distance + bracket / 2)
    canvas.path(
      placed.map(\.leader).joined(), " fill=\"none\" stroke=\"\(DendrogramStyle.faintText)\" stroke-width=\".75\"")
    canvas.group("font-size=\"\(SVGCanvas.number(size))\"") { canvas in
      for (group, (name, place)) in zip(groups, zip(names, placed)) {
        canvas.lines(
          name.lines, x: place.x, y: place.y, size: size, anchor: place.anchor,
          tooltip: tooltip(of: group.node, label: Text.shown(hierarchy.groupLabel(of: group.node))))
      }
    }
  }

  /// The colour of all the group's tips, if they share one.
  private func colour(of group: NamedGroup) -> String {
    let first = tips[group.rows.lowerBound].group
    let isShared = tips[group.rows].allSatisfy { $0.group == first }
    return isShared ? first.map(Palette.groupColour) ?? Palette.neutral : Palette.neutral
  }
}
