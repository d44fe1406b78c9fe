/// One step of the method: the lowest group and its partner become a node of the tree.
///
/// Node ids: cluster c is node c, and the t-th merge (t from 0) makes node K + t, where K is the number of clusters.
public struct Merge: Sendable, Equatable, Codable {
  /// What the merge was decided by.
  public enum Evidence: String, Sendable, Codable {
    /// Bounds from the rows' sketches, which leave no other partner. The figures are what is certain.
    case sketch
    /// The reassigned probabilities of all of the group's rows. The figures are exact.
    case exact
    /// The middle of the bounds from sketches, since the rows could not be read again. The figures are guesses.
    case estimate
  }

  /// The number of the merge, from 1.
  public var step: Int
  /// The node of the group with the lowest score.
  public var lowest: Int
  /// The node of the group with the highest average reassigned probability.
  public var partner: Int
  /// The node that the merge makes.
  public var node: Int
  /// The number of clusters of the new node.
  public var clusters: Int
  /// The number of rows assigned to these clusters.
  public var samples: Int
  /// The score of the lowest group.
  public var score: Double
  /// The difference between the second lowest score and the lowest.
  public var gap: Double
  /// The partner's average: its sum of reassigned probability divided by its number of clusters.
  public var reassigned: Double
  /// The part of the lowest group's whole reassigned probability that went to the partner's clusters, 0...1.
  public var share: Double
  /// (best − second) / best of the averages; 1 if there is no second, 0 if the best is 0.
  public var margin: Double
  public var evidence: Evidence
  /// Whether rounding might have led to another choice.
  public var isNearTie: Bool

  public init(
    step: Int, lowest: Int, partner: Int, node: Int, clusters: Int, samples: Int, score: Double, gap: Double,
    reassigned: Double, share: Double, margin: Double, evidence: Evidence, isNearTie: Bool
  ) {
    self.step = step
    self.lowest = lowest
    self.partner = partner
    self.node = node
    self.clusters = clusters
    self.samples = samples
    self.score = score
    self.gap = gap
    self.reassigned = reassigned
    self.share = share
    self.margin = margin
    self.evidence = evidence
    self.isNearTie = isNearTie
  }

  /// The partner is a near tie if the margin is below this.
  public static let nearTieMargin = 1e-5
}
