extension ClusterHierarchy {
  /// The merges as CSV: a header, then a line for each merge in order.
  ///
  /// Numbers have as many digits as it takes to read the same numbers back. With ``support``, three columns follow the
  /// others, and with ``terms`` four.
  public func mergesCSV() -> String {
    var text = "step,lowest,partner,node,clusters,samples,score,gap,reassigned,share,margin,evidence"
    if support != nil { text += ",transfer_support,clade_support,margin_error" }
    if !terms.isEmpty { text += NodeTerm.csvHeader() }
    text += "\n"
    for (index, merge) in merges.enumerated() {
      text +=
        "\(merge.step),\(merge.lowest),\(merge.partner),\(merge.node),\(merge.clusters),\(merge.samples),"
        + "\(merge.score),\(merge.gap),\(merge.reassigned),\(merge.share),\(merge.margin),\(merge.evidence.rawValue)"
      if let support {
        let error = support.marginErrors[index].map { "\($0)" } ?? ""
        text += ",\(support.transfer[index]),\(support.clade[index]),\(error)"
      }
      if !terms.isEmpty { text += NodeTerm.csvFields(of: term(of: merge.node)) }
      text += "\n"
    }
    return text
  }
}
