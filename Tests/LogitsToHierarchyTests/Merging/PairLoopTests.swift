import Hierarchy
import LogitsToHierarchy
import TestSupport
import Testing

/// The loop over all pairs by its definition, with exact fractions.
private struct ReferencePairs {
  struct Step {
    let giver: Int
    let receiver: Int
    let average: Double
    /// Of all pairs of other groups.
    let second: Double
    let share: Double
  }

  static func steps(
    _ statistics: ClusterStatistics, isPerRow: Bool, evidence: (Group) -> [Int: UInt64]
  ) -> [Step] {
    typealias Fraction = ReferenceLoop.Fraction
    var groups: [Int: Set<Int>] = [:]
    for cluster in statistics.counts.indices where statistics.counts[cluster] > 0 { groups[cluster] = [cluster] }
    var steps: [Step] = []
    while groups.count > 1 {
      var pairs: [(giver: Int, receiver: Int, average: Fraction, share: Double)] = []
      for (giver, members) in groups.sorted(by: { $0.key < $1.key }) {
        let given = evidence(Group(Array(members)))
        let total = given.values.reduce(0) { $0 + Double($1) }
        let rows = isPerRow ? members.reduce(0) { $0 + statistics.counts[$1] } : 1
        for (receiver, others) in groups.sorted(by: { $0.key < $1.key }) where receiver != giver {
          let sum = others.reduce(Int128(0)) { $0 + Int128(given[$1] ?? 0) }
          pairs.append(
            (
              giver, receiver, Fraction(numerator: sum, denominator: Int128(others.count * rows)),
              total == 0 ? 0 : Double(sum) / total
            ))
        }
      }
      // The first of equals: the smaller giver, then the smaller receiver.
      let best = pairs.reduce(pairs[0]) { $1.average > $0.average ? $1 : $0 }
      let others = pairs.filter { Set([$0.giver, $0.receiver]) != [best.giver, best.receiver] }
      let second = others.map(\.average).max() ?? Fraction(numerator: 0)
      groups[statistics.clusters + steps.count] =
        (groups.removeValue(forKey: best.giver) ?? []).union(groups.removeValue(forKey: best.receiver) ?? [])
      steps.append(
        Step(
          giver: best.giver, receiver: best.receiver, average: best.average.double * 0x1p-40,
          second: second.double * 0x1p-40, share: best.share))
    }
    return steps
  }
}

@Suite("Merging the best of all pairs")
struct PairLoopTests {
  /// Bounds around what a group gives: some clusters' sums are not known well, and some rows go nobody knows where.
  private func bounds(_ example: LoopExample, _ group: Group, seed: UInt64) -> ReassignedBounds {
    var random = SeededGenerator(seed: seed &+ group.clusters.reduce(1) { $0 &* 31 &+ UInt64($1) })
    let sums = example.reassigned(group).sorted { $0.key < $1.key }
    guard group.clusters.count > 1 else {
      return ReassignedBounds(
        ReassignedProbability(clusters: sums.map(\.key), sums: sums.map { UInt128($0.value) }))
    }
    let isWide = random.happens(0.5)
    let lower = sums.map { UInt128($0.value) - (isWide ? UInt128($0.value) / UInt128(random.int(2...9)) : 0) }
    let upper = sums.map { UInt128($0.value) + (isWide ? UInt128($0.value) / UInt128(random.int(2...9)) : 0) }
    return ReassignedBounds(
      clusters: sums.map(\.key), lower: lower, upper: upper,
      unresolved: random.happens(0.2) ? random.int(1...2) : 0)
  }

  private func merges(
    _ example: LoopExample, isPerRow: Bool, hasBounds: Bool, seed: UInt64, room: Int
  ) throws -> [Merge] {
    var evidence = FixedEvidence(room: room)
    if hasBounds { evidence.bounds = { bounds(example, $0, seed: seed) } }
    var loop = PairLoop(example.statistics, aggregation: .sumOfMeans, isPerRow: isPerRow)
    for _ in 1...1000 {
      let outcome = try loop.run(&evidence)
      guard !outcome.pending.isEmpty else { return outcome.merges }
      #expect(outcome.pending.allSatisfy { evidence.exact[$0] == nil })
      #expect(Set(outcome.pending).count == outcome.pending.count)
      for (index, group) in outcome.pending.enumerated() {
        for other in outcome.pending[..<index] {
          let (first, second) = (Set(group.clusters), Set(other.clusters))
          #expect(first.isDisjoint(with: second) || first.isSubset(of: second) || second.isSubset(of: first))
        }
      }
      evidence.exact.merge(example.evidence(outcome.pending)) { old, _ in old }
    }
    Issue.record("the loop asks without end")
    return []
  }

  @Test(
    "The merges are those of the definition, ties, empty clusters, bounds and lack of evidence included",
    arguments: [false, true], seeds(200))
  func againstReference(isPerRow: Bool, seed: UInt64) throws {
    let example = LoopExample(seed: seed)
    guard example.statistics.counts.contains(where: { $0 > 0 }) else { return }
    let expected = ReferencePairs.steps(example.statistics, isPerRow: isPerRow, evidence: example.reassigned)
    for hasBounds in [false, true] {
      let found = try merges(
        example, isPerRow: isPerRow, hasBounds: hasBounds, seed: seed, room: [0, 5, .max][Int(seed % 3)])
      try #require(found.count == expected.count)
      for (merge, step) in zip(found, expected) {
        #expect(Set([merge.lowest, merge.partner]) == [step.giver, step.receiver], "\(merge) \(step)")
        #expect(merge.node == example.statistics.clusters + merge.step - 1)
        if merge.evidence == .exact {
          #expect(merge.lowest == step.giver)
          #expect(abs(merge.reassigned - step.average) <= 1e-12 * step.average)
          #expect(abs(merge.share - step.share) <= 1e-12)
        } else {
          #expect(merge.evidence == .sketch)
          #expect(merge.reassigned <= step.average * (1 + 1e-12))
        }
        // What nobody else gives for certain is not less than what they give.
        if merge.step < found.count, step.average > 0 {
          #expect(merge.margin <= 1 - step.second / step.average + 1e-12, "\(merge) \(step)")
        }
      }
    }
  }

  @Test("What is certain is decided by bounds alone, so that evidence from before makes no difference")
  func history() throws {
    for seed in seeds(60) {
      let example = LoopExample(seed: seed)
      guard example.statistics.counts.count(where: { $0 > 0 }) > 1 else { continue }
      let expected = try merges(example, isPerRow: false, hasBounds: true, seed: seed, room: .max)
      // All groups that there may be are known exactly.
      var evidence = FixedEvidence(room: .max)
      evidence.bounds = { bounds(example, $0, seed: seed) }
      var forest = GroupForest(
        clusters: example.statistics.clusters,
        alive: example.statistics.counts.indices.filter { example.statistics.counts[$0] > 0 })
      var known: [Group] = forest.aliveAscending.map { Group([$0]) }
      for merge in expected {
        let node = forest.merge(merge.lowest, merge.partner)
        known.append(Group(forest.clusters(of: node)))
      }
      evidence.exact = example.evidence(known)
      var loop = PairLoop(example.statistics, aggregation: .sumOfMeans, isPerRow: false)
      #expect(try loop.run(&evidence).merges == expected, "seed \(seed)")
    }
  }

  @Test("A long chain of merges works")
  func chain() throws {
    let clusters = extent(2001, debugging: 501)
    let statistics = ClusterStatistics(
      counts: Array(repeating: 1, count: clusters), doubts: Array(repeating: 1 << 39, count: clusters))
    // Each cluster goes to the one before it, the earlier the more; groups give nothing.
    var evidence = FixedEvidence()
    evidence.bounds = { group in
      let cluster = group.clusters[0]
      guard group.clusters.count == 1 else { return ReassignedBounds(.nothing) }
      return ReassignedBounds(
        ReassignedProbability(clusters: [cluster == 0 ? 1 : cluster - 1], sums: [UInt128(1 << 30 - cluster)]))
    }
    var loop = PairLoop(statistics, aggregation: .sumOfMeans, isPerRow: false)
    let outcome = try loop.run(&evidence)
    #expect(outcome.pending.isEmpty && outcome.merges.count == clusters - 1)
    #expect(outcome.merges.last?.clusters == clusters)
  }
}
