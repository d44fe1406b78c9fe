/// The groups that a merge's lowest group might have been merged with: why it was this one and not the next.
public struct MergeRivals: Sendable, Equatable {
  /// A group that there was, and what it gets of what the lowest group reassigns.
  public struct Rival: Sendable, Equatable {
    public var node: Int
    /// For each of its clusters; by this the partner is chosen.
    public var reassigned: Double
    /// In all, as a part of everything that is reassigned.
    public var share: Double

    package init(node: Int, reassigned: Double, share: Double) {
      self.node = node
      self.reassigned = reassigned
      self.share = share
    }
  }

  /// The node that the merge made.
  public var node: Int
  /// The partner first, then the others that get most for each cluster, the first first.
  public var groups: [Rival]

  package init(node: Int, groups: [Rival]) {
    self.node = node
    self.groups = groups
  }
}
