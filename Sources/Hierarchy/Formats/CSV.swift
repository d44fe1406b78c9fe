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
  /// clusters in no group. If there are several cuts, the names of a cut's columns have its number of groups.
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
