import Hierarchy
import KernelInterface
import LogitStream
import LogitsToHierarchy
import TestSupport
import Testing

@testable import KernelUnderTest

@Suite("Rows are assigned to groups and nodes")
struct RowPlacerTests {
  private typealias Placement = (placement: Int, probability: Double)

  /// Assigns one row of logits by the kernel.
  private func assign(_ row: [Float], _ hierarchy: ClusterHierarchy, _ rule: PlacementRule) throws -> Placement? {
    let tables = try PlacementTables(hierarchy, rule)
    let assigner = RowPlacer(clusters: row.count, scale: Float.Logits(temperature: 1))
    let assigned = row.withUnsafeBytes { bytes in
      bytes.baseAddress.flatMap { pointer in
        switch tables.target {
        case .groups(let table): assigner.group(pointer, table)
        case .nodes(let table, let threshold):
          assigner.node(pointer, table, reaching: threshold)
        }
      }
    }
    withExtendedLifetime(tables) {}
    return assigned.map { (Int($0.placement), Double($0.probability)) }
  }

  /// Softmax probabilities of nodes, by the definition.
  private struct Masses {
    let hierarchy: ClusterHierarchy
    private var masses: [Double]

    init(_ row: [Float], _ hierarchy: ClusterHierarchy) {
      self.hierarchy = hierarchy
      let top = Double(row.max() ?? 0)
      let terms = row.map { RowOracle.exponential(Double($0) - top) }
      let all = terms.reduce(0, +)
      masses = terms.map { $0 / all }
      for merge in hierarchy.merges { masses.append(masses[merge.lowest] + masses[merge.partner]) }
    }

    subscript(node: Int) -> Double { masses[node] }

    /// The node by the definition; nil if rounding may decide.
    func node(reaching threshold: Double) -> Int? {
      var node = hierarchy.root
      guard abs(masses[node] - threshold) > 1e-6 else { return nil }
      guard masses[node] >= threshold else { return -1 }
      while let (first, second) = hierarchy.children(of: node) {
        let larger = masses[first] >= masses[second] ? first : second
        guard abs(masses[larger] - threshold) > 1e-6, abs(masses[first] - masses[second]) > 1e-6 else { return nil }
        guard masses[larger] >= threshold else { break }
        node = larger
      }
      return node
    }
  }

  @Test("In random trees, some of whose clusters have no samples", arguments: seeds(60))
  func random(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let clusters = random.int(3...70)
    let tree = try ClusterHierarchy.random(clusters, &random)
    let cut = try Cut(tree, into: random.int(1...tree.leaves.count))
    for _ in 0..<30 {
      let spread = Double.random(in: 0.1...8, using: &random)
      let row = (0..<clusters).map { _ in random.happens(0.1) ? -Float.infinity : Float(random.normal() * spread) }
      let masses = Masses(row, tree)
      guard row.contains(where: { $0 > -.infinity }) else { continue }

      let group = try #require(try assign(row, tree, .groups(cut.groups.count)))
      let likeliest = tree.leaves.reduce(tree.leaves[0]) { row[$1] > row[$0] ? $1 : $0 }
      if row[likeliest] > -.infinity {
        let expected = try #require(cut.groupOfCluster[likeliest])
        #expect(group.placement == expected)
        #expect(abs(group.probability - masses[cut.groups[expected].node]) < 1e-6)
      } else {
        #expect(group.placement == -1 && group.probability == 0)
      }

      for threshold in [0.05, 0.4, 0.5, 0.9, 0.999] {
        let found = try #require(try assign(row, tree, .confidence(threshold)))
        if let expected = masses.node(reaching: threshold) { #expect(found.placement == expected, "\(threshold)") }
        let mass = masses[found.placement >= 0 ? found.placement : tree.root]
        #expect(abs(found.probability - mass) < 1e-6)
      }
    }
  }

  @Test("Of equals, the first cluster and the child with the smaller id")
  func ties() throws {
    let tree = try ClusterHierarchy.four()
    // Tree order: (1, 2), (0, 3).
    #expect(try assign([1, 1, 1, 1], tree, .groups(2))?.placement == 1)
    #expect(try assign([0, 1, 1, 1], tree, .groups(2))?.placement == 0)
    #expect(try assign([1, 1, 1, 1], tree, .confidence(0.5))?.placement == 4)
    #expect(try assign([1, 1, 1, 1], tree, .confidence(0.25))?.placement == 1)
    #expect(try assign([1, 1, 1, 1], tree, .confidence(0.51))?.placement == 6)
  }

  @Test("A confidence of 1 is reached by the root, where all clusters are in the tree", arguments: seeds(20))
  func certainty(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let tree = try ClusterHierarchy.chain(37)
    let row = (0..<37).map { _ in Float(random.normal()) }
    #expect(try assign(row, tree, .confidence(1))?.placement == tree.root)
    #expect(try assign([0, 200] + row.dropFirst(2), tree, .confidence(1))?.placement == 1)
  }

  @Test("No node reaches what clusters without samples have")
  func outside() throws {
    let tree = try ClusterHierarchy.joining([(0, 1)], names: ["a", "b", "c"], empty: [2])
    let none = try #require(try assign([0, 0, 5], tree, .confidence(0.5)))
    #expect(none.placement == -1)
    #expect(abs(none.probability - 2 / (2 + RowOracle.exponential(5))) < 1e-6)
    #expect(try assign([0, 1, 5], tree, .groups(2))?.placement == 1)
  }

  @Test("Chains of 20,000 clusters")
  func chain() throws {
    let clusters = 20_000
    let tree = try ClusterHierarchy.chain(clusters)
    var row = [Float](repeating: 0, count: clusters)
    row[clusters - 1] = 8
    let masses = Masses(row, tree)
    for threshold in [0.1, 0.3, 0.7, 0.95] {
      let found = try #require(try assign(row, tree, .confidence(threshold)))
      // Which of two neighbours is of no importance: they differ by a hundredth of what may be lost in rounding.
      #expect(masses[found.placement] >= threshold - 1e-6)
      if let expected = masses.node(reaching: threshold) { #expect(found.placement == expected) }
      #expect(abs(found.probability - masses[found.placement]) < 1e-6)
    }
    let group = try #require(try assign(row, tree, .groups(10_000)))
    #expect(group.placement == (try Cut(tree, into: 10_000).groupOfCluster[clusters - 1]))
  }

  @Test("Invalid rows are refused")
  func invalid() throws {
    let tree = try ClusterHierarchy.four()
    for rule in [PlacementRule.groups(2), .confidence(0.9)] {
      #expect(try assign([0, .nan, 1, 2], tree, rule) == nil)
      #expect(try assign([0, .infinity, 1, 2], tree, rule) == nil)
      #expect(try assign([Float](repeating: -.infinity, count: 4), tree, rule) == nil)
    }
  }
}
