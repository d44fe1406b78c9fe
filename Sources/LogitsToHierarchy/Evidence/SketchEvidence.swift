import KernelInterface
import Synchronization
import Threads

/// Bounds groups' reassigned probability by the sketches of segments.
struct SketchEvidence: Sendable {
  private let segments: [any SketchReading]
  private let clusters: Int
  private let meaning: RowMeaning
  private let workers: Int
  private let spare = SpareBounds()

  /// Rows worked on at a time, from as many segments and clusters as it takes.
  static let batchRows = 2048

  /// - Parameter workers: The threads that compute bounds.
  init(_ segments: [any SketchReading], clusters: Int, meaning: RowMeaning, workers: Int) {
    self.segments = segments
    self.clusters = clusters
    self.meaning = meaning
    self.workers = workers
  }

  /// Some rows of one cluster in one segment.
  private struct Span {
    let segment: Int
    let cluster: Int
    let rows: Range<Int>
  }

  /// The group's rows in spans, and the spans in batches, each of one format and as large as a buffer.
  private func batches(of group: Group, _ chosen: Set<Int>?) -> (spans: [Span], batches: [Range<Int>]) {
    var spans: [Span] = []
    var batches: [Range<Int>] = []
    var first = 0
    var room = Self.batchRows
    var format: SketchFormat?
    func close() {
      if first < spans.count { batches.append(first..<spans.count) }
      first = spans.count
      room = Self.batchRows
    }
    for (index, segment) in segments.enumerated() where chosen?.contains(index) ?? true {
      if segment.format != format { close() }
      format = segment.format
      for cluster in group.clusters {
        let count = segment.rowCount(of: cluster)
        var start = 0
        while start < count {
          let rows = start..<min(start + room, count)
          spans.append(Span(segment: index, cluster: cluster, rows: rows))
          room -= rows.count
          start = rows.upperBound
          if room == 0 { close() }
        }
      }
    }
    close()
    return (spans, batches)
  }

  /// The rows of a group in some segments.
  func rowCount(of group: Group, in chosen: Set<Int>) -> Int {
    chosen.reduce(0) { sum, index in group.clusters.reduce(sum) { $0 + segments[index].rowCount(of: $1) } }
  }

  /// Bounds for a group from its rows in some segments, or in all, of which only sketches are read. O(rows of the group).
  ///
  /// - Throws: What reading sketches throws, ``Interrupted``
  func bounds(
    of group: Group, in chosen: Set<Int>? = nil, shouldStop: @escaping @Sendable () -> Bool
  ) throws -> ReassignedBounds {
    let (spans, batches) = batches(of: group, chosen)
    let members = spare.members(clusters: clusters)
    members.insert(group)
    defer {
      members.remove(group)
      spare.put(members)
    }
    let total = Mutex<BoundSums?>(nil)
    let work: @Sendable (() -> Int?) throws -> Void = { next in
      let sums = spare.sums(clusters: clusters)
      var buffer: BoundsBuffer?
      defer { if let buffer { spare.put(buffer) } }
      while let index = next() {
        let batch = batches[index]
        let format = segments[spans[batch.lowerBound].segment].format
        if buffer?.rows.format != format {
          if let buffer { spare.put(buffer) }
          buffer = spare.buffer(format, capacity: Self.batchRows)
        }
        guard let buffer else { preconditionFailure("there is a buffer by now") }
        var count = 0
        for span in spans[batch] {
          try segments[span.segment].read(span.rows, of: span.cluster, into: buffer.rows, at: count)
          count += span.rows.count
        }
        add(buffer, count: count, members, to: sums)
      }
      total.withLock { total in
        if let total {
          total.add(sums)
          spare.put(sums)
        } else {
          total = sums
        }
      }
    }
    try forEachItem(batches.count, workers: workers, shouldStop: shouldStop, work: work)
    guard let sums = total.withLock({ $0 }) else { preconditionFailure("a worker at least has sums") }
    defer { spare.put(sums) }
    return sums.bounds()
  }

  private func add(_ buffer: BoundsBuffer, count: Int, _ members: MemberFlags, to sums: BoundSums) {
    guard let pointers = buffer.rows.pointers(0, count: count) else { return }
    ProcessorKernel.best.bound(
      SketchBatch(
        isDouble: buffer.rows.format.isDouble, isProbability: meaning.kind == .probabilities,
        temperature: meaning.temperature,
        clusters: clusters, sketches: pointers, count: count, groupSize: members.count, isMember: members.flags.start,
        reassigned: buffer.reassigned.start, lower: buffer.lower.start, upper: buffer.upper.start))
    sums.add(buffer, count: count)
  }
}
