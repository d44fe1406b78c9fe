import LogitStream

/// The code that works on rows and sketches, compiled for one kind of processor.
///
/// The same sources are compiled several times, as modules of their own. One of these is chosen when the program
/// starts. Only plain numbers and pointers cross this interface, for a batch of rows at a time. So modules that are
/// compiled for different processors share no code.
package protocol KernelImplementation: SendableMetatype {
  /// The bytes of working memory that ``work(on:)`` needs for rows of `clusters` logits.
  static func scratchByteCount(clusters: Int, sketchWidth: Int) -> Int

  /// Works on rows one by one.
  ///
  /// - Returns: The number of rows that were done: all, or those before the first that is invalid.
  static func work(on batch: borrowing RowBatch) -> Int

  /// Finds the bounds that sketches give of a group's reassignments.
  static func addBounds(of batch: borrowing SketchBatch)

  /// The bytes of working memory that ``assign(_:)`` needs for rows of `clusters` logits.
  static func placementScratchByteCount(clusters: Int) -> Int

  /// Places rows in groups or at nodes, one by one.
  ///
  /// - Returns: The number of rows that were done: all, or those before the first that is invalid.
  static func assign(_ batch: borrowing PlacementBatch) -> Int
}

/// The format of rows, and what their numbers stand for.
package struct RowForm: Sendable {
  package let format: LogitFormat
  package let clusters: Int
  package let isProbability: Bool
  package let temperature: Double

  /// The largest number that passes for a probability. It allows for rounding to 16 bits, but not for logits.
  @inlinable package static var largestProbability: Double { 1.001 }

  package init(format: LogitFormat, clusters: Int, isProbability: Bool, temperature: Double) {
    self.format = format
    self.clusters = clusters
    self.isProbability = isProbability
    self.temperature = temperature
  }
}

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

/// The cluster that a row goes to if a target that it counts for is masked, and the masked softmax probability of that.
package struct Reassignment: BitwiseCopyable, Sendable {
  /// The index of the target among those of the pass.
  package let slot: Int
  package let cluster: Int
  package let probability: Double

  @inlinable
  package init(slot: Int, cluster: Int, probability: Double) {
    self.slot = slot
    self.cluster = cluster
    self.probability = probability
  }
}

/// The addresses of rows' sketches. Each row has `width` logits and clusters, and the mass of the rest.
package struct SketchPointers {
  package let width: Int
  package let hasWideIndices: Bool
  package let values: UnsafeMutableRawPointer
  package let indices: UnsafeMutableRawPointer
  package let rests: UnsafeMutablePointer<Float>

  package init(
    width: Int, hasWideIndices: Bool, values: UnsafeMutableRawPointer, indices: UnsafeMutableRawPointer,
    rests: UnsafeMutablePointer<Float>
  ) {
    self.width = width
    self.hasWideIndices = hasWideIndices
    self.values = values
    self.indices = indices
    self.rests = rests
  }
}

/// Rows to work on, and the addresses for the results.
package struct RowBatch {
  package let form: RowForm
  package let rows: UnsafeRawPointer
  package let count: Int
  /// Bytes from one row to the next.
  package let rowByteCount: Int
  package let targets: TargetTable
  /// The addresses for the rows' sketches, beginning with the first row's; nil if none are wanted. With sketches, every
  /// cluster is a target by itself.
  package let sketches: SketchPointers?
  package let scratch: UnsafeMutableRawPointer

  /// The cluster that each row is assigned to.
  package let assignments: UnsafeMutablePointer<Int32>
  /// For each row, 1 − g, where g is the predicted probability, if its cluster is a target by itself; otherwise 0.
  package let doubts: UnsafeMutablePointer<Double>
  /// The rows' reassignments. For each row there is room for as many as the longest chain of nested targets has.
  package let reassigned: UnsafeMutablePointer<Reassignment>
  package let reassignedCount: UnsafeMutablePointer<Int>

  package init(
    form: RowForm, rows: UnsafeRawPointer, count: Int, rowByteCount: Int, targets: TargetTable,
    sketches: SketchPointers?, scratch: UnsafeMutableRawPointer, assignments: UnsafeMutablePointer<Int32>,
    doubts: UnsafeMutablePointer<Double>, reassigned: UnsafeMutablePointer<Reassignment>,
    reassignedCount: UnsafeMutablePointer<Int>
  ) {
    self.form = form
    self.rows = rows
    self.count = count
    self.rowByteCount = rowByteCount
    self.targets = targets
    self.sketches = sketches
    self.scratch = scratch
    self.assignments = assignments
    self.doubts = doubts
    self.reassigned = reassigned
    self.reassignedCount = reassignedCount
  }
}

/// Sketches of a group's rows, and the addresses for the bounds that they give.
package struct SketchBatch {
  /// Marks a row of which all kept logits are of the group itself.
  package static var unresolved: Int32 { -1 }
  /// Marks a row of which nothing is outside the group.
  package static var nothing: Int32 { -2 }

  package let isDouble: Bool
  package let isProbability: Bool
  package let temperature: Double
  package let clusters: Int
  package let sketches: SketchPointers
  package let count: Int
  package let groupSize: Int
  /// For each cluster, 1 if it is in the group, else 0.
  package let isMember: UnsafePointer<UInt8>

  /// For each row, the cluster that it goes to, or one of the two marks above.
  package let reassigned: UnsafeMutablePointer<Int32>
  /// The bounds of q for rows that go to a cluster, in multiples of 2^-40. They are already one unit wider to both
  /// sides.
  package let lower: UnsafeMutablePointer<UInt64>
  package let upper: UnsafeMutablePointer<UInt64>

  package init(
    isDouble: Bool, isProbability: Bool, temperature: Double, clusters: Int, sketches: SketchPointers, count: Int,
    groupSize: Int, isMember: UnsafePointer<UInt8>, reassigned: UnsafeMutablePointer<Int32>,
    lower: UnsafeMutablePointer<UInt64>, upper: UnsafeMutablePointer<UInt64>
  ) {
    self.isDouble = isDouble
    self.isProbability = isProbability
    self.temperature = temperature
    self.clusters = clusters
    self.sketches = sketches
    self.count = count
    self.groupSize = groupSize
    self.isMember = isMember
    self.reassigned = reassigned
    self.lower = lower
    self.upper = upper
  }
}
