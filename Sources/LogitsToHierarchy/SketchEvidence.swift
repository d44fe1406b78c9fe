import Synchronization

/// A segment's sketches as the merge loop reads them: by cluster.
public protocol SketchReading: Sendable {
  var format: SketchFormat { get }

  /// The number of rows assigned to a cluster.
  func rowCount(of cluster: Int) -> Int

  /// Reads some of a cluster's rows to the beginning of `buffer`, which has the same format and room for them.
  func read(_ rows: Range<Int>, of cluster: Int, into buffer: SketchRows) throws
}

/// Bounds groups' reassigned probability by the sketches of segments.
struct SketchEvidence: Sendable {
  private let segments: [any SketchReading]
  private let clusters: Int
  private let kind: LogitKind
  private let temperature: Double
  private let threads: Int
  private let spare = SpareBuffers()

  /// Rows read at a time.
  private static let pieceRows = 4096
  /// Below so many rows, starting threads takes longer than the work.
  private static let fewRows = 4 * pieceRows

  init(_ segments: [any SketchReading], clusters: Int, options: BuildOptions) {
    self.segments = segments
    self.clusters = clusters
    kind = options.kind
    temperature = options.temperature
    threads = options.threads
  }

  /// Some rows of one cluster in one segment.
  private struct Piece {
    let segment: Int
    let cluster: Int
    let rows: Range<Int>
  }

  /// Bounds for a group from all its rows, of which only sketches are read. O(rows of the group).
  func bounds(of group: Group) throws -> ReassignedBounds {
    var pieces: [Piece] = []
    var rows = 0
    for (index, segment) in segments.enumerated() {
      for cluster in group.clusters {
        let count = segment.rowCount(of: cluster)
        rows += count
        for start in stride(from: 0, to: count, by: Self.pieceRows) {
          pieces.append(Piece(segment: index, cluster: cluster, rows: start..<min(start + Self.pieceRows, count)))
        }
      }
    }
    var isMember = [Bool](repeating: false, count: clusters)
    for cluster in group.clusters { isMember[cluster] = true }
    let membership = isMember
    let total = Mutex(BoundSums(clusters: clusters))
    let listed = pieces
    let work: @Sendable (() -> Int?) throws -> Void = { next in
      var sums = BoundSums(clusters: clusters)
      var buffer: SketchRows?
      defer { if let buffer { spare.put(buffer) } }
      while let index = next() {
        let piece = listed[index]
        let segment = segments[piece.segment]
        if buffer?.format != segment.format {
          if let buffer { spare.put(buffer) }
          buffer = spare.take(segment.format, capacity: Self.pieceRows)
        }
        guard let rows = buffer else { preconditionFailure("there is a buffer by now") }
        try segment.read(piece.rows, of: piece.cluster, into: rows)
        add(rows, count: piece.rows.count, membership, groupSize: group.clusters.count, to: &sums)
      }
      total.withLock { $0.add(sums) }
    }
    _ = try forEachItem(
      pieces.count, workers: rows < Self.fewRows ? 1 : threads, shouldStop: { false }, work: work)
    return total.withLock { $0.bounds() }
  }

  private func add(
    _ rows: SketchRows, count: Int, _ isMember: [Bool], groupSize: Int, to sums: inout BoundSums
  ) {
    func add<Value: KernelValue>(_: Value.Type) {
      switch kind {
      case .logits, .logProbabilities: add(Value.Logits.self)
      case .probabilities: add(Value.Probabilities.self)
      }
    }
    func add<Scale: LogitScale>(_: Scale.Type) {
      isMember.withUnsafeBufferPointer { isMember in
        let bounds = SketchBounds(
          scale: Scale(temperature: temperature), format: rows.format, groupSize: groupSize, isMember: isMember)
        if rows.format.hasWideIndices {
          Self.add(rows, count, bounds, UInt32.self, &sums)
        } else {
          Self.add(rows, count, bounds, UInt16.self, &sums)
        }
      }
    }
    if rows.format.isDouble { add(Double.self) } else { add(Float.self) }
  }

  private static func add<Scale: LogitScale, Index: FixedWidthInteger>(
    _ rows: SketchRows, _ count: Int, _ bounds: borrowing SketchBounds<Scale>, _: Index.Type, _ sums: inout BoundSums
  ) {
    let width = rows.format.width
    guard let values = rows.values.baseAddress?.assumingMemoryBound(to: Scale.Value.self),
      let indices = rows.indices.baseAddress?.assumingMemoryBound(to: Index.self)
    else { return }
    for row in 0..<count {
      sums.add(bounds.interval(values + row &* width, indices + row &* width, rest: rows.rests[row]))
    }
  }
}

/// Buffers that no thread uses at the moment: fresh memory for every group would cost more than the reading.
private final class SpareBuffers: Sendable {
  private let buffers = Mutex<[SketchRows]>([])

  func take(_ format: SketchFormat, capacity: Int) -> SketchRows {
    let found = buffers.withLock { buffers in
      buffers.firstIndex { $0.format == format }.map { buffers.remove(at: $0) }
    }
    return found ?? SketchRows(format, capacity: capacity)
  }

  func put(_ buffer: SketchRows) { buffers.withLock { $0.append(buffer) } }
}

/// Sums of intervals for one group.
private struct BoundSums {
  private var lower: WideSums
  private var upper: WideSums
  private var unresolved = 0

  init(clusters: Int) {
    lower = WideSums(count: clusters)
    upper = lower
  }

  mutating func add(_ interval: SketchInterval) {
    switch interval {
    case .nothing: break
    case .unresolved: unresolved += 1
    case .resolved(let cluster, let least, let most):
      // One unit more to either side, for the rounding of sums in another order.
      let low = FixedPoint.rounded(least)
      lower.add(low > 0 ? low - 1 : 0, at: cluster)
      upper.add(min(FixedPoint.one, FixedPoint.rounded(most) + 1), at: cluster)
    }
  }

  mutating func add(_ other: BoundSums) {
    for cluster in 0..<lower.count where other.upper[cluster] > 0 {
      lower.add(wide: other.lower[cluster], at: cluster)
      upper.add(wide: other.upper[cluster], at: cluster)
    }
    unresolved += other.unresolved
  }

  func bounds() -> ReassignedBounds {
    let found = (0..<upper.count).filter { upper[$0] > 0 }
    return ReassignedBounds(
      clusters: found, lower: found.map { lower[$0] }, upper: found.map { upper[$0] }, unresolved: unresolved)
  }
}
