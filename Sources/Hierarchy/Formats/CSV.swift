/// Fields of comma-separated values (RFC 4180).
public enum CSV {
  /// A field that reads back as `text`. It is in quotes if it has commas, quotes or line ends.
  public static func field(_ text: String) -> String {
    let demandsQuotes = text.unicodeScalars.contains { $0 == "," || $0 == "\"" || $0 == "\n" || $0 == "\r" }
    guard demandsQuotes else { return text }
    var quoted = "\""
    for scalar in text.unicodeScalars { quoted += scalar == "\"" ? "\"\"" : String(scalar) }
    return quoted + "\""
  }
}

extension ClusterHierarchy {
  /// The groups of one or several cuts as CSV, with a line for each cluster in order of ids.
  ///
  /// A line has the cluster's name, and for each cut the index, label and samples of its group. These are empty for
  /// clusters in no group. If there are several cuts, the names of a cut's columns have its number of groups. With ``terms``,
  /// each cut has the columns of the term that fits the group best, which are empty if there is none.
  public func cutCSV(_ cuts: [Cut]) -> String {
    var text = "cluster,name"
    for cut in cuts {
      let suffix = cuts.count > 1 ? "_\(cut.groups.count)" : ""
      text += ",group\(suffix),label\(suffix),samples\(suffix)"
      if !terms.isEmpty { text += NodeTerm.csvHeader(suffix: suffix) }
    }
    text += "\n"
    for (id, cluster) in clusters.enumerated() {
      text += "\(id),\(CSV.field(cluster.name))"
      for cut in cuts {
        if let group = cut.groupOfCluster[id] {
          text += ",\(group),\(CSV.field(cut.groups[group].label)),\(cut.groups[group].samples)"
        } else {
          text += ",,,"
        }
        if !terms.isEmpty { text += NodeTerm.csvFields(of: cut.groupOfCluster[id].flatMap { cut.groups[$0].term }) }
      }
      text += "\n"
    }
    return text
  }
}

extension NodeTerm {
  private static let columns = ["term", "term_leaves", "term_clusters", "term_f1"]

  /// The names of the columns that have a term, with a comma before each.
  static func csvHeader(suffix: String = "") -> String { columns.map { ",\($0)\(suffix)" }.joined() }

  /// These columns, with a comma before each; empty if there is no term.
  static func csvFields(of term: NodeTerm?) -> String {
    guard let term else { return columns.map { _ in "," }.joined() }
    return ",\(CSV.field(term.term)),\(term.leaves),\(term.termSize),\(term.f1)"
  }
}
