import Hierarchy
import KernelInterface

/// The groups or nodes that rows are placed in, in memory that the kernel reads.
package enum PlacementTables: Sendable {
  case groups(GroupBuffers)
  case nodes(NodeBuffers, threshold: Double)

  /// - Throws: ``CutError`` if the tree can't be cut into so many groups.
  package init(_ hierarchy: ClusterHierarchy, _ rule: PlacementRule) throws(CutError) {
    switch rule {
    case .groups(let count): self = .groups(GroupBuffers(try Cut(hierarchy, into: count)))
    case .confidence(let threshold), .confidenceFromRoot(let threshold):
      self = .nodes(NodeBuffers(hierarchy), threshold: threshold)
    }
  }

  package var target: PlacementTarget {
    switch self {
    case .groups(let buffers): .groups(buffers.table)
    case .nodes(let buffers, let threshold): .nodes(buffers.table, threshold: threshold)
    }
  }

  /// The bytes that they take, at most, for so many clusters.
  static func byteCount(clusters: Int) -> Int { 32 * clusters }
}

/// A cut's groups.
package struct GroupBuffers: Sendable {
  private let groups: FixedBuffer<Int32>
  private let memberStarts: FixedBuffer<Int>
  private let members: FixedBuffer<Int32>
  private let outside: FixedBuffer<Int32>

  init(_ cut: Cut) {
    groups = FixedBuffer(cut.groupOfCluster.map { Int32($0 ?? -1) })
    memberStarts = FixedBuffer(cut.groups.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1.clusters.count) })
    members = FixedBuffer(cut.groups.flatMap(\.clusters).map { Int32($0) })
    outside = FixedBuffer(cut.groupOfCluster.indices.filter { cut.groupOfCluster[$0] == nil }.map { Int32($0) })
  }

  var table: GroupTable {
    GroupTable(
      groups: groups.start, memberStarts: memberStarts.start, members: members.start, outside: outside.start,
      outsideCount: outside.count)
  }
}

/// A tree with its leaves in order.
package struct NodeBuffers: Sendable {
  private let root: Int
  private let leafCount: Int
  private let order: FixedBuffer<Int32>
  private let isLeaf: FixedBuffer<UInt8>
  private let firsts: FixedBuffer<Int32>
  private let seconds: FixedBuffer<Int32>
  private let middles: FixedBuffer<Int32>
  private let outside: FixedBuffer<Int32>

  /// - Complexity: O(K).
  init(_ hierarchy: ClusterHierarchy) {
    let clusters = hierarchy.clusters.count
    var order: [Int32] = []
    var middles = [Int32](repeating: 0, count: hierarchy.merges.count)
    hierarchy.walk(from: hierarchy.root) { visit in
      switch visit {
      case .leaf(let leaf): order.append(Int32(leaf))
      case .between(let node): middles[node - clusters] = Int32(order.count)
      case .enter, .leave, .collapsed: break
      }
    }
    root = hierarchy.root
    leafCount = order.count
    let padding = Int32(NodeTable.paddingCluster(clusters: clusters))
    self.order = FixedBuffer(order + Array(repeating: padding, count: -order.count & 3))
    self.middles = FixedBuffer(middles)
    isLeaf = FixedBuffer(hierarchy.clusters.map { $0.samples > 0 ? 1 : 0 })
    firsts = FixedBuffer(hierarchy.merges.map { Int32(min($0.lowest, $0.partner)) })
    seconds = FixedBuffer(hierarchy.merges.map { Int32(max($0.lowest, $0.partner)) })
    outside = FixedBuffer(hierarchy.emptyClusters.map { Int32($0) })
  }

  var table: NodeTable {
    NodeTable(
      root: Int32(root), leafCount: leafCount, order: order.start, isLeaf: isLeaf.start, firsts: firsts.start,
      seconds: seconds.start, middles: middles.start, outside: outside.start, outsideCount: outside.count)
  }
}
