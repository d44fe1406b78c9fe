/// Targets, nested or disjoint, as the kernel reads them. The caller keeps the memory alive.
package struct TargetTable {
  /// For each cluster, the innermost target that it is in; −1 for none.
  package let innermost: UnsafePointer<Int32>
  /// For each target, the next target around it; −1 for none.
  package let around: UnsafePointer<Int32>
  /// Lists of clusters, one after another.
  package let lists: UnsafePointer<Int32>
  /// The positions in `lists` where each target's members begin, and where the last target's members end.
  package let memberStarts: UnsafePointer<Int>
  /// The range in `lists`, for each target, of the clusters to mask when moving outwards to the target around it. It
  /// has all clusters that the outer target adds, and may have some that are masked already.
  package let ringStarts: UnsafePointer<Int>
  package let ringEnds: UnsafePointer<Int>

  package init(
    innermost: UnsafePointer<Int32>, around: UnsafePointer<Int32>, lists: UnsafePointer<Int32>,
    memberStarts: UnsafePointer<Int>, ringStarts: UnsafePointer<Int>, ringEnds: UnsafePointer<Int>
  ) {
    self.innermost = innermost
    self.around = around
    self.lists = lists
    self.memberStarts = memberStarts
    self.ringStarts = ringStarts
    self.ringEnds = ringEnds
  }
}
