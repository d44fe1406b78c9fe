/// The arrays of a top-k dump as they are named: of each row its k largest logits or log-probabilities, and their clusters.
///
/// Language models' logits are kept so: of a vocabulary of 151,936, the 20 largest.
public struct TopKSpecification: Sendable, Hashable {
  /// The array of clusters, N × k integers.
  public var indices: String
  /// The array of their logits or log-probabilities, N × k.
  public var values: String
  /// The array of rows' log-sum-exp, N numbers; nil if values are log-probabilities.
  public var normalizer: String?
  /// K.
  public var clusters: Int

  public init(indices: String, values: String, normalizer: String? = nil, clusters: Int) {
    self.indices = indices
    self.values = values
    self.normalizer = normalizer
    self.clusters = clusters
  }
}
