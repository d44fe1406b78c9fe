import LogitStream
import TestSupport
import Testing

@testable import KernelUnderTest

@Suite("Differences from a row's largest logit")
struct RowDifferencesTests {
  private func differences<Scale: LogitScale>(
    _ row: [Scale.Value], _: Scale.Type, temperature: Double = 1
  ) -> (cluster: Int, values: [Double])? {
    let kernel = RowKernel(clusters: row.count, scale: Scale(temperature: temperature))
    var found = [Double](repeating: 0, count: (row.count + 15) / 16 * 16)
    let cluster = row.withUnsafeBytes { bytes in
      found.withUnsafeMutableBufferPointer { found in
        bytes.baseAddress.flatMap { row in
          found.baseAddress.flatMap { kernel.differences(row, to: $0) }
        }
      }
    }
    return cluster.map { ($0, Array(found[..<row.count])) }
  }

  @Test("Logits are subtracted exactly, whatever the temperature; the first of equal ones is the row's cluster")
  func logits() throws {
    for count in 2...40 {
      var random = SeededGenerator(seed: UInt64(count))
      let row = (0..<count).map { _ in Float(random.int(-5...5)) * 1.25 - 1500 }
      let top = try #require(row.max())
      let found = try #require(differences(row, Float.Logits.self, temperature: 3))
      #expect(found.values == row.map { Double($0) - Double(top) })
      #expect(found.cluster == row.firstIndex(of: top))
      let double = try #require(differences(row.map(Double.init), Double.Logits.self))
      #expect(double.values == found.values)
    }
  }

  @Test("Probabilities are taken by their logarithms")
  func probabilities() throws {
    let found = try #require(differences([0.25, 0.5, 0.125, 0.125] as [Float], Float.Probabilities.self))
    for (value, octaves) in zip(found.values, [-1.0, 0, -2, -2]) {
      #expect(abs(value - octaves * 0.693_147_180_559_945_3) < 1e-15)
    }
    #expect(found.cluster == 1)
  }

  @Test("What is impossible counts as the least likely of the others")
  func impossible() throws {
    #expect(
      try #require(differences([-.infinity, 1, 3, -4] as [Double], Double.Logits.self)).values == [-7, -2, 0, -7])
    let zero = try #require(differences([0, 0.5, 0.5] as [Double], Double.Probabilities.self)).values
    #expect(zero == [0, 0, 0])
  }

  @Test("A row that is none has no differences")
  func invalid() {
    #expect(differences([.nan, 1] as [Float], Float.Logits.self) == nil)
    #expect(differences([-.infinity, -.infinity] as [Float], Float.Logits.self) == nil)
  }
}
