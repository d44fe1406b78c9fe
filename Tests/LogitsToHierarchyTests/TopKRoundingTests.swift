import Foundation
import KernelInterface
import LogitsToHierarchy
import TestSupport
import Testing

@testable import KernelUnderTest

/// A type that log-probabilities are rounded to.
private enum Rounding: CaseIterable {
  case float64, float32, float16, bfloat16

  func of(_ value: Double) -> Double {
    switch self {
    case .float64: return value
    case .float32: return Double(Float(value))
    case .float16: return Double(Float16(value))
    case .bfloat16:
      let bits = Float(value).bitPattern
      let isUp = bits & 0x8000 != 0 && bits & 0x17FFF != 0
      return Double(Float(bitPattern: (bits & 0xFFFF_0000) + (isUp ? 0x10000 : 0)))
    }
  }
}

@Suite("What rounded log-probabilities tell")
struct TopKRoundingTests {
  /// A row of a dump, and the whole row that it was taken of.
  private struct Row {
    /// What softmax makes of the row, before rounding; whole rows are what they are after it.
    let logits: [Double]
    let order: [Int]
    let values: [Double]
    /// Whether rounding made values equal that were not, so that their order is not the logits'.
    let isReordered: Bool

    init(_ kind: RowKind, _ clusters: Int, width: Int, _ rounding: Rounding, _ random: inout SeededGenerator) {
      let row = kind.row(clusters, &random)
      let top = row.max() ?? 0
      let sum = log(row.reduce(0) { $0 + exp($1 - top) })
      var logits = row.map { ($0 - top) - sum }
      order = Array(row.indices.sorted { (logits[$0], $1) > (logits[$1], $0) }.prefix(width))
      let values = order.map { rounding.of(logits[$0]) }
      isReordered = zip(order, order.dropFirst()).enumerated().contains { index, pair in
        values[index] == values[index + 1] && logits[pair.0] != logits[pair.1]
      }
      if width == clusters || values[width - 1] == -.infinity {
        for (cluster, value) in zip(order, values) { logits[cluster] = value }
      }
      self.logits = logits
      self.values = values
    }
  }

  private struct Told<Value> {
    var rest: Float = -1
    var restError: Float = -1
    var doubt = -1.0
    var doubtError = -1.0
    var fault: UInt8 = 0
  }

  private func told<Value: KernelValue>(_ row: Row, _: Value.Type) -> Told<Value> {
    let stride = (row.values.count + 15) / 16 * 16
    let padding = Array(repeating: -Double.infinity, count: stride - row.values.count)
    let values = FixedBuffer((row.values + padding).map { Value($0) })
    let known = FixedBuffer([Int32(row.values.count { $0 > -.infinity })])
    let floats = FixedBuffer<Float>(repeating: -1, count: 2)
    let doubles = FixedBuffer(repeating: -1.0, count: 4)
    let fault = FixedBuffer<UInt8>([0])
    let done = Implementation.bringTogether(
      TopKBatch(
        isDouble: Value.self == Double.self, isProbability: false, clusters: row.logits.count,
        values: UnsafeRawPointer(values.start), stride: stride, known: known.start, normalizers: nil,
        width: row.values.count, count: 1, rests: floats.start, restErrors: floats.start + 1, doubts: doubles.start,
        doubtErrors: doubles.start + 1, reassigned: doubles.start + 2, sums: doubles.start + 3, fault: fault.start))
    guard done == 1 else { return Told(fault: fault.start[0]) }
    return Told(
      rest: floats.start[0], restError: floats.start[1], doubt: doubles.start[0], doubtError: doubles.start[1])
  }

  private func check<Value: KernelValue>(_ row: Row, _ group: Set<Int>, _ about: () -> String, _: Value.Type) {
    let told = told(row, Value.self)
    guard told.fault == TopKBatch.noFault else {
      Issue.record("refused with \(told.fault): \(about())")
      return
    }
    let oracle = RowOracle(logits: row.logits, group: group, temperature: 1)
    let smallest = row.logits[row.order[row.order.count - 1]]
    let rest = row.logits.indices.filter { !row.order.contains($0) && smallest > -.infinity }
      .reduce(0) { $0 + exp(row.logits[$1] - smallest) }
    // But for what it takes to compute in single precision.
    #expect(abs(Double(told.rest) - rest) <= Double(told.restError) * (1 + 1e-6) + 1e-6 * rest, "\(about())")
    #expect(
      abs(told.doubt - oracle.doubt) <= told.doubtError * (1 + 1e-6) + 1e-6 * oracle.doubt + 1e-12, "\(about())")

    let width = row.values.count
    let values = FixedBuffer(row.values.map { Value($0) } + Array(repeating: -Value.infinity, count: 16))
    let indices = FixedBuffer(row.order.map { UInt32($0) } + Array(repeating: 0, count: 16))
    let isMember = FixedBuffer<UInt8>(row.logits.indices.map { group.contains($0) ? 1 : 0 })
    let interval = SketchBounds(
      scale: Value.Logits(temperature: 1), width: width, clusters: row.logits.count, groupSize: group.count,
      isMember: isMember.start
    ).interval(values.start, indices.start, rest: told.rest, error: told.restError, hasRoundedValues: true)
    switch interval {
    case .resolved(let cluster, let lower, let upper):
      #expect(cluster == oracle.target, "\(about())")
      #expect(lower <= oracle.probability * (1 + 2e-6) && oracle.probability <= upper * (1 + 2e-6), "\(about())")
      #expect(lower <= upper && upper <= 1)
    case .nothing: #expect(oracle.target == nil, "\(about())")
    case .unresolved: break
    }
  }

  @Test(
    "The rest, 1 − g and q of the logits lie within the bounds, whatever the type", arguments: Rounding.allCases,
    RowKind.allCases)
  private func contained(rounding: Rounding, kind: RowKind) {
    var random = SeededGenerator(seed: 5)
    for _ in 0..<extent(150, debugging: 50) {
      let clusters = random.int(3...80)
      let row = Row(kind, clusters, width: random.int(2...min(clusters, 40)), rounding, &random)
      // Rounded values that are equal are taken for equal logits.
      guard !row.isReordered else { continue }
      let near = row.order.prefix(random.int(1...row.order.count))
      let far = row.logits.indices.filter { !row.order.contains($0) && random.happens(0.3) }
      var group = Set(near).union(random.happens(0.5) ? far : [])
      if group.count == clusters { group.remove(row.order[row.order.count - 1]) }
      func about() -> String { "\(row.logits), width \(row.values.count), group \(group.sorted())" }
      if rounding == .float64 {
        check(row, group, about, Double.self)
      } else {
        check(row, group, about, Float.self)
      }
    }
  }

  @Test("The unit is that of the narrowest type that holds all values")
  func units() {
    func unit(_ values: [Float]) -> Double {
      var precision = ValuePrecision()
      for value in values { precision.add(value) }
      return precision.unit
    }
    #expect(unit([-0.5, -3.25, -.infinity]) == unit([-1]))
    #expect(unit([-1]) > 0x1p-9)
    #expect(unit([-1 - 0x1p-10]) < 0x1p-10 && unit([-1 - 0x1p-10]) > 0x1p-12)
    #expect(unit([-1, -1 - 0x1p-20]) == 0x1p-23)
    var precision = ValuePrecision()
    precision.add(-1 - 0x1p-40)
    #expect(precision.unit == 0x1p-52 && precision.sumError < 0x1p-40)
  }
}
