import Algorithms
import KernelInterface
import LogitStream
import Synchronization
import Threads

/// Bounds groups' reassigned probability by the sketches of segments.
struct SketchEvidence: Sendable {
  private let segments: [any SketchReading]
  let clusters: Int
  private let meaning: RowMeaning
  /// The threads that compute.
  let workers: Int
  private let spare = SpareBounds()

  /// Rows worked on at a time, from as many segments and clusters as it takes.
  static let batchRows = 2048
  /// Fewer rows are done sooner than another thread has begun.
  private static let fewestRows = 512

  /// - Parameter workers: The threads that compute bounds.
  init(_ segments: [any SketchReading], clusters: Int, meaning: RowMeaning, workers: Int) {
    self.segments = segments
    self.clusters = clusters
    self.meaning = meaning
    self.workers = workers
  }

  /// Some rows of one cluster in one segment.
  struct Span {
    let segment: Int
    let cluster: Int
    let rows: Range<Int>
  }

  /// Spans of one format, at most as many rows as a buffer has room for: segment by segment, and of each in the order of its rows.
  typealias Batch = ArraySlice<Span>

  /// The group's rows, in some segments or in all.
  ///
  /// - Parameter workers: The threads that each want some.
  func batches(of group: Group, in chosen: Set<Int>? = nil, for workers: Int = 1) -> [Batch] {
    var runs: [Span] = []
    var rows = 0
    for (index, segment) in segments.enumerated() where chosen?.contains(index) ?? true {
      for cluster in group.clusters {
        let count = segment.rows(of: cluster).count
        guard count > 0 else { continue }
        runs.append(Span(segment: index, cluster: cluster, rows: 0..<count))
        rows += count
      }
    }
    // Most groups have few rows.
    let most = workers == 1 ? Self.batchRows : min(Self.batchRows, max(Self.fewestRows, rows / (2 * workers)))
    var spans: [Span] = []
    var ends: [Int] = []
    var room = most
    func close() {
      if (ends.last ?? 0) < spans.count { ends.append(spans.count) }
      room = most
    }
    var format: SketchFormat?
    for run in runs {
      if segments[run.segment].format != format { close() }
      format = segments[run.segment].format
      var rest = run.rows
      while !rest.isEmpty {
        let rows = rest.prefix(room)
        spans.append(Span(segment: run.segment, cluster: run.cluster, rows: rows))
        room -= rows.count
        rest = rows.upperBound..<rest.upperBound
        if room == 0 { close() }
      }
    }
    close()
    return zip([0] + ends, ends).map { spans[$0..<$1] }
  }

  /// The rows of a group in some segments.
  func rowCount(of group: Group, in chosen: Set<Int>) -> Int {
    chosen.reduce(0) { sum, index in group.clusters.reduce(sum) { $0 + segments[index].rows(of: $1).count } }
  }

  /// Bounds for a group from its rows in some segments, or in all, of which only sketches are read. O(rows of the group).
  ///
  /// - Parameter widening: By how many multiples of 2^-40 bounds of each row are widened.
  /// - Throws: What reading sketches throws, ``Interrupted``
  func bounds(
    of group: Group, in chosen: Set<Int>? = nil, widening: UInt64 = 1, shouldStop: @escaping @Sendable () -> Bool
  ) throws -> ReassignedBounds {
    let batches = batches(of: group, in: chosen, for: workers)
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
        let (found, count) = try bound(batches[index], members, widening: widening, &buffer)
        sums.add(found, count: count)
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

  /// Gives what each of some batches of a group's rows tells.
  ///
  /// - Throws: What reading sketches and `body` throw.
  func bound(
    _ batches: some Sequence<Batch>, of group: Group, _ body: (Batch, BoundsBuffer, _ rows: Int) throws -> Void
  ) throws {
    let members = spare.members(clusters: clusters)
    members.insert(group)
    var buffer: BoundsBuffer?
    defer {
      members.remove(group)
      spare.put(members)
      if let buffer { spare.put(buffer) }
    }
    for batch in batches {
      let (found, count) = try bound(batch, members, widening: 1, &buffer)
      try body(batch, found, count)
    }
  }

  /// Reads a batch, and has the kernel bound its rows.
  private func bound(
    _ batch: Batch, _ members: MemberFlags, widening: UInt64, _ buffer: inout BoundsBuffer?
  ) throws -> (BoundsBuffer, rows: Int) {
    let (found, count) = try read(batch, &buffer)
    if let pointers = found.rows.pointers(0, count: count) {
      ProcessorKernel.best.bound(
        SketchBatch(
          isDouble: found.rows.format.isDouble, isProbability: meaning.kind == .probabilities,
          temperature: meaning.temperature,
          clusters: clusters, sketches: pointers, count: count, groupSize: members.count,
          isMember: members.flags.start, widening: widening, hasRoundedValues: meaning.kind != .logits,
          reassigned: found.reassigned.start, lower: found.lower.start, upper: found.upper.start))
    }
    return (found, count)
  }

  /// Gives 1 − g of each row of a batch, in multiples of 2^-40.
  ///
  /// - Throws: What reading sketches and `body` throw.
  func doubts(_ batch: Batch, _ body: (SketchRows, UnsafePointer<UInt64>) throws -> Void) throws {
    try doubt(batch) { buffer, _, write in
      write(.doubts(buffer.lower.start))
      try body(buffer.rows, buffer.lower.start)
    }
  }

  /// Gives what each row's doubt of a batch consists of; see ``DoubtBatch/Figures/parts(_:)``.
  ///
  /// - Parameter parts: Is exchanged for another if it is too small.
  /// - Throws: What reading sketches and `body` throw.
  func doubtParts(
    _ batch: Batch, in parts: inout FixedBuffer<UInt64>,
    _ body: (SketchRows, UnsafePointer<UInt64>, _ rows: Int) throws -> Void
  ) throws {
    try doubt(batch) { buffer, count, write in
      let width = buffer.rows.format.width
      if parts.count < count * width { parts = FixedBuffer(repeating: 0, count: Self.batchRows * width) }
      write(.parts(parts.start))
      try body(buffer.rows, parts.start, count)
    }
  }

  /// Reads a batch, and hands over what has the kernel write figures of its rows.
  private func doubt(
    _ batch: Batch, _ body: (BoundsBuffer, _ rows: Int, _ write: (DoubtBatch.Figures) -> Void) throws -> Void
  ) throws {
    var buffer: BoundsBuffer?
    defer { if let buffer { spare.put(buffer) } }
    let (found, count) = try read(batch, &buffer)
    guard let pointers = found.rows.pointers(0, count: count) else { return }
    try body(found, count) { figures in
      ProcessorKernel.best.doubt(
        DoubtBatch(
          isDouble: found.rows.format.isDouble, isProbability: meaning.kind == .probabilities,
          temperature: meaning.temperature, sketches: pointers, count: count, figures: figures))
    }
  }

  /// Reads a batch into `buffer`, which is exchanged for another if it has another format.
  private func read(_ batch: Batch, _ buffer: inout BoundsBuffer?) throws -> (BoundsBuffer, rows: Int) {
    guard let first = batch.first else { preconditionFailure("a batch has rows") }
    let format = segments[first.segment].format
    if let other = buffer, other.rows.format != format {
      spare.put(other)
      buffer = nil
    }
    let found = buffer ?? spare.buffer(format, capacity: Self.batchRows)
    buffer = found
    var count = 0
    for (segment, spans) in batch.chunked(on: \.segment) {
      let ranges = spans.map { span in
        let start = segments[segment].rows(of: span.cluster).lowerBound
        return start + span.rows.lowerBound..<start + span.rows.upperBound
      }
      // Clusters that are alike often have neighbouring numbers, and their rows are read at once.
      for rows in Range<Int>.joined(ranges) {
        try segments[segment].read(rows, into: found.rows, at: count)
        count += rows.count
      }
    }
    return (found, count)
  }
}

extension SketchEvidence {
  /// R of a group, if sketches tell it: none of its rows leaves anything open. That is so where sketches are whole rows.
  ///
  /// - Throws: What reading sketches throws, ``Interrupted``
  func exact(_ group: Group, shouldStop: @escaping @Sendable () -> Bool) throws -> ReassignedProbability? {
    let bounds = try bounds(of: group, widening: 0, shouldStop: shouldStop)
    guard bounds.unresolved == 0, bounds.lower == bounds.upper else { return nil }
    return ReassignedProbability(clusters: bounds.clusters, sums: bounds.lower)
  }
}
