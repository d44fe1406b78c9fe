extension ClusterHierarchy {
  /// What classes are confused with, as CSV: a header, then for each class, by clusters, a line for each that gets most of what it
  /// loses (`goes to`), and for each that loses most to it (`comes from`), the largest share first.
  ///
  /// Shares have as many digits as it takes to read the same numbers back.
  package func confusedCSV(_ confusions: [ClassConfusion]) -> String {
    var text = "cluster,name,relation,rank,other,other_name,share\n"
    for (cluster, confusion) in confusions.enumerated() {
      for (relation, others) in [("goes to", confusion.getters), ("comes from", confusion.givers)] {
        for (index, other) in others.enumerated() {
          text +=
            "\(cluster),\(CSV.field(clusters[cluster].name)),\(relation),\(index + 1),"
            + "\(other.cluster),\(CSV.field(clusters[other.cluster].name)),\(other.share)\n"
        }
      }
    }
    return text
  }
}
