import Hierarchy

/// Support as people read it. It is rounded here alone, so that pictures, the page and the terminal say the same.
extension BranchSupport {
  /// The transfer support of a merge's node in whole percent; halves are rounded up.
  func percent(ofMerge index: Int) -> Int { Self.rounded(100 * transfer[index]) }

  /// The part of the replicates that have the clade of a merge's node, in tenths of a percent.
  func cladePerMille(ofMerge index: Int) -> Int { Self.rounded(1000 * clade[index]) }

  /// "0.81"
  func transferText(ofMerge index: Int) -> String { Text.fixed(Double(percent(ofMerge: index)) / 100, digits: 2) }

  /// "36.0 %"
  func cladeText(ofMerge index: Int) -> String {
    Text.fixed(Double(cladePerMille(ofMerge: index)) / 10, digits: 1) + " %"
  }

  /// What was drawn anew.
  package var drawn: String { blocks == nil ? "rows" : "blocks of rows" }

  /// What is a half but for the error of a product counts as one.
  private static func rounded(_ value: Double) -> Int { Int(((value * 1e6).rounded() / 1e6).rounded()) }
}
