import KernelInterface
import LogitStream

/// What a worker does with rows. Rows are counted among those of the pass, from 0.
protocol RowWorker: SendableMetatype {
  /// Works on rows one by one.
  ///
  /// - Returns: How many were done: all, or those before the first that is invalid.
  func work(on rows: RowSpan) throws -> Int

  /// Leaves rows out, that were never written or are invalid otherwise.
  func skip(_ rows: Range<Int>, unwritten: Bool)

  /// Takes note that all of these rows were worked on or left out, or are not wanted.
  func finish(_ rows: Range<Int>) throws
}

/// Rows in memory, one after another at equal distances.
struct RowSpan {
  /// Where the first row's logits begin.
  let start: UnsafeRawPointer
  let count: Int
  /// Bytes from one row to the next.
  let rowByteCount: Int
  let form: RowForm
  let kind: LogitKind
  /// Whether no columns were overwritten, as those are that are no classes.
  let hasAllColumns: Bool
  /// The number of the first row.
  let first: Int
  /// The input that they are of.
  let input: LogitInput
}
