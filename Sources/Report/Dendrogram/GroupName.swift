import Hierarchy

/// What a group of clusters is called in a picture, in one line or two.
struct GroupName {
  struct Line: Equatable {
    var text: String
    /// The text that follows in grey.
    var note = ""

    /// The width, in units of the font's size.
    var ems: Double { TextWidth.ems(text) + TextWidth.ems(note) }
  }

  let lines: [Line]

  /// The term that fits a node best, below it how well, and its most typical members; without a term these alone.
  ///
  /// - Parameter ems: The room for a line, in units of the font's size.
  init(of node: Int, in hierarchy: ClusterHierarchy, ems: Double) {
    let members = hierarchy.mostTypical(of: node).map { Text.shown(hierarchy.clusters[$0].name) }
    guard !hierarchy.isLeaf(node), let term = hierarchy.term(of: node) else {
      lines = Self.lines(members, more: hierarchy.clusterCount(of: node) - members.count, ems: ems)
      return
    }
    lines = [
      Line(text: TextWidth.fitted(Text.shown(term.term), ems: ems)),
      Line(text: "", note: Self.fit(term, members, ems: ems)),
    ]
  }

  /// How well a term fits, and those of the members that there is room for.
  private static func fit(_ term: NodeTerm, _ members: [String], ems: Double) -> String {
    var text = "\(term.leaves) of \(term.size)"
    for (index, member) in members.enumerated() {
      let longer = text + (index == 0 ? ": " : ", ") + member
      guard TextWidth.ems(longer) <= ems else { break }
      text = longer
    }
    return text
  }

  /// A mark that ends the right-to-left direction of a name, so that it does not apply to the text that follows.
  private static let leftToRight = "\u{200E}"

  private static func lines(_ members: [String], more: Int, ems: Double) -> [Line] {
    let note = more > 0 ? "\(leftToRight) +\(more)" : ""
    let separator = " / "
    var first = members[0]
    var rest = members.dropFirst()
    while let next = rest.first {
      let longer = first + separator + next
      // What comes after the last name is on its line.
      guard TextWidth.ems(longer) + TextWidth.ems(rest.count == 1 ? note : separator) <= ems else { break }
      first = longer
      rest.removeFirst()
    }
    let room = ems - TextWidth.ems(note)
    guard !rest.isEmpty else { return [Line(text: TextWidth.fitted(first, ems: room), note: note)] }
    return [
      Line(text: TextWidth.fitted(first, ems: ems - TextWidth.ems(separator)) + " /"),
      Line(text: TextWidth.fitted(rest.joined(separator: separator), ems: room), note: note),
    ]
  }
}
