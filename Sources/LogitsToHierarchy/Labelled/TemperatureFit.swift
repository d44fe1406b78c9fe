import FoundationEssentials

/// The temperature under which labels are likeliest: temperature scaling (Guo et al., "On calibration of modern neural
/// networks", ICML 2017).
package struct TemperatureFit: Sendable, Equatable {
  package let temperature: Double
  /// What rows give at that temperature.
  package let fitted: LikelihoodSums
  /// The temperature to begin with, and what rows give there.
  package let start: Double
  package let before: LikelihoodSums
  /// How often all rows were read.
  package let passes: Int

  /// It is enough to know the temperature to this part of it.
  private static let tolerance = 1e-6
  /// Temperatures so many times smaller or larger than the first one are taken for the limit.
  private static let mostRatio = 1e6
  private static let mostPasses = 100

  /// Finds the temperature by Newton's method, kept within bounds.
  ///
  /// The mean of −log p is convex in 1/T where each label is one cluster, so its slope changes sign once. Where labels are several
  /// clusters of one name it need not be, and what is found is a minimum between a falling and a rising slope.
  ///
  /// - Parameter sums: What rows give at a temperature, which takes a pass over them.
  /// - Throws: ``CalibrationError``; what `sums` throws.
  package init(from start: Double, _ sums: (_ temperature: Double) throws -> LikelihoodSums) throws {
    let before = try sums(start)
    guard before.rows > 0 else { throw CalibrationError.noLikelihood(impossible: before.impossibleRows) }
    // Labels that are all the likeliest get ever likelier; others don't.
    guard before.right < before.rows else {
      throw CalibrationError.noTemperature(isZero: true, rows: before.rows, right: before.right)
    }
    // Inverse temperatures with a falling slope, and with a rising one.
    var (falling, rising): (Double?, Double?) = (nil, nil)
    var (inverse, current, passes) = (1 / start, before, 1)
    while passes < Self.mostPasses {
      if current.slope < 0 { falling = inverse } else { rising = inverse }
      let next = Self.next(inverse, current, falling, rising)
      if abs(next / inverse - 1) < Self.tolerance { break }
      guard next * start < Self.mostRatio, next * start > 1 / Self.mostRatio else {
        throw CalibrationError.noTemperature(isZero: next * start > 1, rows: before.rows, right: before.right)
      }
      inverse = next
      current = try sums(1 / inverse)
      passes += 1
    }
    temperature = passes == 1 ? start : 1 / inverse
    fitted = current
    self.start = start
    self.before = before
    self.passes = passes
  }

  /// Where to look next: where Newton's method leads, if that is between the bounds, else halfway between them.
  private static func next(
    _ inverse: Double, _ sums: LikelihoodSums, _ falling: Double?, _ rising: Double?
  ) -> Double {
    // No step is longer than this: far from the minimum curvature says little.
    let longest = 4.0
    let step = sums.curvature > 0 ? -sums.slope / sums.curvature : sums.slope < 0 ? longest : -1
    let newton = inverse * min(longest, max(1 / longest, 1 + step))
    guard let falling, let rising else { return newton }
    let (low, high) = (min(falling, rising), max(falling, rising))
    return newton > low && newton < high || abs(newton / inverse - 1) < tolerance ? newton : (low * high).squareRoot()
  }
}
