extension ClusterHierarchy {
  /// The node above all others: that of the last merge, or the only leaf.
  public var root: Int { merges.last?.node ?? leaves[0] }

  public func isLeaf(_ node: Int) -> Bool { node < clusters.count }

  /// The merge that made a node; nil for a leaf.
  public func merge(making node: Int) -> Merge? { isLeaf(node) ? nil : merges[node - clusters.count] }

  /// The merge that took a node into a larger group; nil for the root.
  package func merge(taking node: Int) -> Merge? { merges.first { $0.lowest == node || $0.partner == node } }

  /// The two nodes below a node, the one with the smaller id first; nil for a leaf.
  public func children(of node: Int) -> (first: Int, second: Int)? {
    merge(making: node).map { (min($0.lowest, $0.partner), max($0.lowest, $0.partner)) }
  }

  /// The step that made a node; 0 for a leaf. A node's height is larger than the heights of all nodes below it.
  public func height(of node: Int) -> Int { merge(making: node)?.step ?? 0 }

  public func samples(of node: Int) -> Int { merge(making: node)?.samples ?? clusters[node].samples }

  public func clusterCount(of node: Int) -> Int { merge(making: node)?.clusters ?? 1 }

  /// The name of a leaf; the number of any other node.
  public func label(of node: Int) -> String { isLeaf(node) ? clusters[node].name : String(node) }

  /// A stop on a walk through the tree, depth first.
  public enum Visit: Sendable, Equatable {
    case leaf(Int)
    /// At a node that the walk does not go below.
    case collapsed(Int)
    /// At a node, before its first child.
    case enter(Int)
    /// At a node, between its children.
    case between(Int)
    /// At a node, after its second child.
    case leave(Int)
  }

  /// Walks through the tree below a node, depth first. Of two children, the one with the smaller id comes first.
  ///
  /// - Parameter descend: Whether to go below a node. It is called when the walk comes to the node.
  /// - Complexity: O(nodes) time, O(depth) memory, no recursion.
  public func walk(
    from start: Int, descend: (Int) -> Bool = { _ in true }, _ visit: (Visit) throws -> Void
  ) rethrows {
    enum Task {
      case arrive(Int)
      case visit(Visit)
    }
    var tasks = [Task.arrive(start)]
    while let task = tasks.popLast() {
      switch task {
      case .visit(let stop): try visit(stop)
      case .arrive(let node):
        guard let (first, second) = children(of: node) else {
          try visit(.leaf(node))
          continue
        }
        guard descend(node) else {
          try visit(.collapsed(node))
          continue
        }
        try visit(.enter(node))
        tasks += [.visit(.leave(node)), .arrive(second), .visit(.between(node)), .arrive(first)]
      }
    }
  }

  /// The leaves below a node, in the order of ``walk(from:_:)``.
  public func leaves(below node: Int) -> [Int] {
    var found: [Int] = []
    walk(from: node) { if case .leaf(let leaf) = $0 { found.append(leaf) } }
    return found
  }
}
