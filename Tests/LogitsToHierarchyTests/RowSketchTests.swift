import Foundation
import KernelInterface
import LogitStream
import LogitsToHierarchy
import TestSupport
import Testing

@testable import KernelUnderTest

/// Takes sketches of rows as a scan does.
func withSketch<Scale: LogitScale, Result>(
  _ row: [Scale.Value], width: Int, temperature: Double = 1, _: Scale.Type,
  _ body: (borrowing RowSketch<Scale>, RowOutcome) -> Result
) -> Result? {
  let kernel = RowKernel(clusters: row.count, scale: Scale(temperature: temperature))
  let targets = PassTargets.singletons(clusters: row.count)
  var sketch: RowSketch<Scale>? = RowSketch<Scale>(width: min(width, row.count), clusters: row.count)
  let outcome = row.withUnsafeBytes { bytes in
    bytes.baseAddress.flatMap {
      kernel.outcomes($0, targets, sketch: &sketch)?.0
    }
  }
  guard let outcome else { return nil }
  switch consume sketch {
  case .none: return nil
  case .some(let sketch): return body(sketch, outcome)
  }
}

@Suite("Sketches")
struct RowSketchTests {
  private func check<Scale: LogitScale>(
    _ row: [Scale.Value], logits: [Double], width: Int, temperature: Double, _: Scale.Type
  ) {
    let width = min(width, row.count)
    let order = row.indices.sorted { row[$0] == row[$1] ? $0 < $1 : row[$0] > row[$1] }
    let kept = Array(order.prefix(width))
    let taken: Void? = withSketch(row, width: width, temperature: temperature, Scale.self) { sketch, _ in
      #expect((0..<width).map { Int(sketch.clusters[$0]) } == kept, "\(row)")
      #expect((0..<width).map { sketch.values[$0] } == kept.map { row[$0] })
      let smallest = logits[kept[width - 1]]
      guard smallest > -.infinity else {
        #expect(sketch.rest == 0)
        return
      }
      // Terms further below β than 2^-40 may have larger errors: none of them matters.
      let rest = order.dropFirst(width).reduce(0) { $0 + exp((logits[$1] - smallest) / temperature) }
      #expect(abs(Double(sketch.rest) - rest) <= 4e-6 * rest + 1e-12, "rest of \(row), width \(width)")
    }
    #expect(taken != nil)
  }

  @Test(
    "The largest values are kept in order, ties by index, and the mass of the rest to 4e-6",
    arguments: RowKind.allCases,
    [1, 2, 5, 16, 32, 80])
  func kept(kind: RowKind, width: Int) {
    var random = SeededGenerator(seed: UInt64(width))
    for clusters in [2, 3, 15, 16, 17, 40, 64, 65, 150, 300] {
      for temperature in [1, 0.6, 2] {
        let doubles = kind.row(clusters, &random)
        check(doubles, logits: doubles, width: width, temperature: temperature, Double.Logits.self)
        let floats = doubles.map { Float($0) }
        check(floats, logits: floats.map { Double($0) }, width: width, temperature: temperature, Float.Logits.self)
        let top = doubles.max() ?? 0
        let probabilities = doubles.map { Float(0.5 * exp($0 - top)) }
        check(
          probabilities, logits: probabilities.map { log(Double($0)) }, width: width, temperature: temperature,
          Float.Probabilities.self)
      }
    }
  }

  @Test(
    "What a row gives for a group has the same bits beside its sketch as in a pass of its own",
    arguments: RowKind.allCases, [1, 3, 32])
  func groupsBesideSketch(kind: RowKind, width: Int) {
    var random = SeededGenerator(seed: UInt64(width))
    for clusters in [4, 17, 70, 300] {
      for _ in 0..<10 {
        let row = kind.row(clusters, &random).map { Float($0) }
        let start = random.int(0...clusters / 4)
        let inner = Array(start..<start + clusters / 4 + 1)
        let groups = [Group(inner), Group(Array(0..<start + clusters / 2)), Group(Array(0..<clusters - 1))]
        let alone = outcomes(row, PassTargets(groups, clusters: clusters), width: 0)
        let beside = outcomes(row, .singletons(clusters: clusters, and: groups), width: width)
        let found = beside.filter { $0.slot >= clusters }
        #expect(found.map { $0.slot - clusters } == alone.map(\.slot))
        #expect(found.map(\.cluster) == alone.map(\.cluster))
        #expect(found.map(\.probability) == alone.map(\.probability), "\(row)")
      }
    }
  }

  /// What a row reassigns, with a sketch of some width or without.
  private func outcomes(_ row: [Float], _ targets: PassTargets, width: Int) -> [Reassignment] {
    let kernel = RowKernel(clusters: row.count, scale: Float.Logits(temperature: 1))
    var sketch: RowSketch<Float.Logits>? =
      width == 0 ? nil : RowSketch(width: min(width, row.count), clusters: row.count)
    return row.withUnsafeBytes { bytes in
      bytes.baseAddress.flatMap { kernel.outcomes($0, targets, sketch: &sketch)?.1 }
    } ?? []
  }

  @Test("Rows of equal values keep the first")
  func constant() {
    for clusters in [2, 100, 1000] {
      let row = [Float](repeating: -3, count: clusters)
      check(row, logits: row.map { Double($0) }, width: 32, temperature: 1, Float.Logits.self)
    }
  }

  @Test("A rest that is next to nothing beside the second largest logit keeps its digits", arguments: [10, 20, 40, 80])
  func tinyRest(gap: Int) {
    var random = SeededGenerator(seed: UInt64(gap))
    for _ in 0..<20 {
      let row = (0..<60).map { Float($0 < 2 ? 0 : -Double(gap) - 3 * random.normal().magnitude) }
      check(row, logits: row.map { Double($0) }, width: 8, temperature: 1, Float.Logits.self)
    }
  }
}
