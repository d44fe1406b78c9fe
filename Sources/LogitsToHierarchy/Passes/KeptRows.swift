import Algorithms
import Glibc
import KernelInterface
import LogitStream
import Threads

/// Rows of a segment as they were read, in memory: exact evidence of any of their groups is to be had at once.
///
/// Once they were scanned they are put in the order of their clusters, so that the rows of a cluster are one after another.
package final class KeptRows: @unchecked Sendable {
  // Safe to share: workers write disjoint rows, and what they wrote is sorted, and then only read.

  /// Neighbouring rows of one input, all of one size.
  private struct Part {
    let input: LogitInput
    /// Counted in the segment.
    let rows: Range<Int>
    let buffer: PageBuffer
    /// The first row of each cluster, counted here, and where the last cluster's rows end.
    var starts: [Int] = []
  }

  private let clusters: Int
  private let meaning: RowMeaning
  private var parts: [Part] = []

  /// Room for the rows of some slices.
  init(_ slices: [RowSlice], of source: LogitSource, _ meaning: RowMeaning) {
    clusters = source.clusters
    self.meaning = meaning
    var next = 0
    for run in slices.chunked(on: \.input) {
      let input = source.inputs[run.0]
      let rows = next..<next + run.1.reduce(0) { $0 + $1.rows.count }
      parts.append(
        Part(input: input, rows: rows, buffer: PageBuffer(byteCount: rows.count * input.rowByteCount)))
      next = rows.upperBound
    }
  }

  /// The bytes that rows of some slices take.
  static func byteCount(_ slices: [RowSlice], of source: LogitSource) -> Int {
    slices.reduce(0) { $0 + $1.rows.count * source.inputs[$1.input].rowByteCount }
  }

  /// Copies the first rows of a span.
  func take(_ rows: RowSpan, count: Int) {
    guard let part = parts.first(where: { $0.rows.contains(rows.first) }), let start = part.buffer.bytes.baseAddress
    else { preconditionFailure("rows are those of the segment") }
    let size = part.input.rowByteCount
    let target = start + (rows.first - part.rows.lowerBound) * size
    if rows.rowByteCount == size {
      memcpy(target, rows.start, count * size)
    } else {
      for row in 0..<count { memcpy(target + row * size, rows.start + row * rows.rowByteCount, size) }
    }
  }

  /// Puts rows in the order of the clusters they are assigned to; those that were left out come last.
  func sort(by assignments: RowAssignments) {
    for index in parts.indices {
      let rows = parts[index].rows
      let (places, starts) = Self.places(UnsafeBufferPointer(rebasing: assignments.clusters[rows]), clusters: clusters)
      parts[index].starts = starts
      Self.move(parts[index].buffer, size: parts[index].input.rowByteCount, to: places)
    }
  }

  /// Where each row belongs, and where each cluster begins.
  private static func places(
    _ assignments: UnsafeBufferPointer<Int32>, clusters: Int
  ) -> (places: [UInt32], starts: [Int]) {
    var starts = [Int](repeating: 0, count: clusters + 2)
    func slot(_ cluster: Int32) -> Int { cluster < 0 ? clusters : Int(cluster) }
    for cluster in assignments { starts[slot(cluster) + 1] += 1 }
    for slot in 0...clusters { starts[slot + 1] += starts[slot] }
    var next = starts
    let places = assignments.map { cluster in
      defer { next[slot(cluster)] += 1 }
      return UInt32(next[slot(cluster)])
    }
    return (places, Array(starts.dropLast()))
  }

  /// Moves each row to its place: round the cycles of the permutation, with room for one row more.
  private static func move(_ buffer: PageBuffer, size: Int, to places: [UInt32]) {
    guard let start = buffer.bytes.baseAddress else { return }
    var places = places
    let spare = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 64)
    defer { spare.deallocate() }
    for row in places.indices {
      while Int(places[row]) != row {
        let place = Int(places[row])
        memcpy(spare, start + place * size, size)
        memcpy(start + place * size, start + row * size, size)
        memcpy(start + row * size, spare, size)
        places.swapAt(row, place)
      }
    }
  }
}

extension KeptRows {
  /// Exact evidence of groups, nested or disjoint. O(rows of the groups).
  ///
  /// - Throws: ``Interrupted``
  package func evidence(
    of groups: [Group], workers: Int, shouldStop: @escaping @Sendable () -> Bool
  ) throws -> ExactEvidence {
    let targets = PassTargets(groups, clusters: clusters)
    let sums = SharedSums(targets: targets, clusters: clusters, isDense: true)
    let spans = spans(of: targets)
    try forEachItem(
      spans.count, workers: workers, shouldStop: shouldStop,
      work: { next in
        let worker = TallyWorker(sums, clusters: self.clusters, sketches: nil, assigned: nil, known: nil)
        while let index = next() {
          let rows = self.rows(of: spans[index])
          let done = try worker.work(on: rows)
          precondition(done == rows.count, "rows that were valid once stay so")
        }
      })
    return sums.result().evidence
  }

  /// Bytes of rows that a worker takes at a time, about.
  private static let spanByteCount = 1 << 18

  /// Rows of a part, in the order they are there.
  private struct Span {
    let part: Int
    let rows: Range<Int>
  }

  private func rows(of span: Span) -> RowSpan {
    let part = parts[span.part]
    guard let start = part.buffer.bytes.baseAddress else { preconditionFailure("a part has rows") }
    let size = part.input.rowByteCount
    return RowSpan(
      start: start + span.rows.lowerBound * size, count: span.rows.count, rowByteCount: size,
      form: RowForm(part.input, meaning), kind: meaning.kind, hasAllColumns: meaning.excludedColumns.isEmpty,
      first: span.rows.lowerBound, input: part.input)
  }

  /// The rows in targets, in pieces that workers share.
  private func spans(of targets: PassTargets) -> [Span] {
    var spans: [Span] = []
    for (index, part) in parts.enumerated() where !part.starts.isEmpty {
      let most = max(1, Self.spanByteCount / max(1, part.input.rowByteCount))
      var cluster = 0
      while cluster < clusters {
        guard targets.innermost[cluster] >= 0 else {
          cluster += 1
          continue
        }
        let first = part.starts[cluster]
        while cluster < clusters, targets.innermost[cluster] >= 0 { cluster += 1 }
        for row in stride(from: first, to: part.starts[cluster], by: most) {
          spans.append(Span(part: index, rows: row..<min(row + most, part.starts[cluster])))
        }
      }
    }
    return spans
  }
}

/// Scans rows, and keeps them.
final class KeepingWorker: RowWorker {
  private let worker: TallyWorker
  private let kept: KeptRows

  init(_ worker: TallyWorker, _ kept: KeptRows) {
    self.worker = worker
    self.kept = kept
  }

  func work(on rows: RowSpan) throws -> Int {
    let done = try worker.work(on: rows)
    if done > 0 { kept.take(rows, count: done) }
    return done
  }

  func skip(_ rows: Range<Int>, unwritten: Bool) { worker.skip(rows, unwritten: unwritten) }
  func finish(_ rows: Range<Int>) { worker.finish(rows) }
}
