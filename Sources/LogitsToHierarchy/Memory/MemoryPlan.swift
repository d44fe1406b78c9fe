import LogitStream

/// Who gets what of the memory that a build may take: the one place where it is shared out.
///
/// A build scans, merges and sweeps, one after the other. What each of these holds is a ``MemoryPhase``, whose parts never
/// exceed the whole. Results don't depend on the plan. The exception to the promise is sums for pairs of clusters where there
/// is no room for a table: they take as much as there are of them, which only reading tells.
package struct MemoryPlan: Sendable, Equatable {
  /// What the run may take.
  package let whole: Int
  private let clusterArrays: Int
  /// Whether there is a sum for every two clusters: a table is faster, but no more than a quarter of the memory goes to it,
  /// unless it is small, and it must leave room for the rest.
  package let hasDenseSums: Bool
  /// What a scan adds up to, with its evidence.
  private let sums: Int
  /// What a scan may take for groups that exact evidence is foreseen to be needed of.
  package let foreseen: Int
  /// Rows that are kept: the first ones of a stream, all rows of a small source, or some of a larger one.
  package let kept: Int
  /// The sketches of a segment with its assignments. They are there twice: one segment's are written while the next one's
  /// are taken.
  package let segment: Int
  package let scanWorkers: WorkerMemory

  /// Exact evidence of groups, while the merge loop needs it.
  package let evidence: Int
  /// Groups' bounds, kept from one run of the merge loop to the next.
  package let bounds: Int
  /// The list of groups that sketches did not certify.
  package let groups: Int
  /// The threads that compute bounds.
  package let mergeWorkers: Int
  private let mergeWorkerBytes: Int
  /// What the rows of a sweep add up to.
  package let sweepSums: Int
  package let sweepWorkers: WorkerMemory

  /// - Parameter sketchWidth: The logits kept of each row.
  /// - Throws: ``BuildError/notEnoughMemory(needed:given:clusters:)``
  package init(
    _ demand: MemoryDemand, sketchWidth: Int, resources: RunResources
  ) throws(BuildError) {
    let clusters = demand.clusters
    whole = resources.memory
    clusterArrays = ProgramMemory.byteCount(clusters: clusters)
    let fixed = ProgramMemory.byteCount + clusterArrays
    // One worker with a block, and beside it what a scan can't do without.
    let leastWorker = demand.leastBlockByteCount + demand.workspaceByteCount
    let least = leastWorker + 2 * Self.leastSegment
    let denseSums = Self.denseSums(clusters: clusters)
    hasDenseSums =
      denseSums <= Self.leastSparseSums || denseSums <= whole / 4 && whole - fixed - denseSums >= least
    sums = hasDenseSums ? denseSums : Self.leastSparseSums
    guard whole - fixed - sums >= least else {
      throw .notEnoughMemory(needed: fixed + sums + least, given: whole, clusters: clusters)
    }

    let mostKept = demand.isStream ? Self.mostKeptOfStream : min(resources.keptByteCount, demand.byteCount)
    kept = demand.keepsRows ? min(mostKept, (whole - fixed - sums - least) / 4) : 0
    foreseen = min(whole / 8, (whole - fixed - sums - least - kept) / 4)
    let scan = whole - fixed - sums - foreseen - kept
    let scanWorkers = WorkerMemory.count(demand, resources, room: scan, keeping: 2 * Self.leastSegment)
    segment = Self.segment(
      demand, sketchWidth, resources, hasDenseSums: hasDenseSums,
      most: min(scan / 3, (scan - scanWorkers * leastWorker) / 2))
    self.scanWorkers = WorkerMemory(demand, count: scanWorkers, room: scan - 2 * segment)

    // Sums of a scan are gone by the time of the merge loop, but what they told is kept. So is the last segment, until it is
    // written.
    let merge = whole - fixed - leastWorker - kept - segment
    evidence = max(hasDenseSums ? sums / 4 * 3 : 0, min(whole / 8, merge / 4))
    let part = min(whole / 8, (merge - evidence) / 4)
    bounds = part
    groups = part
    let boundsWorker = Self.boundsWorker(clusters: clusters, sketchWidth: sketchWidth)
    // The first one's is part of what every run takes.
    mergeWorkers = 1 + min(resources.threads - 1, part / boundsWorker)
    mergeWorkerBytes = (mergeWorkers - 1) * boundsWorker
    sweepSums = part
    let sweep = whole - fixed - kept - evidence - bounds - groups - sweepSums
    sweepWorkers = WorkerMemory(
      demand, count: min(scanWorkers, WorkerMemory.count(demand, resources, room: sweep)), room: sweep)
  }

  /// The plan of a build that reads a source.
  package init(_ source: LogitSource, options: BuildOptions, resources: RunResources) throws(BuildError) {
    try self.init(MemoryDemand(source), sketchWidth: options.sketchWidth, resources: resources)
  }
}

extension MemoryPlan {
  /// A table of sums for each of two segments, one being written while the next is scanned, and as much again, in the worst
  /// case thrice, for the evidence that is kept of them.
  private static func denseSums(clusters: Int) -> Int {
    4 * ReassignedSums.denseByteCount(targets: clusters, clusters: clusters)
  }

  /// Room for the first of the sums that are not zero.
  private static let leastSparseSums = 4 << 20
  private static let leastSegment = 1 << 20
  private static let mostKeptOfStream = 256 << 20
  /// Without sketches a segment is its sums and little more, so that it only matters how much is lost when a run is stopped.
  private static let mostRowsUnsketched = 1 << 22

  private static func boundsWorker(clusters: Int, sketchWidth: Int) -> Int {
    let format = SketchFormat(width: max(1, sketchWidth), clusters: clusters, isDouble: true)
    return BoundsBuffer.byteCount(format, rows: SketchEvidence.batchRows) + BoundSums.byteCount(clusters: clusters)
  }

  /// The bytes that a segment's sketches and assignments take.
  private static func segment(
    _ demand: MemoryDemand, _ sketchWidth: Int, _ resources: RunResources, hasDenseSums: Bool, most: Int
  ) -> Int {
    guard sketchWidth > 0 else {
      let rowBytes = rowByteCount(sketched: nil, hasDenseSums: hasDenseSums)
      return min(mostRowsUnsketched * rowBytes, max(leastSegment, most))
    }
    let clusters = demand.clusters
    let format = SketchFormat(width: sketchWidth, clusters: clusters, isDouble: false)
    // Each segment has sums for pairs of clusters, too: where these are many, fewer segments are better.
    let hasLargeSums = ReassignedSums.denseByteCount(targets: clusters, clusters: clusters) > 4 << 20
    let rowBytes = rowByteCount(sketched: format, hasDenseSums: hasDenseSums)
    // Narrow sketches of many rows have room in one segment; but it takes several to look at a few rows before the rest.
    let least = (hasLargeSums ? 5 : 1) * min(resources.sketchByteCount, rowBytes << 15)
    // Segments of a stream grow with the rows that have come.
    let wanted = demand.isStream ? .max : max(least, demand.rows * rowBytes / 256)
    return min(wanted, max(leastSegment, most))
  }

  /// The bytes that a row takes in a segment in memory, with what it may add to the sums.
  package static func rowByteCount(sketched format: SketchFormat?, hasDenseSums: Bool) -> Int {
    RowAssignments.rowByteCount + (format?.rowByteCount ?? 0) + (hasDenseSums ? 0 : SparseSums.mostBytesPerSum)
  }

  /// The rows of a segment of a stream of which there are some already.
  ///
  /// They are doubled from time to time, so that the segments of any number of rows are some hundred.
  package func segmentRows(_ format: SketchFormat?, after segments: Int) -> Int {
    min(segmentRows(format), 1 << (15 + min(32, segments / 64)))
  }

  /// The rows of a segment with sketches of some format.
  package func segmentRows(_ format: SketchFormat?) -> Int {
    max(1, segment / Self.rowByteCount(sketched: format, hasDenseSums: hasDenseSums))
  }
}

extension MemoryPlan {
  /// What a build holds, one phase after the other.
  package var phases: [MemoryPhase] {
    [
      MemoryPhase(
        "scan",
        [
          "program": ProgramMemory.byteCount, "clusters": clusterArrays, "sums": sums, "foreseen groups": foreseen,
          "kept rows": kept, "segments": 2 * segment, "blocks": scanWorkers.byteCount,
        ]),
      MemoryPhase(
        "merge",
        [
          "program": ProgramMemory.byteCount, "clusters": clusterArrays, "evidence": evidence, "bounds": bounds,
          "kept rows": kept, "groups": groups, "workers": mergeWorkerBytes, "last segment": segment,
        ]),
      MemoryPhase(
        "sweep",
        [
          "program": ProgramMemory.byteCount, "clusters": clusterArrays, "evidence": evidence, "bounds": bounds,
          "kept rows": kept, "groups": groups, "sums": sweepSums, "blocks": sweepWorkers.byteCount,
        ]),
    ]
  }

  /// What a build is likely to take, if that is less than it may: segments end with the rows, and blocks are mostly as large
  /// as they are wanted.
  package func likelyByteCount(_ demand: MemoryDemand, _ resources: RunResources) -> Int {
    let segments = 2 * min(segment, 256 * demand.rows)
    let block = max(resources.blockByteCount, demand.rowByteCount / demand.buffersPerBlock)
    let blocks = resources.threads * (block + demand.workspaceByteCount)
    let kept = demand.isStream ? 0 : kept
    return min(whole, ProgramMemory.byteCount + clusterArrays + sums + segments + blocks + kept)
  }
}
