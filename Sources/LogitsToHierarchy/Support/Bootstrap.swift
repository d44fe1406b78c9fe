import Hierarchy
import Threads

/// The tree of a replicate of the bootstrap.
package struct ReplicateTree: Sendable, Equatable {
  /// The nodes that each merge joins; the t-th merge makes node K + t.
  package var merges: [(lowest: Int32, partner: Int32)]
  /// The merges that sketches did not certify, which were decided by the middle of the bounds.
  package var estimated: Int
  /// The clusters that would have had no row and kept all of theirs.
  package var kept: Int

  package init(merges: [(lowest: Int32, partner: Int32)], estimated: Int, kept: Int) {
    self.merges = merges
    self.estimated = estimated
    self.kept = kept
  }

  package static func == (a: ReplicateTree, b: ReplicateTree) -> Bool {
    a.estimated == b.estimated && a.kept == b.kept && a.merges.elementsEqual(b.merges) { $0 == $1 }
  }
}

/// Runs the merge loop on rows that were drawn anew: for each replicate, every row counts as often as its weight says. A
/// cluster that would have no row keeps all, each once: the trees are all over the same clusters.
///
/// Evidence of a group is found for all replicates at once that have the group, while its rows are read. Replicates go on
/// side by side, so that most of what one needs the others need too, at about the same time.
package struct Bootstrap {
  private let evidence: WeightedEvidence
  private let observer: any BootstrapObserver
  private let workers: Int
  private let replicates: [Replicate]
  /// The bytes of evidence that is kept for when it will be needed.
  private let room: Int
  /// The clusters whose rows all have one key, so that a replicate has all of them equally often.
  package let indivisibleClusters: Int

  /// - Parameters:
  ///   - segments: Sketches of all rows.
  ///   - memory: The bytes it may take; see ``mostReplicates(clusters:rows:workers:memory:)``.
  /// - Throws: What reading sketches throws, ``Interrupted``
  package init(
    _ segments: [any SketchReading], clusters: Int, options: BuildOptions, keys: any RowKeys, weights: PoissonWeights,
    workers: Int, memory: Int, observer: any BootstrapObserver
  ) throws {
    let sketches = SketchEvidence(segments, clusters: clusters, meaning: options.meaning, workers: workers)
    var evidence = WeightedEvidence(sketches, keys: keys, weights: weights)
    self.observer = observer
    self.workers = workers
    room = memory / 4
    let statistics = try evidence.statistics { observer.shouldStop }
    indivisibleClusters = statistics.indivisible
    evidence.kept = statistics.kept
    self.evidence = evidence
    var keptCounts = [Int](repeating: 0, count: weights.replicates.count)
    for place in evidence.kept.values.joined() { keptCounts[place] += 1 }
    replicates = zip(statistics.all, keptCounts).map {
      Replicate(MergeLoop($0, aggregation: options.aggregation), kept: $1)
    }
  }

  /// What of a run's memory replicates may take.
  ///
  /// - Parameter others: The bytes that something else takes at the same time.
  /// - Throws: ``BuildError/notEnoughMemory(needed:given:clusters:)`` if not even one fits.
  package static func memory(
    of resources: RunResources, clusters: Int, others: Int
  ) throws(BuildError) -> Int {
    let fixed = ProgramMemory.byteCount + ProgramMemory.byteCount(clusters: clusters) + others
    let least = 2 * byteCount(clusters: clusters, workers: resources.threads) + resources.threads * workerByteCount
    guard resources.memory >= fixed + least else {
      throw .notEnoughMemory(needed: fixed + least, given: resources.memory, clusters: clusters)
    }
    return resources.memory - fixed
  }

  /// How many replicates to make at once: as many as fit into such memory, but of very many rows no more than take a minute
  /// or two, so that little is lost when a run is stopped.
  package static func mostReplicates(clusters: Int, rows: Int, workers: Int, memory: Int) -> Int {
    max(1, min(memory / 2 / byteCount(clusters: clusters, workers: workers), max(8, 200_000_000 / max(1, rows))))
  }

  /// What a worker reads sketches into.
  private static let workerByteCount = 2 << 20

  /// What a replicate takes, about: for each cluster the merge loop's lists, its merges, statistics, and a group's evidence
  /// in several forms; and in each worker the weights of a batch of rows.
  private static func byteCount(clusters: Int, workers: Int) -> Int {
    900 * clusters + workers * WeightedEvidence.replicateByteCount + 4096
  }

  /// Runs all replicates to the end.
  ///
  /// - Throws: What reading sketches throws, ``Interrupted``
  package func trees() throws -> [ReplicateTree] {
    while true {
      let (replicates, observer) = (replicates, observer)
      let before = replicates.reduce(0) { $0 + $1.merges }
      try forEachItem(
        replicates.count, workers: workers, shouldStop: { observer.shouldStop },
        work: { next in while let index = next() { replicates[index].advance() } })
      observer.didMerge(replicates.reduce(-before) { $0 + $1.merges })
      let requests = requests()
      guard !requests.isEmpty else { return replicates.map(\.tree) }
      let bounds = try evidence.bounds(requests) { observer.shouldStop }
      for (request, found) in zip(requests, bounds) {
        for (place, bounds) in zip(request.replicates, found) { replicates[place].take(bounds, of: request.group) }
      }
    }
  }

  /// The groups that replicates wait for. With each go the other replicates that have the group too, as long as there is
  /// room for what they don't need yet.
  private func requests() -> [WeightedEvidence.Request] {
    var requests: [WeightedEvidence.Request] = []
    var known: [Group: Int] = [:]
    for (place, replicate) in replicates.enumerated() {
      guard let group = replicate.wanted else { continue }
      if let index = known[group] {
        requests[index].replicates.append(place)
      } else {
        known[group] = requests.count
        requests.append(WeightedEvidence.Request(group: group, replicates: [place]))
      }
    }
    var room = room - replicates.reduce(0) { $0 + $1.byteCount }
    for index in requests.indices {
      let group = requests[index].group
      let needed = Set(requests[index].replicates)
      let others = replicates.indices.filter { !needed.contains($0) && replicates[$0].mayNeed(group) }
      for place in others {
        room -= replicates[place].mostBytes(of: group)
        guard room >= 0 else { return requests }
        requests[index].replicates.append(place)
      }
    }
    return requests
  }
}

/// Whoever wants to know how far a bootstrap has come, or to stop it.
package protocol BootstrapObserver: Sendable {
  /// Merges were decided, of all replicates together.
  func didMerge(_ count: Int)
  var shouldStop: Bool { get }
}

/// One replicate's run of the merge loop.
private final class Replicate: @unchecked Sendable {
  // Safe to share: one thread at a time works on it.

  private var loop: MergeLoop
  /// Evidence of groups alive, by their nodes.
  private var ready: [Int: ReassignedBounds] = [:]
  private(set) var byteCount = 0
  private(set) var wanted: Group?
  private var estimated = 0
  private var found: [(lowest: Int32, partner: Int32)] = []

  private let kept: Int

  init(_ loop: MergeLoop, kept: Int) {
    self.loop = loop
    self.kept = kept
  }

  var merges: Int { found.count }
  var tree: ReplicateTree { ReplicateTree(merges: found, estimated: estimated, kept: kept) }

  /// Merges as long as there is evidence. Then ``wanted`` is the group whose evidence is lacking, or nil at the end.
  func advance() {
    while let lowest = loop.lowestNode() {
      guard let bounds = drop(lowest) else {
        wanted = loop.group(lowest)
        return
      }
      let merge = loop.merge(by: bounds)
      if merge.evidence == .estimate { estimated += 1 }
      found.append((Int32(merge.lowest), Int32(merge.partner)))
      _ = drop(merge.partner)
    }
    wanted = nil
  }

  private func drop(_ node: Int) -> ReassignedBounds? {
    guard let bounds = ready.removeValue(forKey: node) else { return nil }
    byteCount -= bounds.byteCount
    return bounds
  }

  /// Whether the group is one of those alive, and its evidence is not there.
  func mayNeed(_ group: Group) -> Bool { loop.node(of: group).map { ready[$0] == nil } ?? false }

  func take(_ bounds: ReassignedBounds, of group: Group) {
    guard let node = loop.node(of: group) else { preconditionFailure("evidence is of groups alive") }
    ready[node] = bounds
    byteCount += bounds.byteCount
  }

  /// What evidence of a group takes at most.
  func mostBytes(of group: Group) -> Int {
    let rows = loop.node(of: group).map(loop.samples) ?? 0
    return ReassignedBounds.byteCount(clusters: min(rows, loop.clusters - group.clusters.count))
  }
}
