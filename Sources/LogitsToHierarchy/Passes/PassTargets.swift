import KernelInterface

/// The groups that a pass computes reassigned probabilities for: any two are disjoint, or one holds the other.
///
/// A row counts for each target that its cluster is in. These targets are nested. The row starts at the innermost and
/// goes outwards. At each step it masks the clusters that the next target adds: the ring.
///
/// A ring is kept only if it is at most half of the outer target. Else the row masks all of the outer target, which is no
/// more than twice the work. A group that holds thousands of targets has as many rings, each almost as large as the group.
///
/// - Complexity: O(K + members of all groups) in time and memory, apart from sorting.
package struct PassTargets: Sendable {
  let groups: [Group]
  /// The index among `groups` of the smallest one each cluster is in; −1 where it is in none.
  let innermost: [Int32]
  /// For each group, the index of the smallest one around it; −1 where there is none.
  let around: [Int32]
  /// The most targets that one row can count for.
  package let longestChain: Int
  private let buffers: Buffers

  /// The same in memory that the kernel reads.
  private struct Buffers: Sendable {
    let innermost: FixedBuffer<Int32>
    let around: FixedBuffer<Int32>
    /// The groups' members, one group after another, and then the rings that are kept.
    let parts: FixedBuffer<VectorPart>
    let memberStarts: FixedBuffer<Int>
    let ringStarts: FixedBuffer<Int>
    let ringEnds: FixedBuffer<Int>
  }

  /// The targets for the kernel, valid as long as this is.
  package var table: TargetTable {
    TargetTable(
      innermost: buffers.innermost.start, around: buffers.around.start, parts: buffers.parts.start,
      memberStarts: buffers.memberStarts.start, ringStarts: buffers.ringStarts.start, ringEnds: buffers.ringEnds.start)
  }

  package init(_ groups: [Group], clusters: Int) {
    self.groups = groups
    var innermost = [Int32](repeating: -1, count: clusters)
    var outermost = innermost
    var around = [Int32](repeating: -1, count: groups.count)
    var parts: [VectorPart] = []
    var starts = [0]
    for group in groups {
      parts.append(clusters: group.clusters)
      starts.append(parts.count)
    }
    var rings = [Range<Int>](repeating: 0..<0, count: groups.count)
    let bySize = groups.indices.sorted { groups[$0].clusters.count < groups[$1].clusters.count }
    for slot in bySize {
      let members = groups[slot].clusters
      var shared: [Int32: Int] = [:]
      for cluster in members where outermost[cluster] >= 0 { shared[outermost[cluster], default: 0] += 1 }
      for (inner, count) in shared {
        precondition(count == groups[Int(inner)].clusters.count, "targets are nested or disjoint")
        around[Int(inner)] = Int32(slot)
        rings[Int(inner)] = starts[slot]..<starts[slot + 1]
        guard 2 * count > members.count else { continue }
        let start = parts.count
        parts.append(clusters: members.filter { outermost[$0] != inner })
        rings[Int(inner)] = start..<parts.count
      }
      for cluster in members {
        if innermost[cluster] < 0 { innermost[cluster] = Int32(slot) }
        outermost[cluster] = Int32(slot)
      }
    }
    self.innermost = innermost
    self.around = around
    // From the outside in: a target's chain is longer by one than that of the target around it.
    var chains = [Int](repeating: 1, count: groups.count)
    for slot in bySize.reversed() where around[slot] >= 0 { chains[slot] = chains[Int(around[slot])] + 1 }
    longestChain = chains.max() ?? 0
    buffers = Buffers(
      innermost: FixedBuffer(innermost), around: FixedBuffer(around), parts: FixedBuffer(parts),
      memberStarts: FixedBuffer(starts), ringStarts: FixedBuffer(rings.map(\.lowerBound)),
      ringEnds: FixedBuffer(rings.map(\.upperBound)))
  }

  /// Each cluster by itself, and groups of several, nested or disjoint.
  package static func singletons(clusters: Int, and groups: [Group] = []) -> PassTargets {
    PassTargets((0..<clusters).map { Group([$0]) } + groups, clusters: clusters)
  }
}

extension [VectorPart] {
  /// Adds the parts that clusters in ascending order consist of.
  fileprivate mutating func append(clusters: [Int]) {
    var last = -1
    for cluster in clusters {
      let (vector, lane) = (cluster / 16, UInt16(1) << (cluster % 16))
      if vector == last {
        let index = count - 1
        self[index] = VectorPart(vector: UInt32(vector), lanes: self[index].lanes | lane)
      } else {
        append(VectorPart(vector: UInt32(vector), lanes: lane))
        last = vector
      }
    }
  }
}
