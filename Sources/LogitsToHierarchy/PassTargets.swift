/// The groups that a pass computes reassigned probabilities for: any two are disjoint, or one holds the other.
///
/// A row counts for every target that its own cluster is in. These are nested, so the row goes from the innermost
/// outwards and masks, at each, only what that one has more: its ring.
struct PassTargets: Sendable {
  let groups: [Group]
  /// The index among `groups` of the smallest one each cluster is in; −1 where it is in none.
  let innermost: [Int32]
  /// For each group, the index of the smallest one around it; −1 where there is none.
  let around: [Int32]
  /// For each group, the clusters that the one around it has and it has not.
  let rings: [[Int]]

  init(_ groups: [Group], clusters: Int) {
    self.groups = groups
    var innermost = [Int32](repeating: -1, count: clusters)
    var outermost = innermost
    var around = [Int32](repeating: -1, count: groups.count)
    var rings = [[Int]](repeating: [], count: groups.count)
    for slot in groups.indices.sorted(by: { groups[$0].clusters.count < groups[$1].clusters.count }) {
      let members = groups[slot].clusters
      for inner in Set(members.map { outermost[$0] }) where inner >= 0 {
        around[Int(inner)] = Int32(slot)
        rings[Int(inner)] = members.filter { outermost[$0] != inner }
        precondition(
          rings[Int(inner)].count + groups[Int(inner)].clusters.count == members.count, "targets are nested or disjoint"
        )
      }
      for cluster in members {
        if innermost[cluster] < 0 { innermost[cluster] = Int32(slot) }
        outermost[cluster] = Int32(slot)
      }
    }
    self.innermost = innermost
    self.around = around
    self.rings = rings
  }

  /// Each cluster by itself.
  static func singletons(clusters: Int) -> PassTargets {
    PassTargets((0..<clusters).map { Group([$0]) }, clusters: clusters)
  }
}
