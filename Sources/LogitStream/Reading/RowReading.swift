/// Rows in memory, as they are stored: one way of reading an array's rows for each way they lie.
protocol RowReading: Sendable {
  /// Reads rows, counted in the array, into the buffers of a worker.
  ///
  /// - Parameter wanted: Parts of `rows`, in order. What lies in the place of other rows means nothing then, unless it
  ///   was as easy to read them.
  /// - Throws: ``LogitStreamError`` if they can't be read.
  func read(
    _ rows: Range<Int>, wanted: [Range<Int>], into workspace: inout Workspace
  ) throws(LogitStreamError) -> RowBlock

  /// Says that rows will be wanted soon.
  func willNeed(_ rows: Range<Int>)

  /// Those of some rows that were never written, in order and disjoint.
  func unwritten(_ rows: Range<Int>) throws(LogitStreamError) -> [Range<Int>]
}

extension RowReading {
  func willNeed(_ rows: Range<Int>) {}
  func unwritten(_ rows: Range<Int>) throws(LogitStreamError) -> [Range<Int>] { [] }
}

/// Rows in a worker's buffers, valid until it reads others.
package struct RowBlock {
  /// The logits of the first row, in the input's format, one after another.
  package let start: UnsafeRawPointer
  /// The bytes from one row to the next.
  package let rowStride: Int
  /// The rows, counted in the array.
  package let rows: Range<Int>
  /// Those that were never written, in order; what lies in their place means nothing.
  package let unwritten: [Range<Int>]

  init(start: UnsafeRawPointer, rowStride: Int, rows: Range<Int>, unwritten: [Range<Int>] = []) {
    self.start = start
    self.rowStride = rowStride
    self.rows = rows
    self.unwritten = unwritten
  }

  /// Where a row's logits begin.
  @inline(__always)
  package func row(_ row: Int) -> UnsafeRawPointer { start + (row - rows.lowerBound) * rowStride }
}

/// The buffers of one worker.
struct Workspace: ~Copyable {
  /// Rows, put together.
  var rows = GrowingBuffer()
  /// Parts of an array on the way there.
  var parts = GrowingBuffer()
  var decoder = ChunkDecoder()
}

extension [Range<Int>] {
  /// The parts of these ranges, which are in order, that lie in `range`.
  package func clamped(to range: Range<Int>) -> [Range<Int>] {
    compactMap { part in
      let common = part.clamped(to: range)
      return common.isEmpty ? nil : common
    }
  }

  /// These ranges, which are in order, with gaps up to `most` filled in.
  func bridged(upTo most: Int) -> [Range<Int>] {
    reduce(into: []) { result, range in
      if let last = result.last, range.lowerBound - last.upperBound <= most {
        result[result.count - 1] = last.lowerBound..<range.upperBound
      } else {
        result.append(range)
      }
    }
  }
}

extension Range<Int> {
  /// The same numbers in as few ranges as can be, in order.
  static func joined(_ ranges: [Range<Int>]) -> [Range<Int>] {
    var result: [Range<Int>] = []
    for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
      if let last = result.last, last.upperBound >= range.lowerBound {
        result[result.count - 1] = last.lowerBound..<Swift.max(last.upperBound, range.upperBound)
      } else {
        result.append(range)
      }
    }
    return result
  }
}
