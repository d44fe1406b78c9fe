import KernelInterface
import TestSupport
import Testing

@testable import KernelUnderTest

extension KernelValue {
  /// How numbers of this type lie in memory.
  static var format: NumberFormat { MemoryLayout<Self>.size == 8 ? .float64 : .float32 }
}

extension RowKernel {
  /// A kernel for rows of its own numbers.
  init(clusters: Int, scale: Scale) { self.init(clusters: clusters, scale: scale, format: Value.format) }

  /// Loads a row of numbers and returns the largest.
  func load(_ row: [Value]) -> Value? { row.withUnsafeBytes { bytes in bytes.baseAddress.flatMap { load($0) } } }
}

extension RowPlacer {
  /// A placer of rows of its kernel's own numbers.
  init(clusters: Int, scale: Scale) { self.init(clusters: clusters, scale: scale, format: Scale.Value.format) }
}

/// Sizes on both sides of whole vectors.
private let sizes = Array(1...50)

@Suite("Row kernel")
struct RowKernelTests {
  private func random<Value: KernelValue>(_ count: Int, _ random: inout SeededGenerator, _: Value.Type) -> [Value] {
    (0..<count).map { _ in Value(random.int(-4...4)) }
  }

  private func checkMaximum<Value: KernelValue>(clusters: Int, _: Value.Type) {
    var random = SeededGenerator(seed: UInt64(clusters))
    let kernel = RowKernel(clusters: clusters, scale: Value.Logits(temperature: 1))
    for _ in 0..<8 {
      var row = self.random(clusters, &random, Value.self)
      for index in row.indices where row[index] == 0 && random.happens(0.5) { row[index] = -0.0 }
      let largest = row.max()
      #expect(kernel.load(row) == largest)
      if let largest { #expect(kernel.firstIndex(of: largest) == row.firstIndex { $0 >= largest }) }

      var rest = Set(0..<clusters)
      for cluster in (0..<clusters).shuffled(using: &random).prefix(6) {
        kernel.mask(cluster)
        rest.remove(cluster)
        let expected = rest.map { row[$0] }.max() ?? -.infinity
        #expect(kernel.maximum() == expected)
        if !rest.isEmpty { #expect(kernel.firstIndex(of: expected) == rest.filter { row[$0] == expected }.min()) }
      }
    }
  }

  @Test(
    "The largest value and its first index are found, ties, signed zeros and masked clusters among them",
    arguments: sizes)
  func maximum(clusters: Int) {
    checkMaximum(clusters: clusters, Float.self)
    checkMaximum(clusters: clusters, Double.self)
  }

  private func checkPadding<Scale: LogitScale>(clusters: Int, row: [Scale.Value], _: Scale.Type) {
    let kernel = RowKernel(clusters: clusters, scale: Scale(temperature: 1))
    #expect(kernel.load(row) == row[0])
    #expect(kernel.firstIndex(of: row[0]) == 0)
    #expect(kernel.sumOfTerms(relativeTo: row[0]) == Double(clusters))
    for cluster in 0..<clusters { kernel.mask(cluster) }
    #expect(kernel.maximum() == Scale.excluded)
    #expect(kernel.sumOfTerms(relativeTo: row[0]) == 0)
  }

  @Test("What fills up the last vector is never the largest and adds nothing", arguments: sizes)
  func padding(clusters: Int) {
    let low = -Float.greatestFiniteMagnitude
    checkPadding(clusters: clusters, row: Array(repeating: low, count: clusters), Float.Logits.self)
    checkPadding(clusters: clusters, row: Array(repeating: -1e300, count: clusters), Double.Logits.self)
    checkPadding(
      clusters: clusters, row: Array(repeating: Float.leastNonzeroMagnitude, count: clusters), Float.Probabilities.self)
    checkPadding(clusters: clusters, row: Array(repeating: 1e-300, count: clusters), Double.Probabilities.self)
  }

  private func checkInvalid<Scale: LogitScale>(
    clusters: Int, valid: Scale.Value, allowed: [Scale.Value], refused: [Scale.Value], _: Scale.Type
  ) {
    let kernel = RowKernel(clusters: clusters, scale: Scale(temperature: 1))
    for position in 0..<clusters {
      for value in refused {
        var row = Array(repeating: valid, count: clusters)
        row[position] = value
        #expect(kernel.load(row) == nil, "\(value) at \(position)")
      }
      for value in allowed {
        var row = Array(repeating: valid, count: clusters)
        row[position] = value
        #expect(kernel.load(row) == row.max(), "\(value) at \(position)")
      }
    }
  }

  @Test("A value that may not stand in a row is found wherever it stands", arguments: [1, 2, 15, 16, 17, 33])
  func invalid(clusters: Int) {
    checkInvalid(
      clusters: clusters, valid: 1, allowed: [-.infinity, .greatestFiniteMagnitude, -0.0],
      refused: [.nan, -.nan, .signalingNaN, .infinity], Float.Logits.self)
    checkInvalid(
      clusters: clusters, valid: 1, allowed: [-.infinity, .greatestFiniteMagnitude], refused: [.nan, .infinity],
      Double.Logits.self)
    checkInvalid(
      clusters: clusters, valid: 0.25, allowed: [0, -0.0, 1, 1.001, .leastNonzeroMagnitude],
      refused: [.nan, .infinity, -.infinity, -0.001, 1.0011, 7], Float.Probabilities.self)
    checkInvalid(
      clusters: clusters, valid: 0.25, allowed: [0, -0.0, 1, 1.001], refused: [.nan, .infinity, -1e-300, 1.0011],
      Double.Probabilities.self)
  }

  @Test("Two invalid values, or an invalid and a larger valid one, don't make up for each other")
  func severalInvalid() {
    let kernel = RowKernel(clusters: 20, scale: Float.Logits(temperature: 1))
    var row = [Float](repeating: 0, count: 20)
    row[1] = .nan
    row[17] = .nan
    #expect(kernel.load(row) == nil)
    row[17] = 5
    #expect(kernel.load(row) == nil)
    row[1] = 5
    #expect(kernel.load(row) == 5)
  }

  @Test("Terms add up, masked ones excepted", arguments: sizes)
  func sums(clusters: Int) {
    var random = SeededGenerator(seed: UInt64(clusters))
    let kernel = RowKernel(clusters: clusters, scale: Float.Logits(temperature: 2))
    let row = (0..<clusters).map { _ in Float(random.normal() * 10) }
    guard let top = kernel.load(row) else {
      Issue.record("a valid row was refused")
      return
    }
    var left = Set(0..<clusters)
    for cluster in (0..<clusters).shuffled(using: &random).prefix(5) {
      let expected = left.reduce(0) { $0 + RowOracle.exponential((Double(row[$1]) - Double(top)) / 2) }
      #expect(abs(kernel.sumOfTerms(relativeTo: top) - expected) <= 1e-6 * expected)
      kernel.mask(cluster)
      left.remove(cluster)
    }
  }
}
