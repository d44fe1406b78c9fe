import Glibc
import Hierarchy

/// The distances of nodes from the root, and the axis that shows them.
struct DendrogramAxis: Sendable {
  /// A number on the axis.
  struct Tick: Sendable {
    let text: String
    /// The distance from the root as a part of that to the tips, 0...1.
    let depth: Double
  }

  private let scale: Dendrogram.Scale
  private let hierarchy: ClusterHierarchy
  private let leaves: Int
  /// The number of groups at the tips' end of a scale by step.
  private let tips: Int
  /// The depth between the end of a scale by step and the tips. It gives the first merges a stem to be seen by, or
  /// collapsed groups room for their triangles.
  private let stem: Double
  /// The height of each node on a scale of strength; empty on others.
  private let heights: [Double]

  init(_ scale: Dendrogram.Scale, _ hierarchy: ClusterHierarchy, tips: Int, isCut: Bool) {
    self.scale = scale
    self.hierarchy = hierarchy
    self.tips = tips
    leaves = hierarchy.merges.count + 1
    stem = isCut && tips < leaves ? 0.16 : 0.025
    heights =
      switch scale {
      case .step, .clusters: []
      case .share: hierarchy.heights(.share)
      case .margin: hierarchy.heights(.margin)
      }
  }

  /// The depth of a merge that is drawn, which is less than those of its children.
  func depth(of node: Int) -> Double {
    switch scale {
    case .step: depth(groups: leaves - hierarchy.height(of: node))
    case .clusters: depth(clusters: hierarchy.clusterCount(of: node))
    case .share, .margin: depth(height: heights[node])
    }
  }

  /// The depth at which a tip's branch ends: 1, or where the triangle of a collapsed group begins.
  func depth(ofTip node: Int) -> Double {
    if hierarchy.isLeaf(node) { return 1 }
    return scale == .step ? depth(groups: tips) : depth(of: node)
  }

  private func depth(groups: Int) -> Double {
    tips > 1 ? (1 - stem) * log(Double(groups)) / log(Double(tips)) : 1 - stem
  }

  private func depth(height: Double) -> Double { (1 - stem) * (1 - height) }

  private func depth(clusters: Int) -> Double { leaves > 1 ? 1 - log(Double(clusters)) / log(Double(leaves)) : 1 }

  /// Ticks at 1, 2, 5, 10, 20, 50, … and at the largest number of a scale that counts; every fifth of others. They are at
  /// least `distance` apart.
  func ticks(apart distance: Double) -> [Tick] {
    switch scale {
    case .share, .margin:
      guard leaves > 1 else { return [] }
      return (0...5).map { fifths in
        let height = Double(fifths) / 5
        return Tick(text: Text.number(height), depth: depth(height: height))
      }
    case .step: return countingTicks(to: tips, apart: distance, depth: depth(groups:))
    case .clusters: return countingTicks(to: leaves, apart: distance, depth: depth(clusters:))
    }
  }

  private func countingTicks(to largest: Int, apart distance: Double, depth: (Int) -> Double) -> [Tick] {
    guard largest > 1 else { return [] }
    func tick(_ value: Int) -> Tick { Tick(text: Text.grouped(value), depth: depth(value)) }
    let ends = [tick(1), tick(largest)]
    var ticks = [ends[0]]
    var decade = 1
    while decade < largest {
      for value in [2 * decade, 5 * decade, 10 * decade] where value < largest {
        let next = tick(value)
        let isClear = [ticks[ticks.count - 1], ends[1]].allSatisfy { abs($0.depth - next.depth) >= distance }
        if isClear { ticks.append(next) }
      }
      decade *= 10
    }
    return ticks + [ends[1]]
  }

  /// What the numbers on the axis count.
  var caption: String {
    switch scale {
    case .step: "groups left after the merge"
    case .clusters: "clusters below the branch"
    case .share: "1 − share of the merge, or of one below it if that is more"
    case .margin: "1 − margin of the merge, or of one below it if that is more"
    }
  }

  /// How the numbers on the axis are spaced.
  var spacing: String {
    switch scale {
    case .step, .clusters: "on a logarithmic scale"
    case .share, .margin: "on a linear scale"
    }
  }
}
