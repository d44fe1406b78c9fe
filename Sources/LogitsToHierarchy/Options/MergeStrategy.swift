/// Which two groups a step merges.
public enum MergeStrategy: String, Sendable, CaseIterable, Codable {
  /// The method: the group with the lowest score, and its partner.
  case lowest
  /// The paper's ablation: of all groups and their partners, those with the highest average reassigned probability. A group
  /// of many rows has more to give.
  case allPairs = "all-pairs"
  /// The same, with the average over the rows of the group too.
  case allPairsPerRow = "all-pairs-per-row"
}
