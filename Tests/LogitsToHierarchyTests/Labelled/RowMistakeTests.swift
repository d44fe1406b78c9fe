import Hierarchy
import KernelInterface
import LogitStream
import LogitsToHierarchy
import TestSupport
import Testing

@testable import KernelUnderTest

@Suite("At which thresholds a labelled row is wrong")
struct RowMistakeTests {
  /// A tree with its leaves in order, and the kernel that places rows in it.
  private final class Placer {
    let hierarchy: ClusterHierarchy
    let tables: PlacementTables
    let kernel: RowPlacer<Float.Logits>
    let positions: [Int: Int]

    init(_ hierarchy: ClusterHierarchy) throws {
      self.hierarchy = hierarchy
      tables = try PlacementTables(hierarchy, .confidence(1))
      kernel = RowPlacer(clusters: hierarchy.clusters.count, scale: Float.Logits(temperature: 1))
      let leaves = hierarchy.leaves(below: hierarchy.root)
      positions = Dictionary(uniqueKeysWithValues: leaves.enumerated().map { ($1, $0) })
    }

    private var table: NodeTable {
      guard case .nodes(let table, _) = tables.target else { preconditionFailure("the rule is a confidence") }
      return table
    }

    func node(_ row: [Float], _ threshold: Double) -> Int? {
      row.withUnsafeBytes { bytes in
        bytes.baseAddress.flatMap { kernel.node($0, table, reaching: threshold) }
          .map { Int($0.placement) }
      }
    }

    func wrong(_ row: [Float], _ label: [Int], _ thresholds: [Double]) -> Int? {
      let members = FixedBuffer(label.compactMap { positions[$0] }.map { Int32($0) })
      let thresholds = FixedBuffer(thresholds)
      defer { withExtendedLifetime((members, thresholds)) {} }
      return row.withUnsafeBytes { bytes in
        bytes.baseAddress.flatMap {
          kernel.wrongThresholds(
            $0, table, LabelPositions(start: members.start, count: members.count),
            thresholds.start, thresholds.count)
        }
      }
    }
  }

  @Test("As placing the row at each of them says, ties included", arguments: seeds(40))
  func placing(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let clusters = random.int(3...40)
    let placer = try Placer(.random(clusters, &random))
    for _ in 0..<20 {
      // Logits of few values make sums that are equal to thresholds.
      let isTied = random.happens(0.5)
      let row = (0..<clusters).map { _ in
        isTied ? Float(random.int(0...1)) * -.infinity.magnitude : Float(random.normal() * 3)
      }.map { $0.isNaN ? 0 : -abs($0) }
      guard row.contains(where: { $0 > -.infinity }) else { continue }
      let label = (0..<random.int(1...2)).map { _ in random.int(0...clusters - 1) }
      let eighths = (1...clusters).map { Double($0) / Double(clusters) }
      let thresholds = Set(eighths + (0..<60).map { _ in Double.random(in: 0.001...1, using: &random) } + [0.5, 1])
        .sorted()
      let wrong = try #require(placer.wrong(row, label, thresholds))
      for (index, threshold) in thresholds.enumerated() {
        let node = try #require(placer.node(row, threshold))
        // Where the root lacks the threshold, a row is at the root.
        let isWrong = !placer.hierarchy.leaves(below: node >= 0 ? node : placer.hierarchy.root)
          .contains(where: label.contains)
        #expect(isWrong == (index < wrong), "seed \(seed), threshold \(threshold)")
      }
    }
  }

  @Test("A label that is not in the tree is wrong wherever the row is placed, and an invalid row has no answer")
  func strange() throws {
    let placer = try Placer(.four())
    #expect(placer.wrong([1, 2, 3, 4], [], [0.25, 0.5, 1]) == 4)
    #expect(placer.wrong([1, .nan, 3, 4], [0], [0.5]) == nil)
  }
}
