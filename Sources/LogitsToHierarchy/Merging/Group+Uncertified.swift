import Hierarchy

extension Group {
  /// The groups of several clusters that merges were not certain of by sketches alone: nested or disjoint, since they are
  /// nodes of one tree. The first of them, if they are more than there is room for in so many bytes.
  package static func uncertified(in merges: [Merge], room: Int) -> [Group] {
    var members: [Int: [Int]] = [:]
    var found: [Group] = []
    var room = room
    for merge in merges {
      let lowest = members.removeValue(forKey: merge.lowest) ?? [merge.lowest]
      let partner = members.removeValue(forKey: merge.partner) ?? [merge.partner]
      if merge.evidence != .sketch, lowest.count > 1 {
        let group = Group(lowest)
        room -= group.byteCount
        guard room >= 0 else { break }
        found.append(group)
      }
      members[merge.node] = lowest + partner
    }
    return found
  }
}
