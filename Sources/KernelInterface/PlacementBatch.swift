/// Groups of a tree's clusters, as the kernel reads them. Whoever makes it keeps the memory alive.
package struct GroupTable {
  /// For each cluster, its group; −1 where it is not in the tree.
  package let groups: UnsafePointer<Int32>
  /// Where each group's clusters begin in `members`, and where the last one's end.
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

/// A tree, as the kernel reads it. Whoever makes it keeps the memory alive.
///
/// The leaves below any node are neighbours in the order of the tree: a node is a range of places.
package struct NodeTable {
  package let root: Int32
  /// How many leaves the tree has.
  package let leafCount: Int
  /// The clusters in the order of the tree. As many follow as make it a multiple of four; they are
  /// ``paddingCluster(clusters:)``, which no row has.
  package let order: UnsafePointer<Int32>
  /// For each cluster, 1 if it is in the tree, else 0.
  package let isLeaf: UnsafePointer<UInt8>
  /// For each merge, its two nodes, and the place of the first leaf of the second one.
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

  /// The number that stands for no cluster: of the first place after a row's last whole vector.
  @inlinable
  package static func paddingCluster(clusters: Int) -> Int { (clusters &+ 15) / 16 &* 16 }
}

/// What rows are assigned to.
package enum PlacementTarget {
  /// The group of the likeliest cluster.
  case groups(GroupTable)
  /// The deepest node whose probability reaches a threshold above 0.
  case nodes(NodeTable, threshold: Double)
}

/// Rows to assign, and where what they are assigned to goes.
package struct PlacementBatch {
  package let form: RowForm
  package let rows: UnsafeRawPointer
  package let count: Int
  /// Bytes from one row to the next.
  package let rowByteCount: Int
  package let target: PlacementTarget
  package let scratch: UnsafeMutableRawPointer

  /// The group or node of each row; −1 for none.
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
