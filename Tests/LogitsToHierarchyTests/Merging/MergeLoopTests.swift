import Hierarchy
import LogitsToHierarchy
import TestSupport
import Testing

private func isClose(_ a: Double, _ b: Double) -> Bool { abs(a - b) <= 1e-12 * max(abs(a), abs(b)) }

/// Evidence in memory: exact, and bounds where there are sketches.
struct FixedEvidence: EvidenceSource {
  var exact: ExactEvidence = [:]
  var bounds: ((Group) -> ReassignedBounds)?

  func bounds(of group: Group) -> ReassignedBounds? { bounds?(group) }
  func estimate(of group: Group, within bounds: ReassignedBounds?) -> ReassignedProbability? { bounds?.estimate }
  func exact(_ group: Group) -> ReassignedProbability? { exact[group] }
  var final: Set<Group> = []
  func isFinal(_ group: Group, within bounds: ReassignedBounds) -> Bool { final.contains(group) }
  func exactByteCount(of group: Group) -> Int { group.clusters.count }
  var room = Int.max
  mutating func forget(_ group: Group) { exact[group] = nil }
}

@Suite("Merge loop")
struct MergeLoopTests {
  /// Runs a loop on, each time with evidence for what it lacked, and returns the merges and how often it was run.
  ///
  /// What it says it needs no more is taken away.
  private func merges(
    _ example: LoopExample, _ aggregation: Aggregation, room: Int = .max
  ) throws -> (merges: [Merge], runs: Int) {
    var evidence = FixedEvidence(room: room)
    var loop = MergeLoop(example.statistics, aggregation: aggregation)
    for run in 1...1000 {
      let outcome = try loop.run(&evidence)
      let pending = outcome.pending
      if pending.isEmpty { return (outcome.merges, run) }
      #expect(pending.allSatisfy { evidence.exact[$0] == nil })
      let clusters = pending.flatMap(\.clusters)
      #expect(Set(clusters).count == clusters.count, "groups alive share no cluster")
      #expect(pending.count == 1 || clusters.count <= room)
      evidence.exact.merge(example.evidence(pending)) { old, _ in old }
    }
    Issue.record("the loop asks without end")
    return ([], 1000)
  }

  @Test(
    "The merges are those of the definition, ties, empty clusters and lack of evidence included",
    arguments: Aggregation.allCases, seeds(150))
  func againstReference(aggregation: Aggregation, seed: UInt64) throws {
    let example = LoopExample(seed: seed)
    guard example.statistics.counts.contains(where: { $0 > 0 }) else { return }
    let merges = try merges(example, aggregation, room: [0, 5, .max][Int(seed % 3)]).merges
    let expected = ReferenceLoop.merges(example.statistics, aggregation, evidence: example.reassigned)
    #expect(merges.count == expected.count)
    for (merge, step) in zip(merges, expected) {
      let reference = step.merge
      #expect(
        [merge.step, merge.lowest, merge.partner, merge.node, merge.clusters, merge.samples]
          == [
            reference.step, reference.lowest, reference.partner, reference.node, reference.clusters, reference.samples,
          ])
      #expect(isClose(merge.score, reference.score), "\(merge) \(reference)")
      #expect(abs(merge.gap - reference.gap) <= 1e-12 * max(reference.gap, 1e-3), "\(merge) \(reference)")
      #expect(isClose(merge.reassigned, reference.reassigned), "\(merge) \(reference)")
      #expect(isClose(merge.share, reference.share), "\(merge) \(reference)")
      #expect(abs(merge.margin - reference.margin) <= 1e-12, "\(merge) \(reference)")
      if step.closeness.allSatisfy({ abs($0 - 1) > 1e-6 }) {
        #expect(merge.isNearTie == reference.isNearTie, "\(merge) \(reference)")
      }
    }
  }

  /// Clusters with a row each, all alike certain.
  private func alike(_ clusters: Int) -> ClusterStatistics {
    ClusterStatistics(
      counts: Array(repeating: 1, count: clusters), doubts: Array(repeating: 1 << 38, count: clusters))
  }

  /// Runs a new loop once, without sketches.
  private func run(
    _ statistics: ClusterStatistics, _ aggregation: Aggregation, _ evidence: ExactEvidence
  ) throws -> MergeLoop.Outcome {
    var evidence = FixedEvidence(exact: evidence)
    var loop = MergeLoop(statistics, aggregation: aggregation)
    return try loop.run(&evidence)
  }

  @Test("Without evidence the loop asks for all groups; with that of single clusters, for the groups made since")
  func asks() throws {
    let all = try run(alike(4), .mean, [:]).pending
    #expect(Set(all) == Set((0..<4).map { Group([$0]) }))

    // All scores tie for good, so the smallest nodes merge: 0 with 1, 2 with 3, and then the two nodes.
    var evidence: ExactEvidence = [:]
    for cluster in 0..<4 {
      evidence[Group([cluster])] = ReassignedProbability(clusters: [cluster ^ 1], sums: [1 << 39])
    }
    let pairs = try run(alike(4), .mean, evidence).pending
    #expect(Set(pairs) == [Group([0, 1]), Group([2, 3])])

    evidence[Group([0, 1])] = ReassignedProbability(clusters: [], sums: [])
    let outcome = try run(alike(4), .mean, evidence)
    let merges = outcome.merges
    #expect(outcome.pending.isEmpty)
    #expect(merges.map(\.lowest) == [0, 2, 4])
    #expect(merges.map(\.partner) == [1, 3, 5])
    #expect(merges.map(\.margin) == [1, 1, 1])
    #expect(merges.map(\.share) == [1, 1, 0])
  }

  @Test("One cluster with rows needs no merge and no evidence")
  func single() throws {
    let statistics = ClusterStatistics(counts: [0, 5, 0], doubts: [0, 1, 0])
    let outcome = try run(statistics, .sumOfMeans, [:])
    #expect(outcome.pending.isEmpty && outcome.merges.isEmpty)
  }

  @Test("A chain of 20,000 merges works")
  func chain() throws {
    let clusters = 20_001
    // The later the cluster, the more certain; each goes to the one before it, so all join the first pair in turn.
    let statistics = ClusterStatistics(
      counts: Array(repeating: 1, count: clusters), doubts: (0..<clusters).map { UInt128(1 << 39 - $0) })
    var evidence: ExactEvidence = [:]
    for cluster in 0..<clusters {
      evidence[Group([cluster])] = ReassignedProbability(clusters: [cluster == 0 ? 1 : cluster - 1], sums: [1 << 30])
    }
    let outcome = try run(statistics, .sumOfMeans, evidence)
    let merges = outcome.merges
    #expect(outcome.pending.isEmpty)
    #expect(merges.count == clusters - 1)
    #expect(merges.dropFirst().allSatisfy { $0.lowest == $0.step && $0.partner == $0.node - 1 })
    #expect(merges.last?.clusters == clusters)
  }
}
