import Foundation
import KernelInterface
import LogitStream
import TestSupport
import Testing

@testable import KernelUnderTest

@Suite("How likely a row holds its label")
struct RowLikelihoodTests {
  private func likelihood<Scale: LogitScale>(_ row: [Scale.Value], _ scale: Scale, label: [Int]) -> RowLikelihood?
  where Scale.Value == Float {
    let kernel = RowKernel(clusters: row.count, scale: scale)
    let members = label.map { Int32($0) }
    return row.withUnsafeBytes { bytes in
      members.withUnsafeBufferPointer { members in
        guard let start = bytes.baseAddress, let first = members.baseAddress else { return nil }
        return kernel.likelihood(start, first, members.count)
      }
    }
  }

  /// By the definition, in `Double`: loss, slope, curvature and confidence.
  private func expected(_ row: [Double], _ temperature: Double, _ label: [Int]) -> [Double] {
    let top = row.max() ?? 0
    let z = row.map { ($0 - top) / temperature }
    func moments(_ z: [Double]) -> (log: Double, mean: Double, variance: Double) {
      let largest = z.max() ?? 0
      let weights = z.map { exp($0 - largest) }
      let sum = weights.reduce(0, +)
      let mean = zip(z, weights).reduce(0) { $1.1 > 0 ? $0 + $1.0 * $1.1 : $0 } / sum
      let variance = zip(z, weights).reduce(0) { $1.1 > 0 ? $0 + ($1.0 - mean) * ($1.0 - mean) * $1.1 : $0 } / sum
      return (largest + log(sum), mean, variance)
    }
    let (all, own) = (moments(z), moments(Set(label).sorted().map { z[$0] }))
    return [all.log - own.log, all.mean - own.mean, all.variance - own.variance, exp(-all.log)]
  }

  @Test("Random rows, temperatures and labels of several clusters", arguments: seeds(60))
  func random(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let clusters = random.int(2...80)
    for _ in 0..<20 {
      let spread = Double.random(in: 0.1...20, using: &random)
      let temperature = random.happens(0.3) ? 1 : Double.random(in: 0.3...4, using: &random)
      var row = (0..<clusters).map { _ in random.happens(0.1) ? -Float.infinity : Float(random.normal() * spread) }
      let label = Set((0..<random.int(1...2)).map { _ in random.int(0...clusters - 1) }).sorted()
      row[label[0]] = Float(random.normal() * spread)
      let found = try #require(likelihood(row, Float.Logits(temperature: temperature), label: label))
      let expected = expected(row.map(Double.init), temperature, label)
      let values = [found.loss, found.slope, found.curvature, found.confidence]
      for (found, expected) in zip(values, expected) {
        #expect(abs(found - expected) <= 1e-5 * max(1, abs(expected)), "seed \(seed): \(found), not \(expected)")
      }
      let assigned = row.indices.max { (row[$0], -$0) < (row[$1], -$1) }
      #expect(found.finding == (label.contains(assigned ?? -1) ? .right : .wrong))

      let probabilities = row.map { Float(exp((Double($0) - Double(row.max() ?? 0)))) }
      guard label.contains(where: { probabilities[$0] > 0 }) else { continue }
      let other = try #require(
        likelihood(probabilities, Float.Probabilities(temperature: temperature), label: label))
      let logs = self.expected(probabilities.map { log(Double($0)) }, temperature, label)
      #expect(
        abs(other.loss - logs[0]) <= 1e-5 * max(1, logs[0]) && abs(other.slope - logs[1]) <= 1e-4 * max(1, abs(logs[1]))
      )
    }
  }

  @Test("A label of probability 0 is impossible, one that stands for nothing says nothing, and NaN is invalid")
  func special() {
    let scale = Float.Logits(temperature: 1)
    #expect(likelihood([1, -.infinity], scale, label: [1])?.finding == .impossible)
    #expect(likelihood([1, .nan], scale, label: [0]) == nil)
    // Equals: the first one is the likeliest.
    #expect(likelihood([2, 2, 0], scale, label: [1])?.finding == .wrong)
    let certain = likelihood([1e30, -1e30], scale, label: [1])
    #expect(certain?.finding == .wrong && certain?.loss.isFinite == true && certain?.slope.isFinite == true)
  }
}
