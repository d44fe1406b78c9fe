/// One step of the method: the lowest group and its partner become a node of the tree.
///
/// Node ids: cluster c is node c, and the t-th merge (t from 0) makes node K + t, K the number of clusters.
public struct Merge: Sendable, Equatable, Codable {
  /// What the merge was decided on.
  public enum Evidence: String, Sendable, Codable {
    /// Bounds from the rows' sketches, which leave no other partner; the figures are what is certain.
    case sketch
    /// Reassigned probabilities of all of the group's rows; the figures are exact.
    case exact
    /// The middle of what sketches leave open, where the rows could not be read again; the figures are guesses.
    case estimate
  }

  /// From 1.
  public var step: Int
  /// The node of the group with the lowest score.
  public var lowest: Int
  /// The node of the group with the highest average reassigned probability.
  public var partner: Int
  /// The node that the merge makes.
  public var node: Int
  /// The clusters of the new node.
  public var clusters: Int
  /// The rows assigned to them.
  public var samples: Int
  /// The score of the lowest group.
  public var score: Double
  /// How far the second lowest score lies above it.
  public var gap: Double
  /// The partner's average: its sum of reassigned probability over its number of clusters.
  public var reassigned: Double
  /// The part of all the lowest group's reassigned probability that went to the partner's clusters, 0...1.
  public var share: Double
  /// (best − second) / best of the averages: 1 when there is no second, 0 when the best is 0.
  public var margin: Double
  public var evidence: Evidence
  /// Whether another choice is within what rounding may change.
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

  /// The margin below which the partner is a near tie.
  public static let nearTieMargin = 1e-5
}
