/// Groups of a tree's clusters, as the kernel reads them. The caller keeps the memory alive.
package struct GroupTable {
  /// For each cluster, its group; −1 if it is not in the tree.
  package let groups: UnsafePointer<Int32>
  /// The positions in `members` where each group's clusters begin, and where the last group's clusters end.
  package let memberStarts: UnsafePointer<Int>
  package let members: UnsafePointer<Int32>
  /// The clusters that are not in the tree.
  package let outside: UnsafePointer<Int32>
  package let outsideCount: Int

  package init(
    groups: UnsafePointer<Int32>, memberStarts: UnsafePointer<Int>, members: UnsafePointer<Int32>,
    outside: UnsafePointer<Int32>, outsideCount: Int
  ) {
    self.groups = groups
    self.memberStarts = memberStarts
    self.members = members
    self.outside = outside
    self.outsideCount = outsideCount
  }
}

/// A tree, as the kernel reads it. The caller keeps the memory alive.
///
/// The leaves below any node are neighbours in the order of the tree. So a node is a range of positions.
package struct NodeTable {
  package let root: Int32
  /// The number of leaves.
  package let leafCount: Int
  /// The clusters in the order of the tree. ``paddingCluster(clusters:)`` follows as often as makes the count a
  /// multiple of four.
  package let order: UnsafePointer<Int32>
  /// For each cluster, 1 if it is in the tree, else 0.
  package let isLeaf: UnsafePointer<UInt8>
  /// For each merge, its two nodes, and the position of the first leaf below the second one.
  package let firsts: UnsafePointer<Int32>
  package let seconds: UnsafePointer<Int32>
  package let middles: UnsafePointer<Int32>
  /// The clusters that are not in the tree.
  package let outside: UnsafePointer<Int32>
  package let outsideCount: Int

  package init(
    root: Int32, leafCount: Int, order: UnsafePointer<Int32>, isLeaf: UnsafePointer<UInt8>,
    firsts: UnsafePointer<Int32>, seconds: UnsafePointer<Int32>, middles: UnsafePointer<Int32>,
    outside: UnsafePointer<Int32>, outsideCount: Int
  ) {
    self.root = root
    self.leafCount = leafCount
    self.order = order
    self.isLeaf = isLeaf
    self.firsts = firsts
    self.seconds = seconds
    self.middles = middles
    self.outside = outside
    self.outsideCount = outsideCount
  }

  /// A number that is no cluster's: the first index after a row's last vector.
  @inlinable
  package static func paddingCluster(clusters: Int) -> Int { (clusters &+ 15) / 16 &* 16 }
}

/// What rows are placed in: groups, or nodes.
package enum PlacementTarget {
  /// The group of the likeliest cluster.
  case groups(GroupTable)
  /// The deepest node whose probability reaches a threshold above 0.
  case nodes(NodeTable, threshold: Double)
}

/// Rows to place, and the addresses for their placements.
package struct PlacementBatch {
  package let form: RowForm
  package let rows: UnsafeRawPointer
  package let count: Int
  /// Bytes from one row to the next.
  package let rowByteCount: Int
  package let target: PlacementTarget
  package let scratch: UnsafeMutableRawPointer

  /// The placement of each row, a group or a node; −1 for none.
  package let placements: UnsafeMutablePointer<Int32>
  /// The probability of each row's group or node.
  package let probabilities: UnsafeMutablePointer<Float>

  package init(
    form: RowForm, rows: UnsafeRawPointer, count: Int, rowByteCount: Int, target: PlacementTarget,
    scratch: UnsafeMutableRawPointer, placements: UnsafeMutablePointer<Int32>,
    probabilities: UnsafeMutablePointer<Float>
  ) {
    self.form = form
    self.rows = rows
    self.count = count
    self.rowByteCount = rowByteCount
    self.target = target
    self.scratch = scratch
    self.placements = placements
    self.probabilities = probabilities
  }
}
