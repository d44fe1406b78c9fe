import Hierarchy

/// Least hierarchical distance: how far apart in the tree the rows of one label are, if they are in different clusters.
///
/// For two rows that share a label and are in different leaves, take the number of edges on the path between their
/// leaves. The distance is the mean of that over all such pairs, divided by the number of edges on the longest path
/// between any two leaves of the tree. It is above 0 and at most 1; smaller is better. It is undefined if every label
/// is in one cluster only.
struct HierarchicalDistance {
  // Exact: at most 2^79 pairs at distances below 2^24.
  private var sum: UInt128 = 0
  private var pairs: UInt128 = 0
  private let depths: [Int]
  private let diameter: Int

  init(_ hierarchy: ClusterHierarchy) {
    depths = hierarchy.depths
    diameter = hierarchy.diameter
  }

  /// Adds the pairs of rows that meet. The path between two leaves goes through the node where they meet, so it has
  /// (depth of one − depth of the node) + (depth of the other − depth of the node) edges.
  mutating func add(_ meeting: LabelAscent.Meeting) {
    let depth = depths[meeting.node]
    func way(_ part: LabelAscent.Part) -> UInt128 { UInt128(part.depths - part.count * depth) }
    let (first, second) = (UInt128(meeting.first.count), UInt128(meeting.second.count))
    sum += first * way(meeting.second) + second * way(meeting.first)
    pairs += first * second
  }

  /// nil if no two rows of one label are in different leaves.
  var value: Double? { pairs > 0 ? Double(sum) / Double(pairs) / Double(diameter) : nil }
}
