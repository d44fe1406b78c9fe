import LogitStream

/// The code for what happens to rows and to sketches, compiled for one kind of processor.
///
/// The same sources are compiled several times, as modules of their own, and one of these is chosen when the program
/// starts. What crosses this interface are plain numbers and addresses, a batch of rows at a time, so that no code is
/// shared between modules that are compiled for different processors.
package protocol KernelImplementation: SendableMetatype {
  /// The bytes of working memory that ``work(on:)`` needs for rows of so many clusters.
  static func scratchByteCount(clusters: Int, sketchWidth: Int) -> Int

  /// Works on rows one by one.
  ///
  /// - Returns: How many were done: all, or those before the first that is invalid.
  static func work(on batch: borrowing RowBatch) -> Int

  /// Adds what sketches tell of a group.
  static func addBounds(of batch: borrowing SketchBatch)

  /// The bytes of working memory that ``assign(_:)`` needs for rows of so many clusters.
  static func placementScratchByteCount(clusters: Int) -> Int

  /// Assigns rows to groups or nodes, one by one.
  ///
  /// - Returns: How many were done: all, or those before the first that is invalid.
  static func assign(_ batch: borrowing PlacementBatch) -> Int
}

/// What rows look like and what their numbers stand for.
package struct RowForm: Sendable {
  package let format: LogitFormat
  package let clusters: Int
  package let isProbability: Bool
  package let temperature: Double

  /// The most a number may be to pass for a probability: room for rounding to 16 bits, none for logits.
  @inlinable package static var largestProbability: Double { 1.001 }

  package init(format: LogitFormat, clusters: Int, isProbability: Bool, temperature: Double) {
    self.format = format
    self.clusters = clusters
    self.isProbability = isProbability
    self.temperature = temperature
  }
}

/// Targets, nested or disjoint, as the kernel reads them. Whoever makes it keeps the memory alive.
package struct TargetTable {
  /// For each cluster, the innermost target it is in; −1 where it is in none.
  package let innermost: UnsafePointer<Int32>
  /// For each target, the next one around it; −1 where there is none.
  package let around: UnsafePointer<Int32>
  /// Clusters, list after list.
  package let lists: UnsafePointer<Int32>
  /// Where each target's members begin in `lists`, and where the last one's end.
  package let memberStarts: UnsafePointer<Int>
  /// Where the clusters begin and end in `lists` that are to be masked, after a target's own, for the one around it: all
  /// that it has more, and perhaps some of those that are masked by then.
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

/// Where a row goes if a target that it counts for is masked, and the masked softmax probability there.
package struct Reassignment: BitwiseCopyable, Sendable {
  /// The index of the target among the pass's.
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

/// Where sketches of rows lie: `width` logits and clusters, and the mass of the rest, row after row.
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

/// Rows to work on, and where what they give goes.
package struct RowBatch {
  package let form: RowForm
  package let rows: UnsafeRawPointer
  package let count: Int
  /// Bytes from one row to the next.
  package let rowByteCount: Int
  package let targets: TargetTable
  /// Where the rows' sketches go, from the first row's place on; every cluster is a target by itself then.
  package let sketches: SketchPointers?
  package let scratch: UnsafeMutableRawPointer

  /// The cluster each row is assigned to.
  package let assignments: UnsafeMutablePointer<Int32>
  /// What each row is missing to certainty, 1 − g, where its cluster is a target by itself; else 0.
  package let doubts: UnsafeMutablePointer<Double>
  /// What rows reassign: room for as many as the longest chain of nested targets has, for each row.
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

/// Sketches of a group's rows, and the sums that what they tell is added to.
package struct SketchBatch {
  /// Says of a row that all logits kept are the group's own.
  package static var unresolved: Int32 { -1 }
  /// Says of a row that nothing lies outside the group.
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

  /// For each row, the cluster it goes to, or one of the following.
  package let reassigned: UnsafeMutablePointer<Int32>
  /// The bounds of q where the row goes to a cluster, in multiples of 2^-40, already a unit wider to both sides.
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
