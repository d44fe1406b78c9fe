/// Moves labels along a line as little as it takes that none touches another.
enum LabelSpread {
  /// Places for the middles of labels, in the same order, at least half of two neighbours' heights apart.
  ///
  /// The sum of the squares of all moves is least: with the heights of those before it taken off each place, places have to
  /// ascend, and the nearest that do are found by pooling neighbours that don't. (Isotonic regression; Barlow et al.,
  /// Statistical inference under order restrictions, 1972.)
  ///
  /// - Parameters:
  ///   - places: Where the labels should be, in ascending order.
  ///   - heights: The room that each needs.
  static func spread(_ places: [Double], heights: [Double]) -> [Double] {
    var offsets = [0.0]
    for (before, after) in zip(heights, heights.dropFirst()) {
      offsets.append(offsets[offsets.count - 1] + (before + after) / 2)
    }
    var pools: [(sum: Double, count: Int)] = []
    for (place, offset) in zip(places, offsets) {
      pools.append((place - offset, 1))
      while let last = pools.last, let before = pools.dropLast().last,
        before.sum / Double(before.count) > last.sum / Double(last.count)
      {
        pools.removeLast()
        pools[pools.count - 1] = (before.sum + last.sum, before.count + last.count)
      }
    }
    let means = pools.flatMap { pool in repeatElement(pool.sum / Double(pool.count), count: pool.count) }
    return zip(means, offsets).map { $0 + $1 }
  }
}
