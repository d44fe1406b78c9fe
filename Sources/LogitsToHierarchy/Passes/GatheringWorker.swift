/// A sweep's worker where the kernel takes several rows in one: it brings rows of the targets together, from wherever they lie among
/// others. Most rows that lie between would be worked on otherwise, for nothing.
final class GatheringWorker: RowWorker {
  private let worker: TallyWorker
  private let known: KnownAssignments
  private let targets: PassTargets
  private var gathered: GatheredRows?
  /// The span that rows were taken of last.
  private var last: RowSpan?

  /// Rows that are worked on together.
  private static let rows = 256
  /// To begin a range of rows anew takes as long as to pass over so many that are not wanted.
  static let mostBetween = 64

  /// - Parameters:
  ///   - worker: Takes the rows.
  ///   - known: What rows were assigned to when they were scanned, which they must be again.
  ///   - targets: What the worker's sums are of.
  init(_ worker: TallyWorker, _ known: KnownAssignments, targets: PassTargets) {
    self.worker = worker
    self.known = known
    self.targets = targets
  }

  func work(on rows: RowSpan) throws -> Int {
    let size = rows.input.rowByteCount
    var gathered =
      self.gathered.take().flatMap { $0.rowByteCount == size ? $0 : nil }
      ?? GatheredRows(capacity: Self.rows, rowByteCount: size)
    var row = 0
    while row < rows.count {
      row = gathered.take(rows, from: row, known, in: targets)
      if gathered.isFull { try workOff(&gathered, of: rows) }
    }
    self.gathered = gathered
    last = rows
    return rows.count
  }

  func skip(_ rows: Range<Int>, unwritten: Bool) { worker.skip(rows, unwritten: unwritten) }

  func finish(_ rows: Range<Int>) throws {
    // The next block may be of another input.
    if var gathered = gathered.take(), let last {
      try workOff(&gathered, of: last)
      self.gathered = gathered
    }
    worker.finish(rows)
  }

  /// Has rows worked on that were taken of spans of one input.
  private func workOff(_ gathered: inout GatheredRows, of rows: RowSpan) throws {
    let assigned = KnownAssignments(clusters: gathered.clusters)
    guard try worker.work(on: gathered.span(like: rows), assignedAs: assigned) == gathered.count else {
      // They were valid when they were scanned.
      throw BuildError.changedBetweenPasses(locations: [rows.input.location])
    }
    gathered.removeAll()
  }
}

/// Copies of rows, one after another.
private struct GatheredRows {
  /// What each was assigned to when it was scanned.
  private(set) var clusters: [Int32] = []
  let rowByteCount: Int
  private let memory: FixedBuffer<UInt8>
  private let capacity: Int

  init(capacity: Int, rowByteCount: Int) {
    self.capacity = capacity
    self.rowByteCount = rowByteCount
    memory = FixedBuffer(repeating: 0, count: capacity * rowByteCount)
    clusters.reserveCapacity(capacity)
  }

  var count: Int { clusters.count }
  var isFull: Bool { count == capacity }

  /// Takes rows of a span, from `first` on, that are in a target, as long as there is room. Returns the row to go on with.
  mutating func take(_ rows: RowSpan, from first: Int, _ known: KnownAssignments, in targets: PassTargets) -> Int {
    known.clusters[rows.first..<rows.first + rows.count].withUnsafeBufferPointer { assigned in
      targets.innermost.withUnsafeBufferPointer { innermost in
        var row = first
        let bytes = UnsafeMutableRawPointer(memory.start)
        while row < assigned.count, !isFull {
          let cluster = assigned[row]
          if cluster >= 0, innermost[Int(cluster)] >= 0 {
            (bytes + count * rowByteCount)
              .copyMemory(from: rows.start + row * rows.rowByteCount, byteCount: rowByteCount)
            clusters.append(cluster)
          }
          row += 1
        }
        return row
      }
    }
  }

  /// The rows, of the form and input of those they were taken of.
  func span(like rows: RowSpan) -> RowSpan {
    RowSpan(
      start: UnsafeRawPointer(memory.start), count: count, rowByteCount: rowByteCount, form: rows.form, kind: rows.kind,
      hasAllColumns: rows.hasAllColumns, first: 0, input: rows.input)
  }

  mutating func removeAll() { clusters.removeAll(keepingCapacity: true) }
}
