import FoundationEssentials
import Glibc

/// The binomial distribution of so many draws that each are a hit with the same probability.
package struct BinomialTail: Sendable {
  package let draws: Int
  package let probability: Double

  /// - Parameter probability: Above 0 and below 1.
  package init(draws: Int, probability: Double) {
    precondition(draws >= 0 && probability > 0 && probability < 1)
    self.draws = draws
    self.probability = probability
  }

  /// The probability of at most so many hits.
  ///
  /// - Complexity: O(√n) terms matter.
  package func atMost(_ hits: Int) -> Double {
    guard hits >= 0 else { return 0 }
    guard hits < draws else { return 1 }
    // From the largest term on, so that what is left out is nothing. Above the mean that is not the last one.
    let mode = min(hits, Int(Double(draws + 1) * probability))
    let odds = probability / (1 - probability)
    let largest = exp(logProbability(of: mode))
    var sum = largest
    var term = largest
    var k = mode
    while k > 0, term > sum * 0x1p-60 {
      term *= Double(k) / (Double(draws - k + 1) * odds)
      sum += term
      k -= 1
    }
    term = largest
    k = mode
    while k < hits, term > sum * 0x1p-60 {
      term *= Double(draws - k) * odds / Double(k + 1)
      sum += term
      k += 1
    }
    return min(1, sum)
  }

  /// The most hits of which the probability that there are no more is at most `level`; nil if that of none is more.
  package func mostHits(atLevel level: Double) -> Int? {
    guard atMost(0) <= level else { return nil }
    var (low, high) = (0, draws)
    while high - low > 1 {
      let middle = low + (high - low) / 2
      if atMost(middle) <= level { low = middle } else { high = middle }
    }
    return low
  }

  /// The logarithm of the probability of exactly so many hits, by Loader's saddle point expansion, in which no digits cancel
  /// however many draws there are (Loader, "Fast and accurate computation of binomial probabilities", 2000).
  private func logProbability(of hits: Int) -> Double {
    let (n, p, q) = (Double(draws), probability, 1 - probability)
    if hits == 0 { return n * log1p(-p) }
    if hits == draws { return n * log(p) }
    let k = Double(hits)
    return Self.stirlingError(n) - Self.stirlingError(k) - Self.stirlingError(n - k) - Self.deviance(k, n * p)
      - Self.deviance(n - k, n * q) + 0.5 * log(n / (2 * Double.pi * k * (n - k)))
  }

  /// log n! less Stirling's formula for it.
  private static func stirlingError(_ n: Double) -> Double {
    if n < 16 {
      let factorial = stride(from: 2.0, through: n, by: 1).reduce(1, *)
      return log(factorial) - (0.5 * log(2 * Double.pi * n) + n * log(n) - n)
    }
    let square = n * n
    return (1.0 / 12 - (1.0 / 360 - (1.0 / 1260 - 1.0 / 1680 / square) / square) / square) / n
  }

  /// x log(x / mean) + mean − x, without cancellation where the two are near.
  private static func deviance(_ x: Double, _ mean: Double) -> Double {
    let difference = x - mean
    guard abs(difference) < 0.1 * (x + mean) else { return x * log(x / mean) + mean - x }
    let v = difference / (x + mean)
    var sum = difference * v
    var term = 2 * x * v
    for odd in stride(from: 3.0, to: 2001, by: 2) {
      term *= v * v
      let next = sum + term / odd
      if next == sum { break }
      sum = next
    }
    return sum
  }
}
