import Foundation
import KernelInterface
import LogitStream
import LogitsToHierarchy
import TestSupport
import Testing

@testable import KernelUnderTest

/// What a row gives, for the one target it counts for.
struct SingleOutcome {
  var assignment: Int
  var doubt: Double
  var reassignment: Reassignment?
}

extension RowKernel {
  /// The outcome of a row for targets of which no two hold the same cluster.
  func outcome(at pointer: UnsafeRawPointer, _ targets: borrowing PassTargets) -> SingleOutcome? {
    guard let (outcome, found) = outcomes(pointer, targets) else { return nil }
    #expect(found.count <= 1)
    return SingleOutcome(assignment: outcome.assignment, doubt: outcome.doubt, reassignment: found.first)
  }

  /// The outcome of a row for any targets.
  func outcomes(
    _ pointer: UnsafeRawPointer, _ targets: borrowing PassTargets
  ) -> (RowOutcome, [Reassignment])? {
    var sketch: RowSketch<Scale>?
    return outcomes(pointer, targets, sketch: &sketch)
  }

  func outcomes(
    _ pointer: UnsafeRawPointer, _ targets: borrowing PassTargets, sketch: inout RowSketch<Scale>?
  ) -> (RowOutcome, [Reassignment])? {
    let room = FixedBuffer(
      repeating: Reassignment(slot: 0, cluster: 0, probability: 0), count: targets.longestChain)
    var list = ReassignmentList(start: room.start)
    guard let outcome = outcome(pointer, targets.table, sketch: &sketch, &list) else { return nil }
    return (outcome, Array(UnsafeBufferPointer(start: room.start, count: list.count)))
  }
}

extension RowKernel {
  func outcome(_ row: [Value], _ targets: borrowing PassTargets) -> SingleOutcome? {
    guard row.count == clusters else { return nil }
    return row.withUnsafeBytes { bytes -> SingleOutcome? in
      guard let start = bytes.baseAddress else { return nil }
      return outcome(at: start, targets)
    }
  }
}

/// The kinds of rows that make trouble.
enum RowKind: String, Sendable, CaseIterable {
  case flat, typical, confident, tied, holes, naiveBayes, onlyOne

  func row(_ clusters: Int, _ random: inout SeededGenerator) -> [Double] {
    var row = (0..<clusters).map { _ in random.normal() }
    let winner = random.int(0...clusters - 1)
    switch self {
    case .flat: row = row.map { 1e-3 * $0 }
    case .typical: row = row.map { 3 * $0 }
    case .confident: row[winner] += Double(random.int(5...60))
    case .tied: row = row.map { ($0 * 2).rounded() }
    case .holes: for index in row.indices where index != winner && random.happens(0.4) { row[index] = -.infinity }
    case .naiveBayes: row = row.map { 40 * $0 - 1500 }
    case .onlyOne: row = row.indices.map { $0 == winner ? row[$0] : -.infinity }
    }
    return row
  }
}

@Suite("What a row gives")
struct RowOutcomeTests {
  private static let sizes = [2, 3, 15, 16, 17, 40]
  private static let temperatures = [1, 0.3, 2.7]

  /// Compares one row's outcome with the definition, once for each cluster by itself and once for groups.
  private func check<Scale: LogitScale>(
    _ row: [Scale.Value], logits: [Double], temperature: Double, _ random: inout SeededGenerator, _: Scale.Type
  ) {
    let clusters = row.count
    let kernel = RowKernel(clusters: clusters, scale: Scale(temperature: temperature))
    let shuffled = (0..<clusters).shuffled(using: &random)
    let cut = random.int(1...clusters - 1)
    let halves = [Array(shuffled[..<cut]), Array(shuffled[cut...])]
    for groups in [(0..<clusters).map { [$0] }, halves] {
      let targets = PassTargets(groups.map { Group($0) }, clusters: clusters)
      guard let outcome = kernel.outcome(row, targets) else {
        Issue.record("a valid row was refused: \(row)")
        return
      }
      let slot = groups.firstIndex { $0.contains(outcome.assignment) } ?? -1
      let oracle = RowOracle(logits: logits, group: Set(groups[slot]), temperature: temperature)
      #expect(outcome.assignment == oracle.assignment)
      #expect(outcome.reassignment?.slot == oracle.target.map { _ in slot })
      #expect(outcome.reassignment?.cluster == oracle.target)
      let probability = outcome.reassignment?.probability ?? 0
      #expect(abs(probability - oracle.probability) <= 1e-6 * oracle.probability + 0x1p-40, "q of \(row)")
      if groups[slot].count == 1 {
        #expect(abs(outcome.doubt - oracle.doubt) <= 1e-6 * oracle.doubt + 0x1p-40, "1 − g of \(row)")
      }
    }
  }

  @Test(
    "Assignment, reassignment, q and 1 − g of logits are those of the definition", arguments: RowKind.allCases,
    temperatures)
  func logits(kind: RowKind, temperature: Double) {
    var random = SeededGenerator(seed: 3)
    for clusters in Self.sizes {
      for _ in 0..<6 {
        let doubles = kind.row(clusters, &random)
        check(doubles, logits: doubles, temperature: temperature, &random, Double.Logits.self)
        let floats = doubles.map { Float($0) }
        check(floats, logits: floats.map { Double($0) }, temperature: temperature, &random, Float.Logits.self)
      }
    }
  }

  @Test(
    "Those of probabilities are those of their logarithms", arguments: RowKind.allCases, temperatures)
  func probabilities(kind: RowKind, temperature: Double) {
    var random = SeededGenerator(seed: 4)
    for clusters in Self.sizes {
      for _ in 0..<6 {
        let logits = kind.row(clusters, &random)
        let top = logits.max() ?? 0
        let total = logits.reduce(0) { $0 + exp($1 - top) }
        let doubles = logits.map { exp($0 - top) / total }
        check(doubles, logits: doubles.map { log($0) }, temperature: temperature, &random, Double.Probabilities.self)
        let floats = doubles.map { Float($0) }
        check(
          floats, logits: floats.map { log(Double($0)) }, temperature: temperature, &random, Float.Probabilities.self)
      }
    }
  }

  @Test(
    "Temperatures that no row needs are worked with all the same",
    arguments: [1e-300, 1e-50, 1e-39, 1e-6, 40, 1000, 1e39, 1e50, 1e300])
  func extremeTemperatures(temperature: Double) {
    var random = SeededGenerator(seed: 6)
    for kind in [RowKind.typical, .holes, .tied, .onlyOne] {
      for clusters in [2, 17] {
        let doubles = kind.row(clusters, &random).map { ($0 * 8).rounded() / 8 }
        check(doubles, logits: doubles, temperature: temperature, &random, Double.Logits.self)
        check(doubles.map { Float($0) }, logits: doubles, temperature: temperature, &random, Float.Logits.self)
        // Probabilities down to where Double has no digits to spare.
        let powers = doubles.map {
          $0 == -.infinity ? 0 : Double(sign: .plus, exponent: Int(-10 * abs($0)), significand: 1)
        }
        guard powers.contains(where: { $0 > 0 }) else { continue }
        check(powers, logits: powers.map { log($0) }, temperature: temperature, &random, Double.Probabilities.self)
        check(
          powers.map { Float($0) }, logits: powers.map { log(Double(Float($0))) }, temperature: temperature, &random,
          Float.Probabilities.self)
      }
    }
  }

  @Test("1 − g keeps its digits at any temperature", arguments: seeds(10))
  func doubt(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    for _ in 0..<40 {
      let temperature = exp(Double.random(in: -3...3, using: &random))
      let logits = (0..<random.int(2...8)).map {
        $0 == 0 ? 0 : -temperature * Double.random(in: 0...18, using: &random)
      }
      let shift = Double.random(in: -20...20, using: &random)
      let doubles = logits.map { $0 + shift }
      check(doubles, logits: doubles, temperature: temperature, &random, Double.Logits.self)
      let floats = doubles.map { Float($0) }
      check(floats, logits: floats.map { Double($0) }, temperature: temperature, &random, Float.Logits.self)
      let probabilities = logits.map { 0.9 * exp($0) }
      check(
        probabilities, logits: probabilities.map { log($0) }, temperature: temperature, &random,
        Double.Probabilities.self)
      let narrow = probabilities.map { Float($0) }
      check(
        narrow, logits: narrow.map { log(Double($0)) }, temperature: temperature, &random, Float.Probabilities.self)
    }
  }

  @Test("A row of which no cluster is in a group asked for gives its cluster only")
  func notAsked() {
    let kernel = RowKernel(clusters: 4, scale: Float.Logits(temperature: 1))
    let outcome = kernel.outcome([0, 1, 2, 3], PassTargets([Group([0, 1])], clusters: 4))
    #expect(outcome?.assignment == 3)
    #expect(outcome?.reassignment == nil)
  }

  @Test("A row without a finite logit, or a probability above 0, is invalid", arguments: [2, 16, 17])
  func nothingFinite(clusters: Int) {
    let targets = PassTargets.singletons(clusters: clusters)
    let logits = RowKernel(clusters: clusters, scale: Float.Logits(temperature: 1))
    #expect(logits.outcome(Array(repeating: -.infinity, count: clusters), targets) == nil)
    let probabilities = RowKernel(clusters: clusters, scale: Float.Probabilities(temperature: 1))
    #expect(probabilities.outcome(Array(repeating: 0, count: clusters), targets) == nil)
  }

  @Test("Rows that are permutations of one another give the same bits", arguments: seeds(12))
  func permutations(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let clusters = random.int(2...45)
    let targets = PassTargets.singletons(clusters: clusters)
    let kernel = RowKernel(clusters: clusters, scale: Float.Logits(temperature: 1))
    var row = (0..<clusters).map { _ in Float(random.int(-9...9)) }
    let first = kernel.outcome(row, targets)
    #expect(first != nil)
    for _ in 0..<10 {
      row.shuffle(using: &random)
      let outcome = kernel.outcome(row, targets)
      #expect(outcome?.doubt.bitPattern == first?.doubt.bitPattern)
      #expect(outcome?.reassignment?.probability.bitPattern == first?.reassignment?.probability.bitPattern)
    }
  }

  /// Nested groups of a row's clusters, each with what is left outside that much further below the row's largest.
  private func checkChain<Scale: LogitScale>(
    _ row: [Scale.Value], logits: [Double], temperature: Double, _ random: inout SeededGenerator, _: Scale.Type
  ) {
    let order = row.indices.sorted { row[$0] > row[$1] }
    let sizes = Set((0..<6).map { _ in random.int(2...row.count - 1) })
    let groups = sizes.sorted().map { Group(Array(order.prefix($0))) }
    func found(_ row: [Scale.Value], _ groups: [Group]) -> [Reassignment] {
      let kernel = RowKernel(clusters: row.count, scale: Scale(temperature: temperature))
      return row.withUnsafeBytes { bytes in
        bytes.baseAddress.flatMap { kernel.outcomes($0, PassTargets(groups, clusters: row.count))?.1 } ?? []
      }
    }
    let together = found(row, groups)
    // The same columns in another order.
    let places = row.indices.shuffled(using: &random)
    let shuffled = places.map { row[$0] }
    let newPlace = Dictionary(uniqueKeysWithValues: places.enumerated().map { ($1, $0) })
    for (index, group) in groups.enumerated() {
      let oracle = RowOracle(logits: logits, group: Set(group.clusters), temperature: temperature)
      let mine = together.first { $0.slot == index }
      #expect(mine?.cluster == oracle.target)
      let probability = mine?.probability ?? 0
      #expect(abs(probability - oracle.probability) <= 1e-6 * oracle.probability + 0x1p-40, "q of \(row)")
      #expect(found(row, [group]).first?.probability == mine?.probability, "alone, \(row)")
      let moved = found(shuffled, [Group(group.clusters.compactMap { newPlace[$0] })])
      #expect(moved.first?.probability == mine?.probability, "in another order, \(row)")
    }
  }

  @Test(
    "A group's q is right, and the same bits beside any other groups and in any order of clusters, however far below is what is outside",
    arguments: [0.01, 0.3, 2, 8, 60], temperatures)
  func chains(step: Double, temperature: Double) {
    var random = SeededGenerator(seed: 8)
    for clusters in [4, 17, 70] {
      for _ in 0..<8 {
        var logit = Double.random(in: -30...30, using: &random)
        let doubles = (0..<clusters).map { _ in
          logit -= step * Double.random(in: 0...1, using: &random)
          return logit
        }.shuffled(using: &random)
        checkChain(doubles, logits: doubles, temperature: temperature, &random, Double.Logits.self)
        let floats = doubles.map { Float($0) }
        checkChain(floats, logits: floats.map { Double($0) }, temperature: temperature, &random, Float.Logits.self)
        let top = doubles.max() ?? 0
        let probabilities = doubles.map { 0.9 * exp($0 - top) }
        guard probabilities.allSatisfy({ $0 > 1e-30 }) else { continue }
        checkChain(
          probabilities, logits: probabilities.map { log($0) }, temperature: temperature, &random,
          Double.Probabilities.self)
        let narrow = probabilities.map { Float($0) }
        checkChain(
          narrow, logits: narrow.map { log(Double($0)) }, temperature: temperature, &random, Float.Probabilities.self)
      }
    }
  }

  @Test("A row's numbers depend on no neighbour, no row before it, and no place in memory", arguments: [2, 7, 16, 35])
  func independence(clusters: Int) {
    var random = SeededGenerator(seed: UInt64(clusters))
    let targets = PassTargets.singletons(clusters: clusters)
    let used = RowKernel(clusters: clusters, scale: Float.Logits(temperature: 1.5))
    for offset in 0..<20 {
      let row = RowKind.typical.row(clusters, &random).map { Float($0) }
      let fresh = RowKernel(clusters: clusters, scale: Float.Logits(temperature: 1.5))
      let expected = fresh.outcome(row, targets)
      #expect(expected != nil)
      // Before the row and after it, bytes that are NaN at any place.
      let memory =
        [UInt8](repeating: 0xFF, count: offset) + row.withUnsafeBytes { Array($0) }
        + [UInt8](repeating: 0xFF, count: 80)
      let outcome = memory.withUnsafeBytes { bytes in
        bytes.baseAddress.flatMap { used.outcome(at: $0 + offset, targets) }
      }
      #expect(outcome?.assignment == expected?.assignment)
      #expect(outcome?.doubt.bitPattern == expected?.doubt.bitPattern)
      #expect(outcome?.reassignment?.cluster == expected?.reassignment?.cluster)
      #expect(outcome?.reassignment?.probability.bitPattern == expected?.reassignment?.probability.bitPattern)
    }
  }
}
