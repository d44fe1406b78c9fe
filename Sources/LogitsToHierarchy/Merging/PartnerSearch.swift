/// Finds the partner of a group: adds up its reassigned probability per group and compares the averages.
///
/// Averages compare as fractions of integers, so equal ones tie exactly; a tie goes to the smallest node id.
/// Working memory is kept from one search to the next.
package struct PartnerSearch {
  package struct Choice {
    package let partner: Int
    /// The partner's sum over its number of clusters.
    package let average: Double
    /// The partner's part of all reassigned probability; 0 where none was reassigned.
    package let share: Double
    /// (best − second) / best of the averages: 1 when there is no second, 0 when the best is 0.
    package let margin: Double
  }

  /// A group's sum of reassigned probability, in multiples of 2^-40, over its number of clusters.
  private struct Average: Comparable {
    let sum: UInt128
    let clusters: UInt128

    static let zero = Average(sum: 0, clusters: 1)

    static func < (a: Average, b: Average) -> Bool { a.sum * b.clusters < b.sum * a.clusters }
    static func == (a: Average, b: Average) -> Bool { a.sum * b.clusters == b.sum * a.clusters }

    var double: Double { FixedPoint.double(sum) / Double(clusters) }

    /// Whether this less 1e-5 of it is above `other`.
    func isClearlyAbove(_ other: Average) -> Bool {
      sum * other.clusters * 99_999 > other.sum * clusters * 100_000
    }

    /// Whether this is above `other` by no more than 1e-5 of it, so that they are as good as equal.
    func isHardlyAbove(_ other: Average) -> Bool {
      sum * other.clusters * 100_000 <= other.sum * clusters * 100_001
    }

    /// (self − other) / self, from exact products, for another not above this one.
    func margin(over other: Average) -> Double {
      Double(sum * other.clusters - other.sum * clusters) / Double(sum * other.clusters)
    }
  }

  /// The sum of each node that reassigned probability went to, or its bounds; 0 elsewhere and between searches.
  private var sums: [UInt128]
  private var upperSums: [UInt128]

  /// The number of nodes that there may be.
  var nodeCount: Int { sums.count }

  /// A search among nodes up to `nodes`.
  package init(nodes: Int) {
    sums = Array(repeating: 0, count: nodes)
    upperSums = sums
  }

  /// The group of `groups` other than `lowest` with the highest average, where `reassigned` is R of `lowest`.
  ///
  /// What was reassigned to clusters without rows counts for the whole that ``Choice/share`` is a part of, but for no
  /// partner.
  ///
  /// - Precondition: There is another group.
  package mutating func partner(
    of lowest: Int, _ reassigned: ReassignedProbability, among groups: inout GroupForest
  ) -> Choice {
    guard let smallest = groups.smallestAlive(except: lowest) else { preconditionFailure("there is no other group") }
    var total: UInt128 = 0
    var touched: [Int] = []
    for (cluster, sum) in zip(reassigned.clusters, reassigned.sums) where sum > 0 {
      total += sum
      let node = groups.group(of: cluster)
      guard groups.isAlive(node) else { continue }
      precondition(node != lowest, "a group reassigns to clusters outside it")
      if sums[node] == 0 { touched.append(node) }
      sums[node] += sum
    }
    defer { for node in touched { sums[node] = 0 } }

    // A group that got nothing is partner only if no group got anything; then the smallest is.
    var partner = smallest
    var best = Average.zero
    var second = Average.zero
    for node in touched {
      let average = Average(sum: sums[node], clusters: UInt128(groups.size(of: node)))
      if average > best || (average == best && node < partner) {
        second = best
        best = average
        partner = node
      } else if average > second {
        second = average
      }
    }
    let margin: Double
    if groups.count == 2 {
      margin = 1
    } else {
      margin = best.sum == 0 ? 0 : best.margin(over: second)
    }
    return Choice(
      partner: partner, average: best.double, share: total == 0 ? 0 : Double(best.sum) / Double(total), margin: margin)
  }

  /// The partner of `lowest` as far as bounds tell; nil if they don't tell.
  ///
  /// It is certain if the lower bound of its average, less 1e-5 of it, is above the upper bound of every other group's,
  /// unresolved rows counted in full for each; if it is the only other group; or if certainly nothing was reassigned,
  /// when the tie goes to the smallest node.
  ///
  /// - Parameter isFinal: Whether nothing more will be known. It is as good as certain then, and a near tie, if no other group's
  ///   upper bound is above its lower bound by more than 1e-5.
  /// - Precondition: There is another group.
  package mutating func certifiedPartner(
    of lowest: Int, _ bounds: ReassignedBounds, among groups: inout GroupForest, isFinal: Bool = false
  ) -> Choice? {
    guard let smallest = groups.smallestAlive(except: lowest) else { preconditionFailure("there is no other group") }
    let unresolved = UInt128(bounds.unresolved) * UInt128(FixedPoint.one)
    var total = unresolved
    var touched: [Int] = []
    for index in bounds.clusters.indices where bounds.upper[index] > 0 {
      total += bounds.upper[index]
      let node = groups.group(of: bounds.clusters[index])
      guard groups.isAlive(node) else { continue }
      precondition(node != lowest, "a group reassigns to clusters outside it")
      if upperSums[node] == 0 { touched.append(node) }
      sums[node] += bounds.lower[index]
      upperSums[node] += bounds.upper[index]
    }
    defer {
      for node in touched {
        sums[node] = 0
        upperSums[node] = 0
      }
    }

    var partner = smallest
    var best = Average.zero
    for node in touched {
      let average = Average(sum: sums[node], clusters: UInt128(groups.size(of: node)))
      if average > best || (average == best && node < partner) {
        best = average
        partner = node
      }
    }
    let isOnly = groups.count == 2
    var highest = Average.zero
    if !isOnly {
      for node in touched where node != partner {
        highest = max(highest, Average(sum: upperSums[node] + unresolved, clusters: UInt128(groups.size(of: node))))
      }
      if unresolved > 0 {
        // All unresolved rows may belong to a group that got nothing else; the fewer clusters, the higher its average.
        for node in groups.aliveAscending where node != partner && node != lowest && upperSums[node] == 0 {
          let size = groups.size(of: node)
          highest = max(highest, Average(sum: unresolved, clusters: UInt128(size)))
          // There is none smaller, and single clusters come first.
          if size == 1 { break }
        }
      }
      guard best.isClearlyAbove(highest) || total == 0 || (isFinal && highest.isHardlyAbove(best)) else { return nil }
    }
    let margin = isOnly ? 1 : best.sum == 0 || highest > best ? 0 : best.margin(over: highest)
    return Choice(
      partner: partner, average: best.double, share: total == 0 ? 0 : Double(best.sum) / Double(total), margin: margin)
  }
}
