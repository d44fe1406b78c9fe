/// All targets of several clusters, each before those within it, and clusters in an order in which each target's are together.
package struct TargetWalk {
  package struct Step: BitwiseCopyable, Sendable {
    /// The target's index.
    package let slot: Int32
    /// The position of the first step after it that is not within it.
    package let end: Int32
    /// The positions among ``TargetWalk/cuts`` of where its clusters begin and end.
    package let firstCut: Int32
    package let lastCut: Int32

    package init(slot: Int32, end: Int32, firstCut: Int32, lastCut: Int32) {
      self.slot = slot
      self.end = end
      self.firstCut = firstCut
      self.lastCut = lastCut
    }
  }

  package let steps: UnsafePointer<Step>
  package let count: Int
  /// All clusters.
  package let order: UnsafePointer<UInt32>
  /// Where targets begin and end in ``order``, in ascending order: first 0, last K.
  package let cuts: UnsafePointer<Int32>
  package let cutCount: Int
  /// For each cluster, the step of the innermost target of several clusters that it is in; −1 for none.
  package let innermost: UnsafePointer<Int32>

  package init(
    steps: UnsafePointer<Step>, count: Int, order: UnsafePointer<UInt32>, cuts: UnsafePointer<Int32>, cutCount: Int,
    innermost: UnsafePointer<Int32>
  ) {
    self.steps = steps
    self.count = count
    self.order = order
    self.cuts = cuts
    self.cutCount = cutCount
    self.innermost = innermost
  }
}
