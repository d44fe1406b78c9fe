/// Reads an array's rows into memory, in the format they are stored in. Each layout of rows has its own reader.
protocol RowReading: Sendable {
  /// Reads rows, counted in the array, into the buffers of a worker.
  ///
  /// - Parameter wanted: The parts of `rows` that are wanted, in order. The others need not be read, and may have no
  ///   meaningful content.
  /// - Throws: ``LogitStreamError`` if they can't be read.
  func read(
    _ rows: Range<Int>, wanted: [Range<Int>], into workspace: inout Workspace
  ) throws(LogitStreamError) -> RowBlock

  /// Says that rows will be read soon.
  func willNeed(_ rows: Range<Int>)

  /// The rows among `rows` that were never written, in order and disjoint.
  func unwritten(_ rows: Range<Int>) throws(LogitStreamError) -> [Range<Int>]
}

extension RowReading {
  func willNeed(_ rows: Range<Int>) {}
  func unwritten(_ rows: Range<Int>) throws(LogitStreamError) -> [Range<Int>] { [] }
}

/// Rows in a worker's buffers, valid until it reads others.
package struct RowBlock {
  /// The first row: its logits in the input's format, one after another.
  package let start: UnsafeRawPointer
  /// The number of bytes from one row to the next.
  package let rowStride: Int
  /// The rows, counted in the array.
  package let rows: Range<Int>
  /// The rows that have no place in the file, or not all of them, in order. What is missing is the fill value here.
  package let unwritten: [Range<Int>]
  /// Tells of the others whether they were written.
  var fill: FillTest?

  init(start: UnsafeRawPointer, rowStride: Int, rows: Range<Int>, unwritten: [Range<Int>] = []) {
    self.start = start
    self.rowStride = rowStride
    self.rows = rows
    self.unwritten = unwritten
    fill = nil
  }

  /// The rows among `rows`, which are in the block, that were never written: they have no place in the file, or they are
  /// fill value there. In order.
  package func neverWritten(_ rows: Range<Int>) -> [Range<Int>] {
    let missing = unwritten.clamped(to: rows)
    guard let fill else { return missing }
    var fills: [Range<Int>] = []
    for part in missing.gaps(in: rows) { fills += fill.runs(part, in: self) }
    return fills.isEmpty ? missing : Range<Int>.joined(missing + fills)
  }

  /// Overwrites columns of some rows with a number. The rows are in a worker's own buffers, until it reads others.
  package func overwrite(_ columns: [Int], of rows: Range<Int>, with number: Double, as format: LogitFormat) {
    switch format.byteCount {
    case 2: overwrite(columns, of: rows, with: format.bits(of: number) as UInt16)
    case 4: overwrite(columns, of: rows, with: format.bits(of: number) as UInt32)
    default: overwrite(columns, of: rows, with: format.bits(of: number) as UInt64)
    }
  }

  private func overwrite<Bits: FixedWidthInteger & BitwiseCopyable>(
    _ columns: [Int], of rows: Range<Int>, with bits: Bits
  ) {
    for row in rows {
      let start = UnsafeMutableRawPointer(mutating: self.row(row))
      for column in columns {
        withUnsafeBytes(of: bits) {
          UnsafeMutableRawBufferPointer(start: start + column * $0.count, count: $0.count).copyMemory(from: $0)
        }
      }
    }
  }

  /// The address of a row's first logit.
  @inline(__always)
  package func row(_ row: Int) -> UnsafeRawPointer { start + (row - rows.lowerBound) * rowStride }
}

/// The buffers of one worker.
struct Workspace: ~Copyable {
  /// Rows, put together.
  var rows = GrowingBuffer()
  /// Parts of an array that are to be put together to rows.
  var parts = GrowingBuffer()
  var decoder = ChunkDecoder()
  /// The buffers for the sources of a virtual array, if there is one.
  var inner: InnerWorkspace?
  /// Those for each of the arrays that rows are put together from, if there are several.
  var joined: [InnerWorkspace] = []
}

final class InnerWorkspace { var workspace = Workspace() }

extension [Range<Int>] {
  /// The parts of these ranges that lie in `range`. The ranges must be in order.
  package func clamped(to range: Range<Int>) -> [Range<Int>] {
    compactMap { part in
      let common = part.clamped(to: range)
      return common.isEmpty ? nil : common
    }
  }

  /// What lies in `range` between these ranges, which must be in it, in order and disjoint.
  func gaps(in range: Range<Int>) -> [Range<Int>] {
    var gaps: [Range<Int>] = []
    var next = range.lowerBound
    for part in self {
      if next < part.lowerBound { gaps.append(next..<part.lowerBound) }
      next = part.upperBound
    }
    if next < range.upperBound { gaps.append(next..<range.upperBound) }
    return gaps
  }

  /// These ranges with gaps of up to `most` filled in. The ranges must be in order.
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
  package static func joined(_ ranges: [Range<Int>]) -> [Range<Int>] {
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
