import Foundation
import KernelInterface
import LogitsToHierarchy
import TestSupport
import Testing

@testable import KernelUnderTest

@Suite("Bounds from sketches")
struct SketchBoundsTests {
  /// Compares a row's interval for a group of its own with the definition, and with what an exact pass gives.
  private func check<Scale: LogitScale>(
    _ row: [Scale.Value], logits: [Double], width: Int, temperature: Double, _ random: inout SeededGenerator,
    _: Scale.Type
  ) {
    let clusters = row.count
    let assignment = RowOracle(logits: logits, group: [], temperature: temperature).assignment
    // Mostly of clusters that are near, as the method's groups are.
    let order = row.indices.sorted { row[$0] > row[$1] }
    let size = random.int(1...clusters - 1)
    let near = random.happens(0.7) ? Array(order.prefix(size)) : row.indices.filter { _ in random.happens(0.5) }
    var group = Set(near)
    group.insert(assignment)
    if group.count == clusters { group.remove(order[clusters - 1] == assignment ? order[0] : order[clusters - 1]) }
    let oracle = RowOracle(logits: logits, group: group, temperature: temperature)

    let format = SketchFormat(width: width, clusters: clusters, isDouble: Scale.Value.self == Double.self)
    let isMember = FixedBuffer<UInt8>(row.indices.map { group.contains($0) ? 1 : 0 })
    let interval = withSketch(row, width: width, temperature: temperature, Scale.self) { sketch, _ in
      SketchBounds(
        scale: Scale(temperature: temperature), width: format.width, clusters: clusters, groupSize: group.count,
        isMember: isMember.start
      ).interval(sketch.values, sketch.clusters, rest: sketch.rest)
    }
    let kernel = RowKernel(clusters: clusters, scale: Scale(temperature: temperature))
    let exact = kernel.outcome(row, PassTargets([Group(Array(group))], clusters: clusters))?.reassignment
    // Only where something is wrong: numbers take long to be written.
    func about() -> String { "\(row), group \(group.sorted()), width \(width), temperature \(temperature)" }
    switch interval {
    case .resolved(let cluster, let lower, let upper):
      #expect(cluster == oracle.target && cluster == exact?.cluster, "\(about())")
      #expect(lower <= upper && upper <= 1)
      // To what a float32 pass itself may be off, against the definition; to one unit, against the pass.
      #expect(lower <= oracle.probability * (1 + 1e-6) && oracle.probability <= upper * (1 + 1e-6), "\(about())")
      let probability = exact?.probability ?? -1
      #expect(lower <= probability + 0x1p-41 && probability <= upper + 0x1p-41, "\(about())")
      if format.width == clusters { #expect(upper - lower <= 1e-12) }
    case .nothing:
      #expect(oracle.target == nil && exact == nil, "\(about())")
    case .unresolved:
      #expect(group.isSuperset(of: order.prefix(format.width - 1)) || format.width == 1, "\(about())")
    case nil:
      Issue.record("no sketch of \(about())")
    }
  }

  @Test(
    "The exact probability lies within the interval, whatever the row, group and width", arguments: RowKind.allCases,
    [1, 0.5, 3])
  func contained(kind: RowKind, temperature: Double) {
    var random = SeededGenerator(seed: 77)
    for _ in 0..<extent(120, debugging: 40) {
      let clusters = random.int(2...70)
      let width = [1, 2, 4, 16, 32][random.int(0...4)]
      let doubles = kind.row(clusters, &random)
      check(doubles, logits: doubles, width: width, temperature: temperature, &random, Double.Logits.self)
      let floats = doubles.map { Float($0) }
      check(
        floats, logits: floats.map { Double($0) }, width: width, temperature: temperature, &random, Float.Logits.self)
      let top = doubles.max() ?? 0
      let probabilities = doubles.map { Float(0.5 * exp($0 - top)) }
      check(
        probabilities, logits: probabilities.map { log(Double($0)) }, width: width, temperature: temperature, &random,
        Float.Probabilities.self)
    }
  }
}

@Suite("Targets")
struct PassTargetsTests {
  /// A chain of groups around a cluster, each in the next, and some disjoint from it.
  private func nested(_ clusters: Int, _ random: inout SeededGenerator) -> [Group] {
    let order = (0..<clusters).shuffled(using: &random)
    var groups: [Group] = []
    var size = random.int(1...3)
    while size < clusters * 2 / 3 {
      groups.append(Group(Array(order.prefix(size))))
      size += random.int(1...clusters / 3)
    }
    groups.append(Group(Array(order.suffix(2))))
    groups.append(Group(Array(order.suffix(clusters / 4))))
    return Array(Set(groups)).shuffled(using: &random)
  }

  @Test("What a row gives for a group has the same bits whatever else is asked for", arguments: seeds(40))
  func independent(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let clusters = random.int(12...60)
    let groups = nested(clusters, &random)
    let targets = PassTargets(groups, clusters: clusters)
    let kernel = RowKernel(clusters: clusters, scale: Float.Logits(temperature: 1))
    for _ in 0..<extent(30, debugging: 15) {
      let kind = RowKind.allCases[random.int(0...RowKind.allCases.count - 1)]
      let row = kind.row(clusters, &random).map { Float($0) }
      let outcomes = row.withUnsafeBytes { bytes in
        bytes.baseAddress.flatMap { kernel.outcomes($0, targets) }
      }
      guard let (outcome, reassigned) = outcomes else {
        Issue.record("a valid row was refused")
        continue
      }
      let found = Dictionary(uniqueKeysWithValues: reassigned.map { ($0.slot, $0) })
      for (slot, group) in groups.enumerated() {
        let alone = kernel.outcome(row, PassTargets([group], clusters: clusters))
        #expect(found[slot]?.cluster == alone?.reassignment?.cluster)
        #expect(found[slot]?.probability.bitPattern == alone?.reassignment?.probability.bitPattern)
        if !group.clusters.contains(outcome.assignment) { #expect(found[slot] == nil) }
      }
    }
  }
}
