/// Targets, nested or disjoint, as the kernel reads them. The caller keeps the memory alive.
package struct TargetTable {
  /// For each cluster, the innermost target that it is in; −1 for none.
  package let innermost: UnsafePointer<Int32>
  /// For each target, the next target around it; −1 for none.
  package let around: UnsafePointer<Int32>
  /// Sets of clusters, one after another, each as parts in ascending order.
  package let parts: UnsafePointer<VectorPart>
  /// The positions in `parts` where each target's members begin, and where the last target's members end.
  package let memberStarts: UnsafePointer<Int>
  /// The range in `parts`, for each target, of the clusters to mask when moving outwards to the target around it. It
  /// has all clusters that the outer target adds, and may have some that are masked already.
  package let ringStarts: UnsafePointer<Int>
  package let ringEnds: UnsafePointer<Int>
  /// The way through all targets from the outside in, for rows of few logits; nil for others.
  package let walk: TargetWalk?

  package init(
    innermost: UnsafePointer<Int32>, around: UnsafePointer<Int32>, parts: UnsafePointer<VectorPart>,
    memberStarts: UnsafePointer<Int>, ringStarts: UnsafePointer<Int>, ringEnds: UnsafePointer<Int>, walk: TargetWalk?
  ) {
    self.innermost = innermost
    self.around = around
    self.parts = parts
    self.memberStarts = memberStarts
    self.ringStarts = ringStarts
    self.ringEnds = ringEnds
    self.walk = walk
  }

  /// The most clusters of which rows are worked on sixteen at a time, one a lane.
  ///
  /// What is longer has whole vectors to itself. The columns of sixteen such rows, with their terms, still stay in L1.
  package static let mostClustersInLanes = 128
}

/// Some of the sixteen clusters of a vector.
package struct VectorPart: BitwiseCopyable, Sendable {
  /// The vector's number: its first cluster, by sixteen.
  package let vector: UInt32
  /// Bit i stands for the vector's cluster i.
  package let lanes: UInt16

  @inlinable
  package init(vector: UInt32, lanes: UInt16) {
    self.vector = vector
    self.lanes = lanes
  }
}
