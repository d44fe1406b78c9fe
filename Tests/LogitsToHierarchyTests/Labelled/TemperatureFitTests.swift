import Foundation
import KernelInterface
import LogitsToHierarchy
import TestSupport
import Testing

@Suite("The temperature under which labels are likeliest")
struct TemperatureFitTests {
  /// Rows of two clusters, given by how much larger the label's logit is than the other.
  private func sums(_ differences: [Double], _ temperature: Double) -> LikelihoodSums {
    var sums = LikelihoodSums()
    for difference in differences {
      let z = difference / temperature
      let p = 1 / (1 + exp(-z))
      sums.add(
        RowLikelihood(
          finding: z > 0 ? .right : .wrong, loss: log1p(exp(-z)), slope: -z * (1 - p), curvature: z * z * p * (1 - p),
          confidence: max(p, 1 - p)))
    }
    return sums
  }

  @Test("It is where the slope is zero, wherever one begins", arguments: [0.01, 0.5, 1, 3, 200])
  func minimum(start: Double) throws {
    // Three of four rows are right by 2: p = ¾ where 2 / T = log 3.
    let fit = try TemperatureFit(from: start) { sums([2, 2, 2, -2], $0) }
    #expect(abs(fit.temperature / (2 / log(3)) - 1) < 1e-5, "\(fit.temperature)")
    #expect(fit.fitted.loss <= fit.before.loss && fit.passes < 40)
    #expect(fit.fitted.calibrationError < 1e-5)
  }

  @Test("Where rows begin is kept if it is the minimum")
  func same() throws {
    let best = 2 / log(3.0)
    let fit = try TemperatureFit(from: best) { sums([2, 2, 2, -2], $0) }
    #expect(fit.temperature == best && fit.passes == 1)
  }

  @Test("If all rows are right, or fewer than by chance, there is none")
  func limits() {
    #expect(throws: CalibrationError.noTemperature(isZero: true, rows: 2, right: 2)) {
      try TemperatureFit(from: 1) { sums([1, 2], $0) }
    }
    #expect(throws: CalibrationError.noTemperature(isZero: false, rows: 3, right: 1)) {
      try TemperatureFit(from: 1) { sums([1, -2, -1], $0) }
    }
    #expect(throws: CalibrationError.noLikelihood(impossible: 1)) {
      try TemperatureFit(from: 1) { _ in
        var sums = LikelihoodSums()
        sums.add(RowLikelihood(finding: .impossible))
        return sums
      }
    }
  }

  @Test("Sums don't depend on the order of rows, and the calibration error is that of 15 bins")
  func order() {
    var random = SeededGenerator(seed: 11)
    let rows = (0..<500).map { _ in
      let confidence = Double.random(in: 0.01...1, using: &random)
      return RowLikelihood(
        finding: random.happens(confidence) ? .right : .wrong, loss: Double.random(in: 0...9, using: &random),
        slope: random.normal(), curvature: 1, confidence: confidence)
    }
    func sum(_ rows: [RowLikelihood]) -> LikelihoodSums { rows.reduce(into: LikelihoodSums()) { $0.add($1) } }
    var halves = sum(Array(rows[300...]).shuffled(using: &random))
    halves.add(sum(Array(rows[..<300])))
    #expect(sum(rows) == halves)
    let error = (1...15).reduce(0.0) { total, bin in
      let inside = rows.filter { $0.confidence > Double(bin - 1) / 15 && $0.confidence <= Double(bin) / 15 }
      let right = Double(inside.count { $0.finding == .right })
      return total + abs(right - inside.reduce(0) { $0 + $1.confidence })
    }
    #expect(abs(sum(rows).calibrationError - error / 500) < 1e-9)
  }
}
