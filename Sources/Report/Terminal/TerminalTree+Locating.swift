import Hierarchy

extension TerminalTree {
  /// How many clusters there may be around a node for all of them to be drawn.
  private static let neighbours = 12

  /// The way from the root to a node: what branches off is collapsed, and the node's next relatives are drawn in full.
  ///
  /// Of a way too long for the width the last part is drawn, and the first line says what is above it.
  package func text(locating node: Int) -> String {
    let path = hierarchy.path(from: node)
    // Some levels are left to relatives.
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
  /// The nodes from a node to the root, which is the last.
  func path(from node: Int) -> [Int] {
    var path = [node]
    // A node is made after those below it, so one look at each merge that follows finds them all.
    for merge in merges where path[path.count - 1] == merge.lowest || path[path.count - 1] == merge.partner {
      path.append(merge.node)
    }
    return path
  }
}
