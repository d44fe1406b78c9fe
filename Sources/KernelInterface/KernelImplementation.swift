/// The code that works on rows and sketches, compiled for one kind of processor.
///
/// The same sources are compiled several times, as modules of their own. One of these is chosen when the program
/// starts. Only plain numbers and pointers cross this interface, for a batch of rows at a time. So modules that are
/// compiled for different processors share no code.
package protocol KernelImplementation: SendableMetatype {
  /// The bytes of working memory that ``work(on:)`` needs for rows of `clusters` logits.
  static func scratchByteCount(clusters: Int, sketchWidth: Int) -> Int

  /// Whether ``work(on:)`` takes sixteen rows in one, if there is a ``TargetTable/walk`` and no sketches are wanted.
  static var takesRowsInLanes: Bool { get }

  /// Works on rows one by one, or what gives the same.
  ///
  /// - Returns: The number of rows that were done: all, or those before the first that is invalid.
  static func work(on batch: borrowing RowBatch) -> Int

  /// Finds, from sketches of a group's rows, the cluster that each goes to when the group is masked, and bounds of its
  /// masked probability q.
  static func bound(_ batch: borrowing SketchBatch)

  /// Finds, from rows' sketches, what is missing of each row's predicted probability to certainty, or which clusters that falls
  /// to.
  static func doubt(_ batch: borrowing DoubtBatch)

  /// Finds what rows tell of which the largest logits alone are known, one by one.
  ///
  /// - Returns: The number of rows that were done: all, or those before the first that can't be what it is said to be.
  static func bringTogether(_ batch: borrowing TopKBatch) -> Int

  /// The bytes of working memory that ``place(_:)`` needs for rows of `clusters` logits.
  static func placementScratchByteCount(clusters: Int) -> Int

  /// Places rows in groups or at nodes, one by one.
  ///
  /// - Returns: The number of rows that were done: all, or those before the first that is invalid.
  static func place(_ batch: borrowing PlacementBatch) -> Int

  /// Finds at which thresholds rows are placed at nodes that their labels are not below, one by one, in as much working memory
  /// as ``place(_:)``.
  ///
  /// - Returns: The number of rows that were done: all, or those before the first that is invalid.
  static func calibrate(_ batch: borrowing CalibrationBatch) -> Int

  /// Finds how likely rows hold their labels, one by one, in as much working memory as ``work(on:)`` without sketches.
  ///
  /// - Returns: The number of rows that were done: all, or those before the first that is invalid.
  static func weigh(_ batch: borrowing LikelihoodBatch) -> Int

  /// The bytes of working memory that ``subtract(_:)`` needs for rows of `clusters` logits.
  static func differenceScratchByteCount(clusters: Int) -> Int

  /// Takes rows as differences from their largest logits, one by one.
  ///
  /// - Returns: The number of rows that were done: all, or those before the first that is invalid.
  static func subtract(_ batch: borrowing DifferenceBatch) -> Int
}
