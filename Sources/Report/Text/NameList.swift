import Hierarchy

/// Lists of clusters' names, as many as there is room for.
package enum NameList {
  /// "Danish, Swedish, …": whole names with commas between, and an ellipsis if there are more. The first name is cut if
  /// there is no room for it.
  static func text(_ clusters: [Int], of hierarchy: ClusterHierarchy, columns: Int) -> String {
    let names = clusters.prefix(columns).map { Text.shown(hierarchy.clusters[$0].name) }
    guard let first = names.first else { return clusters.isEmpty ? "" : "…" }
    var text = first
    var used = DisplayWidth.columns(first)
    for (index, name) in names.enumerated().dropFirst() {
      let isLast = index == clusters.count - 1
      let width = 2 + DisplayWidth.columns(name)
      guard used + width + (isLast ? 0 : 3) <= columns else { break }
      text += ", " + name
      used += width
      if isLast { return text }
    }
    if clusters.count == 1 { return DisplayWidth.fitted(text, columns: columns) }
    return used + 3 <= columns ? text + ", …" : DisplayWidth.fitted(text + "…", columns: columns)
  }

  /// "left out: Danish, Swedish +5": as many names as fit on a line, at least one, and how many more there are.
  package static func line(_ start: String, _ names: [String], columns: Int) -> String {
    var line = start
    var used = DisplayWidth.columns(start)
    for (index, name) in names.map(Text.shown).enumerated() {
      let more = names.count - index
      let text = (index > 0 ? ", " : "") + name
      used += DisplayWidth.columns(text)
      guard index == 0 || used + (more > 1 ? roomForCount : 0) <= columns else {
        return line + " +\(Text.grouped(more))"
      }
      line += text
    }
    return line
  }

  /// The number of columns that " +1,234" takes.
  private static let roomForCount = 7
}
