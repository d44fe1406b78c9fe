/// Where rows are placed in a tree.
package enum PlacementRule: Sendable, Equatable, Codable {
  /// Cut the tree into so many groups, and take the one of the row's likeliest cluster.
  ///
  /// That is the first cluster with the largest logit of those that are in the tree. The group's probability is the sum
  /// of the softmax over its clusters; those that are not in the tree count among the softmax's.
  case groups(Int)
  /// From the root on, go to the likelier child, of equals to the one with the smaller id, as long as its probability, the
  /// sum of the softmax over the clusters below it, reaches the confidence; above 0, at most 1.
  ///
  /// Above ½ the nodes that reach it are a chain, so that this is the deepest of them. It need not be above the row's
  /// likeliest cluster: many small ones may weigh more together.
  case confidence(Double)
  /// The same, but a row of which the root itself does not reach the confidence is at the root, rather than in no node.
  case confidenceFromRoot(Double)
}

extension PlacementRule {
  /// The confidence, if rows are placed at nodes.
  package var confidence: Double? {
    switch self {
    case .groups: nil
    case .confidence(let confidence), .confidenceFromRoot(let confidence): confidence
    }
  }
}
