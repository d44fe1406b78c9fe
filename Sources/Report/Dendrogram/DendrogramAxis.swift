import Glibc
import Hierarchy

/// Where nodes stand between the root and the tips, and what is written beside it.
struct DendrogramAxis: Sendable {
  /// A number on the axis.
  struct Tick: Sendable {
    let value: Int
    /// The way from the root to the tips, 0...1.
    let depth: Double
  }

  private let scale: Dendrogram.Scale
  private let hierarchy: ClusterHierarchy
  private let leaves: Int
  /// The groups at the tips' end of a scale by step.
  private let tips: Int
  /// What a scale by step leaves between its end and the tips: a stem, so that the first merges are seen, or room for
  /// the triangles of collapsed groups.
  private let stem: Double

  init(_ scale: Dendrogram.Scale, _ hierarchy: ClusterHierarchy, tips: Int, isCut: Bool) {
    self.scale = scale
    self.hierarchy = hierarchy
    self.tips = tips
    leaves = hierarchy.merges.count + 1
    stem = isCut && tips < leaves ? 0.16 : 0.025
  }

  /// The position of a merge that is drawn; less than those of its children.
  func depth(of node: Int) -> Double {
    switch scale {
    case .step: depth(groups: leaves - hierarchy.height(of: node))
    case .clusters: depth(clusters: hierarchy.clusterCount(of: node))
    }
  }

  /// Where a tip's branch ends: with the tips, or where the triangle of a collapsed group begins.
  func depth(ofTip node: Int) -> Double {
    if hierarchy.isLeaf(node) { return 1 }
    return scale == .step ? depth(groups: tips) : depth(clusters: hierarchy.clusterCount(of: node))
  }

  private func depth(groups: Int) -> Double {
    tips > 1 ? (1 - stem) * log(Double(groups)) / log(Double(tips)) : 1 - stem
  }

  private func depth(clusters: Int) -> Double { leaves > 1 ? 1 - log(Double(clusters)) / log(Double(leaves)) : 1 }

  /// 1, 2, 5, 10, 20, 50, … and the largest number of the scale, those in between as far apart as `distance` at least.
  func ticks(apart distance: Double) -> [Tick] {
    let largest = scale == .step ? tips : leaves
    guard largest > 1 else { return [] }
    func tick(_ value: Int) -> Tick {
      Tick(value: value, depth: scale == .step ? depth(groups: value) : depth(clusters: value))
    }
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

  /// What its numbers are.
  var caption: String {
    switch scale {
    case .step: "groups left after the merge"
    case .clusters: "clusters below the branch"
    }
  }
}
