import KernelInterface

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
  /// The most targets that one row can count for.
  let longestChain: Int
  private let buffers: Buffers

  /// All that, as the kernel reads it.
  private struct Buffers: Sendable {
    let innermost: FixedBuffer<Int32>
    let around: FixedBuffer<Int32>
    let memberStarts: FixedBuffer<Int>
    let members: FixedBuffer<Int32>
    let ringStarts: FixedBuffer<Int>
    let rings: FixedBuffer<Int32>
  }

  /// The targets for the kernel, valid as long as this is.
  var table: TargetTable {
    TargetTable(
      innermost: buffers.innermost.start, around: buffers.around.start, memberStarts: buffers.memberStarts.start,
      members: buffers.members.start, ringStarts: buffers.ringStarts.start, rings: buffers.rings.start)
  }

  init(_ groups: [Group], clusters: Int) {
    self.groups = groups
    var innermost = [Int32](repeating: -1, count: clusters)
    var outermost = innermost
    var around = [Int32](repeating: -1, count: groups.count)
    var rings = [[Int]](repeating: [], count: groups.count)
    let bySize = groups.indices.sorted { groups[$0].clusters.count < groups[$1].clusters.count }
    for slot in bySize {
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
    // From the outside in: a target's chain is longer by one than that of the target around it.
    var chains = [Int](repeating: 1, count: groups.count)
    for slot in bySize.reversed() where around[slot] >= 0 { chains[slot] = chains[Int(around[slot])] + 1 }
    longestChain = chains.max() ?? 0
    let members = groups.map(\.clusters)
    buffers = Buffers(
      innermost: FixedBuffer(innermost), around: FixedBuffer(around), memberStarts: FixedBuffer(Self.starts(members)),
      members: FixedBuffer(members.joined().map { Int32($0) }), ringStarts: FixedBuffer(Self.starts(rings)),
      rings: FixedBuffer(rings.joined().map { Int32($0) }))
  }

  /// Where each list begins when they lie one after another, and where the last one ends.
  private static func starts(_ lists: [[Int]]) -> [Int] {
    lists.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1.count) }
  }

  /// Each cluster by itself, and groups of several, nested or disjoint.
  static func singletons(clusters: Int, and groups: [Group] = []) -> PassTargets {
    PassTargets((0..<clusters).map { Group([$0]) } + groups, clusters: clusters)
  }
}
