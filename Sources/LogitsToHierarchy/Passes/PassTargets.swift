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
  /// How many rows the kernel takes in one, without sketches.
  var rowsAtATime: Int { walk != nil && ProcessorKernel.best.takesRowsInLanes ? 16 : 1 }
  private let buffers: Buffers
  private let walk: Walk?

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
      memberStarts: buffers.memberStarts.start, ringStarts: buffers.ringStarts.start, ringEnds: buffers.ringEnds.start,
      walk: walk?.table)
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
    walk =
      clusters <= TargetTable.mostClustersInLanes
      ? Walk(groups, around: around, bySize: bySize, clusters: clusters) : nil
  }

  /// Each cluster by itself, and groups of several, nested or disjoint.
  package static func singletons(clusters: Int, and groups: [Group] = []) -> PassTargets {
    PassTargets((0..<clusters).map { Group([$0]) } + groups, clusters: clusters)
  }
}

extension PassTargets {
  /// A ``TargetWalk``, and its memory.
  private struct Walk: Sendable {
    private let steps: FixedBuffer<TargetWalk.Step>
    private let order: FixedBuffer<UInt32>
    private let cuts: FixedBuffer<Int32>
    private let innermost: FixedBuffer<Int32>

    var table: TargetWalk {
      TargetWalk(
        steps: steps.start, count: steps.count, order: order.start, cuts: cuts.start, cutCount: cuts.count,
        innermost: innermost.start)
    }

    /// - Parameter bySize: The targets, in ascending order of their sizes.
    init(_ groups: [Group], around: [Int32], bySize: [Int], clusters: Int) {
      let several = bySize.reversed().filter { groups[$0].clusters.count > 1 }
      let inside = Dictionary(grouping: several) { around[$0] }
      var steps: [(slot: Int, end: Int, clusters: Range<Int>)] = []
      var order: [UInt32] = []
      var innermost = [Int32](repeating: -1, count: clusters)
      var isListed = [Bool](repeating: false, count: clusters)
      func list(_ members: some Sequence<Int>) {
        for cluster in members where !isListed[cluster] {
          isListed[cluster] = true
          order.append(UInt32(cluster))
        }
      }
      func walk(_ slot: Int) {
        let (position, first) = (steps.count, order.count)
        let members = groups[slot].clusters
        steps.append((slot, position, first..<first + members.count))
        for cluster in members { innermost[cluster] = Int32(position) }
        for inner in inside[Int32(slot), default: []] { walk(inner) }
        list(members)
        steps[position].end = steps.count
      }
      for slot in inside[-1, default: []] { walk(slot) }
      list(0..<clusters)
      let cuts = Set(steps.flatMap { [$0.clusters.lowerBound, $0.clusters.upperBound] } + [0, clusters]).sorted()
      let numbers = Dictionary(uniqueKeysWithValues: zip(cuts, Int32(0)...))
      self.steps = FixedBuffer(
        steps.map { step in
          TargetWalk.Step(
            slot: Int32(step.slot), end: Int32(step.end), firstCut: numbers[step.clusters.lowerBound, default: 0],
            lastCut: numbers[step.clusters.upperBound, default: 0])
        })
      self.cuts = FixedBuffer(cuts.map { Int32($0) })
      self.order = FixedBuffer(order)
      self.innermost = FixedBuffer(innermost)
    }
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
