import Hierarchy

/// How much of the doubt falls inside groups, after each merge of a tree.
package struct LevelCurve {
  /// The part of all doubt that falls to clusters of the row's own group, after t merges; 0 before the first.
  package let inside: [Double]
  /// The same by chance: if what falls to clusters of the tree fell to a cluster as often as to it from all others, whatever
  /// cluster it comes from.
  package let chance: [Double]

  /// How far the doubt inside groups is above chance: the modularity of the groups (Newman and Girvan 2004; of directed
  /// graphs, Leicht and Newman 2008).
  var modularity: [Double] { zip(inside, chance).map { $0 - $1 } }

  /// - Parameters:
  ///   - weights: How much each cluster's doubt counts.
  ///   - merges: The t-th makes node K + t.
  package init(_ shares: DoubtShares, weights: [Double], merges: [(lowest: Int, partner: Int)]) {
    let steps = MeetingSteps(clusters: weights.count, merges: merges)
    var gains = [Double](repeating: 0, count: merges.count)
    var nodes = Self.leaves(shares, weights, merges)
    for (cluster, row) in shares.rows.enumerated() where weights[cluster] > 0 {
      for (other, share) in zip(row.clusters, row.shares) {
        gains[steps.merge(of: cluster, Int(other))] += weights[cluster] * Double(share) * 0x1p-40
      }
    }
    let total = weights.reduce(0, +)
    var inside = [0.0]
    var chance = [0.0]
    for (index, merge) in merges.enumerated() {
      let (a, b) = (nodes[merge.lowest], nodes[merge.partner])
      let gain = gains[index] + a.even * b.clusters + b.even * a.clusters
      inside.append(inside[index] + (total > 0 ? gain / total : 0))
      chance.append(chance[index] + a.given * b.received + b.given * a.received)
      nodes.append(a + b)
    }
    let most = chance[merges.count]
    let scale = most > 0 ? inside[merges.count] / most : 0
    self.inside = inside
    self.chance = chance.map { $0 * scale }
  }

  /// What is known of a node's clusters together.
  private struct Node {
    var clusters = 1.0
    /// What every other cluster gets of their doubt.
    var even = 0.0
    /// Their doubt that falls to clusters of the tree, and what falls to them.
    var given = 0.0
    var received = 0.0

    static func + (a: Node, b: Node) -> Node {
      Node(
        clusters: a.clusters + b.clusters, even: a.even + b.even, given: a.given + b.given,
        received: a.received + b.received)
    }
  }

  private static func leaves(
    _ shares: DoubtShares, _ weights: [Double], _ merges: [(lowest: Int, partner: Int)]
  ) -> [Node] {
    var nodes = [Node](repeating: Node(), count: weights.count)
    let leaves = merges.flatMap { [$0.lowest, $0.partner] }.filter { $0 < weights.count }
    for cluster in leaves {
      let row = shares.rows[cluster]
      nodes[cluster].even = weights[cluster] * row.even
      nodes[cluster].given = nodes[cluster].even * Double(leaves.count - 1)
      for (other, share) in zip(row.clusters, row.shares) {
        let part = weights[cluster] * Double(share) * 0x1p-40
        nodes[cluster].given += part
        nodes[Int(other)].received += part
      }
    }
    let even = leaves.reduce(0) { $0 + nodes[$1].even }
    for cluster in leaves { nodes[cluster].received += even - nodes[cluster].even }
    return nodes
  }
}

extension LevelCurve {
  /// A corner of the smallest concave curve above all points (chance, inside).
  package struct Corner {
    /// The merges done.
    package let merges: Int
    /// How much the merges since the corner before add to the doubt inside groups, as a multiple of what they add by chance;
    /// the same of those up to the next corner.
    package let before: Double
    package let next: Double
  }

  /// The corners between the ends: the levels at which inside − γ · chance is largest for some γ, the others for none. A level
  /// is a corner for all γ from `next` to `before` (Reichardt and Bornholdt 2006).
  package var corners: [Corner] {
    var hull: [Int] = []
    for point in inside.indices {
      while hull.count >= 2, !isAbove(hull[hull.count - 1], hull[hull.count - 2], point) { hull.removeLast() }
      hull.append(point)
    }
    return zip(zip(hull, hull.dropFirst()), hull.dropFirst(2)).map { ends, next in
      Corner(merges: ends.1, before: slope(ends.0, ends.1), next: slope(ends.1, next))
    }
  }

  /// Whether a point lies above the line from one before it to one after it.
  private func isAbove(_ point: Int, _ before: Int, _ after: Int) -> Bool {
    (inside[point] - inside[before]) * (chance[after] - chance[point])
      > (inside[after] - inside[point]) * (chance[point] - chance[before])
  }

  private func slope(_ a: Int, _ b: Int) -> Double {
    let run = chance[b] - chance[a]
    return run > 0 ? max(0, inside[b] - inside[a]) / run : .infinity
  }
}
