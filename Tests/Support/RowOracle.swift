import Foundation

/// What a row gives by the method's definition, in double precision: everything is summed over the clusters that
/// the definition sums over, with no regard to speed.
package struct RowOracle {
  package let assignment: Int
  /// 1 − g.
  package let doubt: Double
  /// The first index of the largest logit outside the group; nil where all of those are −∞.
  package let target: Int?
  /// The masked softmax probability there.
  package let probability: Double

  /// The outcome of a row of logits for the group that its cluster is in, or for another, empty one.
  package init(logits: [Double], group: Set<Int>, temperature: Double) {
    let first = { (clusters: [Int]) -> Int in
      clusters.reduce(clusters[0]) { logits[$1] > logits[$0] ? $1 : $0 }
    }
    let assignment = first(Array(logits.indices))
    let others = logits.indices.filter { $0 != assignment }
    let rest = others.reduce(0) { $0 + Self.exponential((logits[$1] - logits[assignment]) / temperature) }
    self.assignment = assignment
    doubt = rest / (1 + rest)

    let outside = logits.indices.filter { !group.contains($0) }
    let target = first(outside)
    guard logits[target] > -.infinity else {
      self.target = nil
      probability = 0
      return
    }
    self.target = target
    probability = 1 / outside.reduce(0) { $0 + Self.exponential((logits[$1] - logits[target]) / temperature) }
  }

  package static func exponential(_ x: Double) -> Double { exp(x) }
}
