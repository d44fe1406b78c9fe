import Hierarchy
import LogitsToHierarchy
import TestSupport
import Testing

@Suite("Certified partners")
struct CertificationTests {
  /// Bounds that leave room, and an R that lies within them.
  private struct Case {
    var bounds: ReassignedBounds
    var exact: [ReassignedProbability] = []

    init(_ outside: [Int], _ random: inout SeededGenerator) {
      let clusters = outside.sorted().filter { _ in random.happens(0.6) }
      let spread = [0, 0, 1, 50][random.int(0...3)]
      let lower = clusters.map { _ in UInt128(random.int(0...1000)) << 32 }
      let upper = lower.map { $0 + UInt128(random.int(0...spread)) << 32 }
      bounds = ReassignedBounds(
        clusters: clusters, lower: lower, upper: upper, unresolved: random.happens(0.3) ? random.int(1...4) : 0)
      for _ in 0..<6 {
        var sums = Dictionary(
          uniqueKeysWithValues: clusters.indices.map { index in
            let room = Int(upper[index] - lower[index])
            return (clusters[index], lower[index] + UInt128(random.int(0...room)))
          })
        // Each unresolved row goes to some one cluster outside, with some probability.
        for _ in 0..<bounds.unresolved {
          let cluster = outside[random.int(0...outside.count - 1)]
          sums[cluster, default: 0] += UInt128(random.happens(0.5) ? 1 << 40 : random.int(0...1 << 40))
        }
        let listed = sums.sorted { $0.key < $1.key }
        exact.append(ReassignedProbability(clusters: listed.map(\.key), sums: listed.map(\.value)))
      }
    }
  }

  @Test(
    "A certified partner is the partner of every R within the bounds, and the figures are bounds", arguments: seeds(60))
  func sound(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let clusters = random.int(3...14)
    let alive = (0..<clusters).filter { $0 < 2 || !random.happens(0.15) }
    var forest = GroupForest(clusters: clusters, alive: alive)
    var search = PartnerSearch(nodes: 2 * clusters)
    var certified = 0
    while forest.count > 1 {
      for _ in 0..<20 {
        let lowest = Array(forest.aliveAscending)[random.int(0...forest.count - 1)]
        let members = Set(forest.clusters(of: lowest))
        let example = Case((0..<clusters).filter { !members.contains($0) }, &random)
        guard let choice = search.certifiedPartner(of: lowest, example.bounds, among: &forest) else {
          #expect(forest.count > 2, "the only other group is the partner")
          continue
        }
        certified += 1
        for exact in example.exact {
          let truth = search.partner(of: lowest, exact, among: &forest)
          #expect(choice.partner == truth.partner)
          #expect(choice.average <= truth.average)
          #expect(choice.share <= truth.share + 1e-15)
          #expect(choice.margin <= truth.margin + 1e-15)
        }
      }
      let pair = forest.aliveAscending.shuffled(using: &random)
      _ = forest.merge(pair[0], pair[1])
    }
    #expect(certified > 0)
  }

  @Test("An exact tie is not certified, unless certainly nothing was reassigned")
  func ties() {
    var forest = GroupForest(clusters: 4, alive: [0, 1, 2, 3])
    var search = PartnerSearch(nodes: 8)
    let tie = ReassignedBounds(ReassignedProbability(clusters: [1, 2], sums: [1 << 30, 1 << 30]))
    #expect(search.certifiedPartner(of: 0, tie, among: &forest) == nil)
    let nothing = ReassignedBounds(clusters: [], lower: [], upper: [], unresolved: 0)
    let choice = search.certifiedPartner(of: 0, nothing, among: &forest)
    #expect(choice?.partner == 1 && choice?.margin == 0 && choice?.share == 0)
    let unknown = ReassignedBounds(clusters: [], lower: [], upper: [], unresolved: 1)
    #expect(search.certifiedPartner(of: 0, unknown, among: &forest) == nil)
  }

  @Test(
    "A partner ahead by less than 1e-5 is not certified",
    arguments: [(9_999_950, false), (9_999_901, false), (9_999_890, true)])
  func margin(second: Int, certified: Bool) {
    var forest = GroupForest(clusters: 3, alive: [0, 1, 2])
    var search = PartnerSearch(nodes: 6)
    let bounds = ReassignedBounds(
      ReassignedProbability(clusters: [1, 2], sums: [10_000_000 << 20, UInt128(second) << 20]))
    #expect((search.certifiedPartner(of: 0, bounds, among: &forest) != nil) == certified)
  }

  @Test("The loop takes sketches where they decide, exact evidence where not, and else estimates and says so")
  func kinds() throws {
    let statistics = ClusterStatistics(counts: [1, 1, 1], doubts: [3 << 38, 2 << 38, 1 << 38])
    let wide = ReassignedBounds(clusters: [1, 2], lower: [0, 1 << 30], upper: [3 << 30, 2 << 30], unresolved: 0)
    let narrow = ReassignedBounds(ReassignedProbability(clusters: [1, 2], sums: [1 << 30, 3 << 30]))
    let exact = [Group([0]): ReassignedProbability(clusters: [1, 2], sums: [2 << 30, 1 << 30])]
    func run(_ bounds: ReassignedBounds, _ exact: ExactEvidence) throws -> MergeLoop.Outcome {
      var source = FixedEvidence(exact: exact) { group in
        if group == Group([0]) { return bounds }
        let outside = (0..<3).filter { !group.clusters.contains($0) }
        return ReassignedBounds(ReassignedProbability(clusters: [outside[0]], sums: [1 << 30]))
      }
      var loop = MergeLoop(statistics, aggregation: .sumOfMeans)
      return try loop.run(&source)
    }
    let bySketch = try run(narrow, exact)
    #expect(bySketch.merges[0].evidence == .sketch && bySketch.merges[0].partner == 2 && bySketch.pending.isEmpty)
    let byExact = try run(wide, exact)
    #expect(byExact.merges[0].evidence == .exact && byExact.merges[0].partner == 1 && byExact.pending.isEmpty)
    let guessed = try run(wide, [:])
    #expect(guessed.merges[0].evidence == .estimate && guessed.pending == [Group([0])])
    #expect(guessed.merges.count == 2, "the loop goes on after an estimate")
    #expect(guessed.merges[1].evidence == .estimate, "what follows a guess is none the better")
    #expect(guessed.guesses == [1])
  }

  @Test("What nothing more will be known of is a near tie if bounds leave no more than that open, and else a guess")
  func final() throws {
    let statistics = ClusterStatistics(counts: [1, 1, 1], doubts: [3 << 38, 2 << 38, 1 << 38])
    let group = Group([0])
    func first(_ sums: [UInt128], upper: [UInt128], final: Set<Group>) throws -> Merge {
      let bounds = ReassignedBounds(clusters: [1, 2], lower: sums, upper: upper, unresolved: 0)
      var source = FixedEvidence { asked in
        let outside = (0..<3).filter { !asked.clusters.contains($0) }
        return asked == group
          ? bounds : ReassignedBounds(ReassignedProbability(clusters: [outside[0]], sums: [1 << 30]))
      }
      source.final = final
      var loop = MergeLoop(statistics, aggregation: .sumOfMeans)
      return try loop.run(&source).merges[0]
    }
    let one: UInt128 = 1 << 40
    let close = try first([one, one - 1], upper: [one + 1, one + 1], final: [group])
    #expect(close.partner == 1 && close.evidence == .sketch && close.isNearTie && close.margin == 0)
    #expect(try first([one, one - 1], upper: [one + 1, one + 1], final: []).evidence == .estimate)
    let open = try first([one, one - 1], upper: [one + 1, one + one / 50_000], final: [group])
    #expect(open.evidence == .estimate)
  }

  @Test("The gap is what is certain of it, if scores may be off; where they meet, it is a near tie")
  func gaps() throws {
    func first(_ errors: [UInt128]?) throws -> Merge {
      let statistics = ClusterStatistics(counts: [1, 1, 1], doubts: [3 << 38, 2 << 38, 1 << 38], doubtErrors: errors)
      var loop = MergeLoop(statistics, aggregation: .sumOfMeans)
      var source = FixedEvidence { group in
        ReassignedBounds(
          ReassignedProbability(
            clusters: [(0..<3).first { !group.clusters.contains($0) } ?? 0], sums: [1 << 30]))
      }
      return try loop.run(&source).merges[0]
    }
    #expect(try first(nil).gap == 0.25)
    #expect(try first([0, 0, 0]).gap == 0.25)
    #expect(try first([1 << 35, 1 << 36, 0]).gap == 0.25 - 0x1p-5 - 0x1p-4)
    // The third score may be below the second.
    #expect(try first([0, 0, 7 << 36]).gap == 0.5 - 7 * 0x1p-4)
    let meeting = try first([1 << 38, 1 << 36, 0])
    #expect(meeting.gap == 0 && meeting.isNearTie && meeting.evidence == .sketch)
  }
}
