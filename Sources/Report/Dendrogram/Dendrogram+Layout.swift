import Hierarchy

extension Dendrogram {
  /// The end of a branch: a cluster, or a group below which nothing is drawn.
  struct Tip: Sendable {
    let node: Int
    let name: String
    let clusters: Int
    let samples: Int
    /// The index of the top group that it is in; nil if there is none.
    let group: Int?
    /// What it is called in the picture, if it is a group; nil for a cluster.
    let groupName: GroupName?
  }

  /// A merge that is drawn: a line that joins two branches.
  struct Branch: Sendable {
    /// A node's position in the picture.
    struct Position: Sendable {
      let node: Int
      /// Counted in tips; the first tip is at 0.
      let row: Double
      /// The distance from the root as a part of that to the tips, 0...1.
      let depth: Double
      let group: Int?
    }

    let position: Position
    let first: Position
    let second: Position
  }

  static func tips(of hierarchy: ClusterHierarchy, _ options: Options) throws(CutError) -> [Tip] {
    let groups = try options.cut.map { count throws(CutError) in try Cut(hierarchy, into: count).groups }
    let nodes = groups?.map(\.node) ?? hierarchy.leaves(below: hierarchy.root)
    // Groups that are collapsed or named are few, so each may have its own colour.
    let usual =
      options.groupNames
      ?? (groups == nil ? Palette.groupCount(leaves: nodes.count) : Palette.categoryColours.count)
    let wanted = options.colours ?? usual
    let colours = GroupColours(hierarchy, count: max(0, min(wanted, nodes.count)))
    return nodes.enumerated().map { row, node in
      Tip(
        node: node, name: Text.shown(groups?[row].label ?? hierarchy.clusters[node].name),
        clusters: hierarchy.clusterCount(of: node), samples: hierarchy.samples(of: node), group: colours[node],
        groupName: hierarchy.isLeaf(node) ? nil : GroupName(of: node, in: hierarchy, ems: options.groupNameWidth))
    }
  }

  /// The merges above the tips, the lower ones first. Each is in the middle of its children.
  static func branches(of hierarchy: ClusterHierarchy, tips: [Tip], _ axis: DendrogramAxis) -> [Branch] {
    var rows: [Int: Int] = [:]
    for (row, tip) in tips.enumerated() { rows[tip.node] = row }
    var finished: [Branch.Position] = []
    var branches: [Branch] = []
    func isAboveTips(_ node: Int) -> Bool { rows[node] == nil }
    hierarchy.walk(from: hierarchy.root, descend: isAboveTips) { visit in
      switch visit {
      case .leaf(let node), .collapsed(let node):
        guard let row = rows[node] else { return }
        finished.append(
          Branch.Position(node: node, row: Double(row), depth: axis.depth(ofTip: node), group: tips[row].group))
      case .enter, .between: break
      case .leave(let node):
        guard let second = finished.popLast(), let first = finished.popLast() else { return }
        let position = Branch.Position(
          node: node, row: (first.row + second.row) / 2, depth: axis.depth(of: node),
          group: first.group == second.group ? first.group : nil)
        finished.append(position)
        branches.append(Branch(position: position, first: first, second: second))
      }
    }
    return branches
  }
}
