import Hierarchy

/// What segments tell of groups, added up, for the merge loop to ask: exact evidence, and bounds from sketches.
///
/// Segments' evidence is added up when it is taken in, so that memory does not grow with their number.
package struct EvidencePool {
  private let statistics: ClusterStatistics
  private let segmentCount: Int
  private let sketches: SketchEvidence?
  /// Whether single clusters have bounds, too: sketches are of top-k dumps, and their rests have errors.
  private let boundsSingles: Bool
  /// The groups of which sketches are all there is, and tell no more than bounds, though these are narrow.
  private var inexact: Set<Group> = []
  private let observer: any BuildObserver
  /// R of each single cluster that reassigns anything, from all segments: a scan always gives it. Of top-k
  /// dumps it is a guess.
  private var singles: [Int: ReassignedProbability] = [:]
  /// Sums of exact evidence of groups of several clusters, and the segments they are of.
  private var sums: [Group: (reassigned: ReassignedProbability, segments: Set<Int>)] = [:]
  /// Whether exact evidence of some rows is all that there will be of a group, so that it is put together with what sketches
  /// tell of the others. Else there will be that of all rows, and what is found must not depend on which came first.
  package var combinesParts = false
  /// The bytes there is still room for in ``sums`` and ``recalled``.
  private var free: Int
  /// What of that evidence takes which was recalled of some segments only, to guess by: at most half.
  private var sampledByteCount = 0
  private let mostSampledByteCount: Int
  /// Rows that are in memory, by the segments they are of.
  private var kept: [Int: KeptRows] = [:]
  private let workers: Int
  /// The segments whose exact evidence of groups was found from rows in memory, and is nowhere else.
  private var recalled: [Group: [Int: ReassignedProbability]] = [:]
  /// What was recalled of groups whose partners were found for good by it, for each segment.
  private var used: [Int: ExactEvidence] = [:]
  /// Whether something was not recalled since there was no room for it.
  package private(set) var lackedRoom = false
  /// Groups' bounds from earlier runs of the loop, which read a group's rows once.
  private var known: [Group: ReassignedBounds] = [:]
  /// The bytes there is still room for in ``known``. If one cluster after another is merged with the same group, all groups
  /// together have K² clusters. Those that find no room are read anew in each run.
  private var roomForKnown: Int

  /// - Parameters:
  ///   - statistics: Of all segments together.
  ///   - sketches: The segments' sketches, one each, or none at all.
  ///   - meaning: Of the rows that the sketches are of.
  ///   - observer: May stop a run of the merge loop.
  package init(
    _ statistics: ClusterStatistics, segmentCount: Int, sketches: [any SketchReading], meaning: RowMeaning,
    memory: MemoryPlan, observer: any BuildObserver
  ) {
    precondition(sketches.isEmpty || sketches.count == segmentCount, "all segments have sketches, or none")
    self.statistics = statistics
    self.segmentCount = segmentCount
    self.observer = observer
    roomForKnown = memory.bounds
    free = memory.evidence
    mostSampledByteCount = free / 2
    workers = memory.mergeWorkers
    boundsSingles = sketches.contains { $0.format.hasRestErrors }
    // Where nothing can be swept, the loop is seldom run again, and bounds of all its groups would fill the room to no purpose.
    if boundsSingles { roomForKnown /= 4 }
    self.sketches =
      sketches.isEmpty
      ? nil
      : SketchEvidence(
        sketches, clusters: statistics.clusters, meaning: meaning, workers: memory.mergeWorkers)
  }

  /// Takes in exact evidence from the rows of a segment, given by its number; of each group, once.
  package mutating func add(_ evidence: ExactEvidence, ofSegment segment: Int) {
    for (group, reassigned) in evidence {
      if group.clusters.count == 1 {
        singles[group.clusters[0]] = singles[group.clusters[0]].map { $0 + reassigned } ?? reassigned
      } else {
        var sum = sums[group, default: (.nothing, [])]
        free += byteCount(of: group, sum.reassigned, segments: sum.segments.count)
        let isNew = sum.segments.insert(segment).inserted
        precondition(isNew, "a segment's evidence counts once")
        sum.reassigned += reassigned
        free -= byteCount(of: group, sum.reassigned, segments: sum.segments.count)
        sums[group] = sum
      }
    }
  }

  /// Takes in what sketches tell exactly of groups, where there is nothing else: of the first, and of others that it is likely of.
  ///
  /// - Returns: Whether anything is known of the first that was not known before.
  /// - Throws: What reading sketches throws, ``Interrupted``
  package mutating func addExact(toldBySketchesOf groups: [Group]) throws -> Bool {
    guard let sketches, let first = groups.first, isOpen(first, unlessKnown: true) else { return false }
    for group in groups where isOpen(group, unlessKnown: group == first) {
      guard let reassigned = try sketches.exact(group, shouldStop: { [observer] in observer.shouldStop }) else {
        inexact.insert(group)
        continue
      }
      sums[group] = (reassigned, Set(0..<segmentCount))
      free -= byteCount(of: group, reassigned, segments: segmentCount)
    }
    return true
  }

  /// Whether sketches may tell more of a group than is known.
  ///
  /// - Parameter default: What is said of a group whose bounds found no room.
  private func isOpen(_ group: Group, unlessKnown default: Bool) -> Bool {
    guard sums[group] == nil, !inexact.contains(group) else { return false }
    return known[group].map { mayBeExact(group, $0) } ?? `default`
  }

  /// Whether bounds are no wider than those of rows that leave nothing open.
  private func mayBeExact(_ group: Group, _ bounds: ReassignedBounds) -> Bool {
    guard bounds.unresolved == 0 else { return false }
    let rows = group.clusters.reduce(0) { $0 + statistics.counts[$1] }
    let width = zip(bounds.lower, bounds.upper).reduce(0) { $0 + ($1.1 - $1.0) }
    return width <= 2 * UInt128(rows)
  }

  /// The segments that there is exact evidence from of a group of several clusters.
  package func segments(withEvidenceOf group: Group) -> Set<Int> { sums[group]?.segments ?? [] }

  /// What a group's evidence takes in memory; nothing if there is none.
  private func byteCount(of group: Group, _ reassigned: ReassignedProbability, segments: Int) -> Int {
    guard segments > 0 else { return 0 }
    return group.byteCount + ReassignedProbability.byteCount(sums: reassigned.clusters.count)
      + 2 * MemoryLayout<Int>.stride * segments
  }
}

/// Evidence from rows that are in memory.
extension EvidencePool {
  /// Takes in the rows of a segment.
  package mutating func keep(_ rows: KeptRows, ofSegment segment: Int) { kept[segment] = rows }

  /// Whether these are the rows of some segments only, so that they tell what is likely.
  private var isSampled: Bool { !kept.isEmpty && kept.count < segmentCount }

  package var room: Int { isSampled ? max(0, free - (mostSampledByteCount - sampledByteCount)) : free }

  package mutating func recall(_ group: Group) throws {
    guard group.clusters.count > 1, !kept.isEmpty else { return }
    let needed = 2 * exactByteCount(of: group)
    if isSampled, sampledByteCount + needed > mostSampledByteCount { dropSamples() }
    guard needed <= (isSampled ? mostSampledByteCount - sampledByteCount : free) else {
      lackedRoom = !isSampled
      return
    }
    for (segment, rows) in kept where sums[group]?.segments.contains(segment) != true {
      let found = try rows.evidence(of: [group], workers: workers) { [observer] in observer.shouldStop }
      guard let reassigned = found[group] else { continue }
      add(found, ofSegment: segment)
      recalled[group, default: [:]][segment] = reassigned
      free -= byteCount(of: group, reassigned, segments: 1)
      if isSampled { sampledByteCount += 2 * byteCount(of: group, reassigned, segments: 1) }
    }
  }

  /// Drops what was recalled of some segments and is not known of others: guesses of before, that may not come again.
  private mutating func dropSamples() {
    for (group, parts) in recalled where sums[group]?.segments.count == parts.count {
      if let (reassigned, segments) = sums.removeValue(forKey: group) {
        free += byteCount(of: group, reassigned, segments: segments.count)
      }
      release(group, parts)
      for reassigned in parts.values { free += byteCount(of: group, reassigned, segments: 1) }
      recalled[group] = nil
    }
  }

  /// Counts no longer what was recalled of a group as what is there to guess by.
  private mutating func release(_ group: Group, _ parts: [Int: ReassignedProbability]) {
    guard isSampled else { return }
    for reassigned in parts.values { sampledByteCount -= 2 * byteCount(of: group, reassigned, segments: 1) }
  }

  /// Gives away what was recalled of groups that will not be asked for again, for each segment: to be written.
  package mutating func takeRecalled() -> [Int: ExactEvidence] {
    defer {
      used = [:]
      lackedRoom = false
    }
    for evidence in used.values {
      for (group, reassigned) in evidence { free += byteCount(of: group, reassigned, segments: 1) }
    }
    return used
  }
}

extension EvidencePool: EvidenceSource {
  package mutating func bounds(of group: Group) throws -> ReassignedBounds? {
    guard let sketches else { return nil }
    if let bounds = known[group] { return bounds }
    // A single cluster's evidence comes with the scan and needs no bounds.
    if group.clusters.count == 1, !boundsSingles { return ReassignedBounds(single(group.clusters[0])) }
    let bounds = try sketches.bounds(of: group) { [observer] in observer.shouldStop }
    let byteCount = group.byteCount + bounds.byteCount
    if byteCount <= roomForKnown {
      roomForKnown -= byteCount
      known[group] = bounds
    }
    return bounds
  }

  package mutating func narrowerBounds(of group: Group) throws -> ReassignedBounds? {
    guard combinesParts, let sketches, let (reassigned, segments) = sums[group] else { return nil }
    let others = Set(0..<segmentCount).subtracting(segments)
    let bounds = try sketches.bounds(of: group, in: others) { [observer] in observer.shouldStop }
    return bounds.adding(reassigned)
  }

  /// The middle of the bounds, corrected by the segments that have exact evidence of the group, if there are any. In those
  /// it is known how far the middle is off, and for all rows it is taken to be off in proportion.
  package func estimate(of group: Group, within bounds: ReassignedBounds?) throws -> ReassignedProbability? {
    if boundsSingles, group.clusters.count == 1 { return single(group.clusters[0]) }
    guard let (sampled, segments) = sums[group] else { return bounds?.estimate }
    // In proportion to those of all rows, which is all that partners depend on.
    guard let sketches, let bounds else { return sampled }
    let rows = group.clusters.reduce(0) { $0 + statistics.counts[$1] }
    let sampledRows = sketches.rowCount(of: group, in: segments)
    guard sampledRows > 0 else { return bounds.estimate }
    let factor = Double(rows) / Double(sampledRows)
    var estimates = Dictionary(uniqueKeysWithValues: bounds.estimate.values.map { ($0.cluster, $0.value) })
    for (cluster, value) in sampled.values { estimates[cluster, default: 0] += factor * value }
    let sampledBounds = try sketches.bounds(of: group, in: segments) { [observer] in observer.shouldStop }
    for (cluster, value) in sampledBounds.estimate.values {
      estimates[cluster, default: 0] -= factor * value
    }
    let positive = estimates.filter { $0.value > 0 }.sorted { $0.key < $1.key }
    return ReassignedProbability(
      clusters: positive.map(\.key), sums: positive.map { UInt128(($0.value * 0x1p40).rounded()) })
  }

  /// A group's rows may each add to the sum of another cluster. Its clusters are also listed where it is named.
  package func exactByteCount(of group: Group) -> Int {
    let rows = group.clusters.reduce(0) { $0 + statistics.counts[$1] }
    let sums = min(rows, statistics.clusters - group.clusters.count)
    return 2 * group.byteCount + ReassignedProbability.byteCount(sums: sums)
  }

  package mutating func forget(_ group: Group) {
    if group.clusters.count == 1 { singles[group.clusters[0]] = nil }
    inexact.remove(group)
    if let bounds = known.removeValue(forKey: group) { roomForKnown += group.byteCount + bounds.byteCount }
    if let (reassigned, segments) = sums.removeValue(forKey: group) {
      free += byteCount(of: group, reassigned, segments: segments.count)
    }
    if let parts = recalled.removeValue(forKey: group) {
      release(group, parts)
      for (segment, reassigned) in parts { used[segment, default: [:]][group] = reassigned }
    }
  }

  private func single(_ cluster: Int) -> ReassignedProbability { singles[cluster] ?? .nothing }

  package func isFinal(_ group: Group, within bounds: ReassignedBounds) -> Bool {
    boundsSingles && (inexact.contains(group) || !mayBeExact(group, bounds))
  }

  package func exact(_ group: Group) -> ReassignedProbability? {
    if group.clusters.count == 1, !boundsSingles { return single(group.clusters[0]) }
    guard let sum = sums[group], sum.segments.count == segmentCount else { return nil }
    return sum.reassigned
  }
}
