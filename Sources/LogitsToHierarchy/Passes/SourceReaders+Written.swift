import LogitStream
import Threads

/// Rows that were never written, found before a pass begins, or named when it ends with them.
extension SourceReaders {
  /// More rows than this that have no place in their file are no data set: a few bytes can claim any number.
  private static let mostUnwritten = 1 << 30
  /// The rows whose places are looked for before it is seen whether the run is to stop.
  private static let searchRows = 1 << 22
  /// The bytes of rows that are looked at to name those that were never written.
  private static let surveyByteCount = 256 << 20
  /// The bytes of rows that are read at once for that.
  private static let stepByteCount = 1 << 20

  /// Looks, before any row is read, whether rows were never written that may not be left out: those that have no place in
  /// the file, and the last ones, since a job that ends early leaves them.
  ///
  /// - Throws: ``BuildError/neverWritten(location:rows:)`` for the first input with such rows,
  ///   ``BuildError/tooManyUnwritten(location:rows:)``; ``LogitStreamError``; `Interrupted`
  func checkWritten(_ slices: [RowSlice], _ meaning: RowMeaning, _ observer: any BuildObserver) throws {
    var reader = BlockReader(self)
    for slice in slices where !slice.rows.isEmpty {
      let unwritten = try unwritten(slice, observer)
      guard meaning.invalidRows == .fail, meaning.fillRows != .logits else { continue }
      if !unwritten.isEmpty { throw try neverWritten(unwritten, in: slice, meaning) }
      let last = slice.rows.upperBound - 1..<slice.rows.upperBound
      if meaning.fillRows == .unwritten, try !neverWritten(last, of: slice.input, &reader).isEmpty {
        throw try neverWritten([last], in: slice, meaning)
      }
    }
  }

  /// The rows of a slice that have no place in the file.
  private func unwritten(_ slice: RowSlice, _ observer: any BuildObserver) throws -> [Range<Int>] {
    var unwritten: [Range<Int>] = []
    var count = 0
    var next = slice.rows.lowerBound
    while next < slice.rows.upperBound {
      guard !observer.shouldStop else { throw Interrupted() }
      let step = next..<min(slice.rows.upperBound, next + Self.searchRows)
      let found = try self.unwritten(RowSlice(input: slice.input, rows: step))
      count += found.reduce(0) { $0 + $1.count }
      unwritten = Range<Int>.joined(unwritten + found)
      guard count <= Self.mostUnwritten else {
        throw BuildError.tooManyUnwritten(location: source.inputs[slice.input].location, rows: unwritten)
      }
      next = step.upperBound
    }
    return unwritten
  }

  /// The error for the rows of a slice from `row` on, which is one that was never written.
  func neverWritten(from row: Int, in slice: RowSlice) throws -> BuildError {
    let input = source.inputs[slice.input]
    // Those that come after it are not read for the sake of a message.
    if input.isStream { return .neverWritten(location: input.location, rows: [row..<row + 1]) }
    let rest = row..<max(row + 1, input.rowRange.upperBound)
    var reader = BlockReader(self)
    var found: [Range<Int>] = []
    var next = row
    while next < rest.upperBound, (next - row) * input.rowByteCount < Self.surveyByteCount {
      let step = next..<min(rest.upperBound, next + stepRows(input))
      found += try neverWritten(step, of: slice.input, &reader)
      next = step.upperBound
    }
    return .neverWritten(location: input.location, rows: Range<Int>.joined(found))
  }

  /// The error for rows that have no place in the file. With them are named those before them that are fill value.
  private func neverWritten(_ rows: [Range<Int>], in slice: RowSlice, _ meaning: RowMeaning) throws -> BuildError {
    let input = source.inputs[slice.input]
    var found = rows
    var reader = BlockReader(self)
    if meaning.fillRows == .unwritten, let first = rows.first {
      var start = first.lowerBound
      while start > slice.rows.lowerBound, (first.lowerBound - start) * input.rowByteCount < Self.surveyByteCount {
        let step = max(slice.rows.lowerBound, start - stepRows(input))..<start
        let fills = try neverWritten(step, of: slice.input, &reader)
        guard let last = fills.last, last.upperBound == start else { break }
        start = last.lowerBound
        if last.lowerBound > step.lowerBound { break }
      }
      found[0] = start..<first.upperBound
    }
    return .neverWritten(location: input.location, rows: found)
  }

  private func stepRows(_ input: LogitInput) -> Int { max(1, Self.stepByteCount / input.rowByteCount) }

  private func neverWritten(
    _ rows: Range<Int>, of input: Int, _ reader: inout BlockReader
  ) throws -> [Range<Int>] {
    try reader.read(RowSlice(input: input, rows: rows)) { block, _ in block.neverWritten(rows) }
  }
}
