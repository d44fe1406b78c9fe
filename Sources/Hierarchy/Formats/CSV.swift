/// Fields of comma-separated values (RFC 4180).
public enum CSV {
  /// A field that reads back as `text`: in quotes where commas, quotes or line ends demand it.
  public static func field(_ text: String) -> String {
    let demandsQuotes = text.unicodeScalars.contains { $0 == "," || $0 == "\"" || $0 == "\n" || $0 == "\r" }
    guard demandsQuotes else { return text }
    var quoted = "\""
    for scalar in text.unicodeScalars { quoted += scalar == "\"" ? "\"\"" : String(scalar) }
    return quoted + "\""
  }
}

extension ClusterHierarchy {
  /// The groups of one or several cuts as CSV, a line for each cluster in order of ids: its name, and of each cut its
  /// group's index, label and samples. What is of a group is left empty for clusters that are in none.
  ///
  /// Columns of a cut have its number of groups in their names, if there are several cuts.
  public func cutCSV(_ cuts: [Cut]) -> String {
    var text = "cluster,name"
    for cut in cuts {
      let suffix = cuts.count > 1 ? "_\(cut.groups.count)" : ""
      text += ",group\(suffix),label\(suffix),samples\(suffix)"
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
      }
      text += "\n"
    }
    return text
  }
}
