import Hierarchy

/// The names of clusters, as many as there is room for.
enum NameList {
  /// "Danish, Swedish, …": whole names with commas between, and an ellipsis if there are more.
  ///
  /// The first is cut if there is no room for it.
  static func text(_ clusters: [Int], of hierarchy: ClusterHierarchy, columns: Int) -> String {
    let names = clusters.prefix(columns).map { ReportText.printable(hierarchy.clusters[$0].name) }
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
}
