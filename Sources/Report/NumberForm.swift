/// How numbers that are known of clusters are shown beside the tree.
package enum NumberForm: String, Sendable, CaseIterable {
  case bars
  /// By a scale of colours.
  case colours
}
