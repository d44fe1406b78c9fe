extension ClusterHierarchy {
  /// The merges as CSV: a header, then a line for each merge in order.
  ///
  /// Numbers have as many digits as it takes to read the same numbers back.
  public func mergesCSV() -> String {
    var text = "step,lowest,partner,node,clusters,samples,score,gap,reassigned,share,margin,evidence\n"
    for merge in merges {
      text +=
        "\(merge.step),\(merge.lowest),\(merge.partner),\(merge.node),\(merge.clusters),\(merge.samples),"
        + "\(merge.score),\(merge.gap),\(merge.reassigned),\(merge.share),\(merge.margin),\(merge.evidence.rawValue)\n"
    }
    return text
  }
}
