/// Where the merge loop gets evidence from.
package protocol EvidenceSource {
  /// Bounds from sketches; nil if there are no sketches.
  mutating func bounds(of group: Group) throws -> ReassignedBounds?

  /// Narrower bounds, from rows with exact evidence and the sketches of the others; nil if there are none, or if exact evidence
  /// of all rows is to be had.
  mutating func narrowerBounds(of group: Group) throws -> ReassignedBounds?

  /// The best guess at what bounds leave open; nil if there are no bounds, and no rows to guess from.
  func estimate(of group: Group, within bounds: ReassignedBounds?) throws -> ReassignedProbability?

  /// Exact evidence; nil if it is not there for all rows of the group.
  func exact(_ group: Group) -> ReassignedProbability?

  /// Has exact evidence of a group found, as far as that takes no reading. Called where bounds don't certify its partner.
  mutating func recall(_ group: Group) throws

  /// Whether no more will be known of a group than its bounds.
  func isFinal(_ group: Group, within bounds: ReassignedBounds) -> Bool

  /// The bytes that exact evidence of a group takes at most.
  func exactByteCount(of group: Group) -> Int

  /// The bytes there is room for exact evidence in, besides what is there.
  var room: Int { get }

  /// Says that a group's partner is found for good, and that its evidence will not be asked for again.
  mutating func forget(_ group: Group)
}

extension EvidenceSource {
  package mutating func narrowerBounds(of group: Group) throws -> ReassignedBounds? { nil }
  package mutating func recall(_ group: Group) throws {}
}
