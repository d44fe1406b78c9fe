import LogitsToHierarchy
import Testing

@Suite("Weights of rows in replicates")
struct PoissonWeightsTests {
  private func weights(_ keys: Range<UInt64>, seed: UInt64, replicates: Range<Int>) -> [[UInt8]] {
    let weights = PoissonWeights(seed: seed, replicates: replicates)
    let places = Array(0..<replicates.count)
    return keys.map { key in
      var found = [UInt8](repeating: 0, count: places.count)
      found.withUnsafeMutableBufferPointer { found in
        places.withUnsafeBufferPointer { places in
          guard let start = found.baseAddress else { return }
          weights.weigh(key, places, into: start)
        }
      }
      return found
    }
  }

  @Test(
    "They are Poisson numbers of mean 1, those of different rows and replicates independent", arguments: [0, 1, 99])
  func distribution(seed: UInt64) {
    let rows = weights(0..<40_000, seed: seed, replicates: 0..<5)
    let all = rows.flatMap(\.self)
    let count = Double(all.count)
    // P(w) = e⁻¹ / w!; each count within five standard deviations.
    var expected = count * 0.367_879_441_171_442_33
    for weight in UInt8(0)..<7 {
      let found = Double(all.count { $0 == weight })
      #expect(abs(found - expected) < 5 * expected.squareRoot(), "\(weight): \(found), \(expected)")
      expected /= Double(weight + 1)
    }
    func covariance(_ pairs: [(UInt8, UInt8)]) -> Double {
      pairs.reduce(0) { $0 + (Double($1.0) - 1) * (Double($1.1) - 1) } / Double(pairs.count)
    }
    let limit = 5 / 40_000.0.squareRoot()
    #expect(abs(covariance(rows.map { ($0[0], $0[1]) })) < limit)
    #expect(abs(covariance(zip(rows, rows.dropFirst()).map { ($0[2], $1[2]) })) < limit)
  }

  @Test("A replicate's weights don't depend on which others there are")
  func alone() {
    let all = weights(0..<100, seed: 3, replicates: 0..<8)
    let some = weights(0..<100, seed: 3, replicates: 5..<7)
    #expect(all.map { Array($0[5..<7]) } == some)
  }
}
