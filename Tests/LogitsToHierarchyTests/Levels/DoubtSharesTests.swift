import Foundation
import Hierarchy
import KernelInterface
import LogitStream
import LogitsToHierarchy
import TestSupport
import Testing

@testable import KernelUnderTest

@Suite("How doubt is spread")
struct DoubtSharesTests {
  @Test(
    "A sketch tells the probability of each cluster it keeps, and that of all others together", arguments: seeds(20))
  func parts(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    for (clusters, width) in [(2, 1), (3, 3), (10, 4), (40, 16), (40, 17), (60, 33), (20, 20)] {
      let row = (0..<clusters).map { _ in Double(Float(3 * random.normal())) }
      let whole = row.map { exp($0 - (row.max() ?? 0)) }
      let probabilities = whole.map { $0 / whole.reduce(0, +) }
      var parts = [UInt64](repeating: 7, count: width)
      let kept: [Int]? = withSketch(row.map { Float($0) }, width: width, Float.Logits.self) { sketch, _ in
        let doubt = SketchDoubt(scale: Float.Logits(temperature: 1), width: width)
        doubt.write(sketch.values, rest: sketch.rest, to: &parts)
        return (0..<width).map { Int(sketch.clusters[$0]) }
      }
      guard let kept else {
        Issue.record("no sketch")
        continue
      }
      for place in 1..<max(1, width) {
        #expect(abs(Double(parts[place]) * 0x1p-40 - probabilities[kept[place]]) < 1e-6)
      }
      let rest = (0..<clusters).filter { !kept.contains($0) }.reduce(0) { $0 + probabilities[$1] }
      #expect(abs(Double(parts[0]) * 0x1p-40 - rest) < 1e-5)
    }
  }

  @Test(
    "Where a row would tell of too many clusters it tells of the largest, and no doubt gets lost", arguments: seeds(10))
  func largest(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let own = 3
    let sums = (0..<50).map { $0 == own || $0 % 7 == 0 ? 0 : UInt128(random.int(0...999)) << 40 }
    let touched = sums.indices.filter { sums[$0] > 0 }
    for most in [1, 10, touched.count - 1, touched.count, 49] {
      var beyond = sums
      let (clusters, share) = DoubtShares.largest(most, of: touched, &beyond)
      #expect(clusters == clusters.sorted() && clusters.count == min(most, touched.count))
      let least = clusters.map { sums[$0] }.min() ?? 0
      #expect(touched.allSatisfy { clusters.contains($0) || sums[$0] <= least })
      #expect(clusters.allSatisfy { beyond[$0] + share == sums[$0] })
      let found = clusters.reduce(share * 49) { $0 + beyond[$1] }
      let whole = sums.reduce(0, +)
      #expect(found <= whole && whole - found < 49, "rounded down, by less than one for each cluster")
    }
  }

  @Test("Two clusters meet at the merge that first has both", arguments: seeds(5))
  func meetings(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let hierarchy = try ClusterHierarchy.random(40, &random)
    let steps = MeetingSteps(clusters: 40, merges: hierarchy.merges.map { ($0.lowest, $0.partner) })
    let leaves = hierarchy.leaves
    for a in leaves {
      for b in leaves where a != b {
        let first = hierarchy.merges.firstIndex {
          Set(hierarchy.leaves(below: $0.node)).isSuperset(of: [a, b])
        }
        #expect(steps.merge(of: a, b) == first)
      }
    }
  }
}

@Suite("Levels")
struct LevelCurveTests {
  /// Two groups of three; a cluster's doubt goes to its group but for a tenth.
  private static let shares = DoubtShares(
    rows: (0..<6).map { cluster in
      let others = (0..<6).filter { $0 != cluster }
      return DoubtShares.Row(
        clusters: others.map { Int32($0) },
        shares: others.map { UInt64(Double(1 << 40) * ($0 / 3 == cluster / 3 ? 0.45 : 0.1 / 3)) }, even: 0, doubt: 2)
    }, unknown: 0)
  private static let merges = [(0, 1), (3, 4), (6, 2), (7, 5), (8, 9)].map { (lowest: $0.0, partner: $0.1) }

  @Test("The doubt inside groups and by chance, and the corners of their curve, are those reckoned by hand")
  func curve() {
    let curve = LevelCurve(Self.shares, weights: Array(repeating: 1, count: 6), merges: Self.merges)
    for (found, expected) in zip(curve.inside, [0, 0.15, 0.3, 0.6, 0.9, 1]) { #expect(abs(found - expected) < 1e-9) }
    // Pairs in one group out of thirty.
    for (found, pairs) in zip(curve.chance, [0.0, 2, 4, 8, 12, 30]) { #expect(abs(found - pairs / 30) < 1e-9) }
    let corner = curve.corners.max { $0.before / $0.next < $1.before / $1.next }
    #expect(corner?.merges == 4)
    #expect(abs((corner?.before ?? 0) - 2.25) < 1e-6 && abs((corner?.next ?? 0) - 1.0 / 6) < 1e-6)
  }

  @Test("What each cluster has for others stays when it is shuffled; it is given to others, and a seed repeats it")
  func shuffled() throws {
    let statistics = ClusterStatistics(
      counts: Array(repeating: 5, count: 6), doubts: Array(repeating: 1 << 40, count: 6))
    let trees = ShuffledTrees(shares: Self.shares, statistics: statistics, aggregation: .sumOfMeans)
    let shuffled = trees.shuffled(seed: 3)
    #expect(shuffled == trees.shuffled(seed: 3) && shuffled != trees.shuffled(seed: 4))
    for (cluster, row) in shuffled.rows.enumerated() {
      #expect(row.shares.sorted() == Self.shares.rows[cluster].shares.sorted())
      #expect(row.clusters.count == 5 && Set(row.clusters).count == 5)
      #expect(!row.clusters.contains(Int32(cluster)))
    }
    let merges = try trees.merges(of: Self.shares)
    let groups = [merges[3].lowest, merges[3].partner, merges[4].lowest, merges[4].partner]
    #expect(merges.count == 5 && Set(groups).isSuperset(of: [9]), "the last merge joins the two groups")
  }
  @Test(
    "Trees of shares are those of the method, which adds up what all clusters of a group give", arguments: seeds(20))
  func merges(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let clusters = 24
    let counts = (0..<clusters).map { _ in random.int(0...5) }
    let alive = counts.indices.filter { counts[$0] > 0 }
    let statistics = ClusterStatistics(
      counts: counts, doubts: counts.map { UInt128($0) << UInt128(32 + random.int(0...7)) })
    let rows = counts.indices.map { cluster in
      let others = alive.filter { $0 != cluster && counts[cluster] > 0 && random.int(0...2) > 0 }
      return DoubtShares.Row(
        clusters: others.map { Int32($0) }, shares: others.map { _ in UInt64(random.int(0...(1 << 30))) }, doubt: 1)
    }
    let shares = DoubtShares(rows: rows, unknown: 0)
    let found = try ShuffledTrees(shares: shares, statistics: statistics, aggregation: .sumOfMeans).merges(of: shares)
    #expect(found.count == alive.count - 1)
    var groups = Dictionary(uniqueKeysWithValues: alive.map { ($0, [$0]) })
    for (index, merge) in found.enumerated() {
      let lowest = groups.removeValue(forKey: merge.lowest)
      let members = try #require(lowest)
      /// What a group gets, per cluster.
      func average(_ group: [Int]) -> Double {
        let sum = members.reduce(0) { sum, member in
          zip(rows[member].clusters, rows[member].shares).reduce(sum) { group.contains(Int($1.0)) ? $0 + $1.1 : $0 }
        }
        return Double(sum) / Double(group.count)
      }
      let most = groups.values.map(average).max() ?? 0
      let removed = groups.removeValue(forKey: merge.partner)
      let partner = try #require(removed)
      #expect(average(partner) == most)
      groups[clusters + index] = members + partner
    }
  }

  @Test("There are fewer trees the more shares each is made of")
  func treeCount() {
    func count(_ shares: Int) -> Int {
      let row = DoubtShares.Row(
        clusters: Array(repeating: 0, count: shares), shares: Array(repeating: 1, count: shares))
      return ShuffledTrees(
        shares: DoubtShares(rows: [row], unknown: 0), statistics: ClusterStatistics(counts: [1], doubts: [1]),
        aggregation: .sumOfMeans
      ).count
    }
    let counts = [0, 1000, 2_000_000, 9_000_000].map(count)
    #expect(counts == [99, 99, 50, 19])
  }
}
