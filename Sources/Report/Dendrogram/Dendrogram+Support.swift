import Hierarchy

extension Dendrogram {
  /// The support of a node, to be written on the branch that leads to it, at its outer end.
  struct SupportFigure {
    let text: String
    let row: Double
    let distance: Double
    /// Whether there is room for it.
    let fits: Bool
  }

  /// The support of all nodes that are drawn but the root and clusters, the lower ones first.
  ///
  /// A figure fits if its branch is as long as the figure, and if the node's own rows are as high. Then it touches no other:
  /// nodes that lie on one path have their branches one after the other, and others have no row in common. (On a scale that is
  /// not of steps many nodes are at the same place, with branches of no length.)
  func supportFigures(_ frame: some DendrogramFrame) -> [SupportFigure] {
    guard let support = hierarchy.support else { return [] }
    let size = DendrogramStyle.supportSize
    // Half of the rows of each merge that is drawn.
    var reach: [Int: Double] = [:]
    var figures: [SupportFigure] = []
    for branch in branches {
      reach[branch.position.node] = (branch.second.row - branch.first.row) / 2 + 0.5
      for child in [branch.first, branch.second] where !hierarchy.isLeaf(child.node) {
        let text = String(support.percent(ofMerge: child.node - hierarchy.clusters.count))
        let (start, end) = (branch.position.depth * frame.length, child.depth * frame.length)
        let inner = end - DendrogramStyle.figureGap - size * TextWidth.ems(text)
        let height = 2 * (reach[child.node] ?? 0.5) * frame.pitch(at: inner)
        figures.append(
          SupportFigure(text: text, row: child.row, distance: end, fits: inner >= start && height >= 1.1 * size))
      }
    }
    return figures
  }
}
