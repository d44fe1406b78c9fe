import Hierarchy

extension TerminalTree {
  /// The most clusters around a node that are drawn without collapsing any.
  private static let neighbours = 12

  /// The path from the root to a node. Branches off it are collapsed; the node's next relatives are drawn in full.
  ///
  /// If the path is too long for the width, only its last part is drawn. Then the first line says what is above.
  package func text(locating node: Int) -> String {
    let path = hierarchy.path(from: node)
    // Some levels are left for relatives.
    let top = min(path.count - 1, max(1, levels * 2 / 3))
    let near = path.last { hierarchy.clusterCount(of: $0) <= Self.neighbours } ?? node
    var drawn = Set(path.dropFirst())
    hierarchy.walk(from: near) { if case .enter(let relative) = $0 { drawn.insert(relative) } }
    let tree = draw(from: path[top], marked: node) { drawn.contains($0) }
    let above = path.count - 1 - top
    return above == 0 ? tree : "… \(Text.count(above, "level")) up\n" + tree
  }
}

extension ClusterHierarchy {
  /// The nodes from a node up to the root.
  func path(from node: Int) -> [Int] {
    var path = [node]
    // A node is made after the nodes below it, so one look at each later merge finds the whole path.
    for merge in merges where path[path.count - 1] == merge.lowest || path[path.count - 1] == merge.partner {
      path.append(merge.node)
    }
    return path
  }
}
