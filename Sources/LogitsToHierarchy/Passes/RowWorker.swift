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

  /// What is wrong with the row that stopped the last work, for a message.
  func error(ofRow row: Int, at pointer: UnsafeRawPointer, _ form: RowForm, _ kind: LogitKind, _ input: LogitInput)
    -> BuildError

  /// Whether rows may be those of a top-k dump. Others have all logits.
  static var takesParts: Bool { get }
}

extension RowWorker {
  func error(ofRow row: Int, at pointer: UnsafeRawPointer, _ form: RowForm, _ kind: LogitKind, _ input: LogitInput)
    -> BuildError
  { BuildError(pointer, form, kind: kind, input, row: row) }

  static var takesParts: Bool { false }
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
