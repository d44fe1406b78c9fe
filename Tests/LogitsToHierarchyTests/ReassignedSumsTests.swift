import KernelInterface
import LogitsToHierarchy
import TestSupport
import Testing

@Suite("Sums of reassigned probability")
struct ReassignedSumsTests {
  @Test("Of few keys among many, carried beyond 64 bits", arguments: seeds(8))
  func sparse(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    var sums = SparseSums()
    for _ in 0..<2 {
      var expected: [Int: UInt128] = [:]
      let keys = (0..<random.int(1...3000)).map { _ in random.int(0...1 << 36) }
      for _ in 0..<20_000 {
        let key = keys[random.int(0...keys.count - 1)]
        let amount = random.happens(0.1) ? 0 : random.happens(0.5) ? UInt64.max - random.next() % 1000 : random.next()
        sums.add(amount, at: key)
        if amount > 0 { expected[key, default: 0] += UInt128(amount) }
      }
      #expect(sums.count == expected.count)
      #expect(sums.sorted().map(\.key) == expected.keys.sorted())
      #expect(sums.sorted().allSatisfy { expected[$0.key] == $0.sum && sums[$0.key] == $0.sum })
      #expect(sums[1 << 40] == 0)
      sums.reset()
      #expect(sums.sorted().isEmpty && sums[keys[0]] == 0)
    }
  }

  @Test("A table and the sums that are not zero tell the same", arguments: seeds(20))
  func sameEvidence(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let clusters = random.int(3...30)
    // Of the last two groups, nothing is reassigned from the one.
    let groups = (0..<clusters).map { Group([$0]) } + [Group([0, 1]), Group([0, 1, 2])]
    var dense = ReassignedSums(targets: groups.count, clusters: clusters, isDense: true)
    var sparse = ReassignedSums(targets: groups.count, clusters: clusters, isDense: false)
    for _ in 0..<2 {
      var expected = ExactEvidence()
      for group in groups.suffix(2) { expected[group] = .nothing }
      for slot in groups.indices where slot != clusters && random.happens(0.7) {
        var sums: [Int: UInt128] = [:]
        let reassigned = (0..<random.int(1...50)).map { _ in
          Reassignment(
            slot: slot, cluster: random.int(0...clusters - 1), probability: Double.random(in: 0.001...1, using: &random)
          )
        }
        for one in reassigned { sums[one.cluster, default: 0] += UInt128(FixedPoint.rounded(one.probability)) }
        reassigned.withUnsafeBufferPointer {
          dense.add($0)
          sparse.add($0)
        }
        let sorted = sums.sorted { $0.key < $1.key }
        expected[groups[slot]] = ReassignedProbability(clusters: sorted.map(\.key), sums: sorted.map(\.value))
      }
      #expect(dense.evidence(of: groups) == expected)
      #expect(sparse.evidence(of: groups) == expected)
      dense.reset()
      sparse.reset()
    }
  }
}
