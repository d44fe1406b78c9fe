extension ClusterHierarchy {
  /// The node above all others: the last merge's, or the only leaf.
  public var root: Int { merges.last?.node ?? leaves[0] }

  public func isLeaf(_ node: Int) -> Bool { node < clusters.count }

  /// The merge that made a node; nil for a leaf.
  public func merge(making node: Int) -> Merge? { isLeaf(node) ? nil : merges[node - clusters.count] }

  /// The two nodes below a node, the one with the smaller id first; nil for a leaf.
  public func children(of node: Int) -> (first: Int, second: Int)? {
    merge(making: node).map { (min($0.lowest, $0.partner), max($0.lowest, $0.partner)) }
  }

  /// The step that made a node; 0 for a leaf. Strictly larger than the heights below.
  public func height(of node: Int) -> Int { merge(making: node)?.step ?? 0 }

  public func samples(of node: Int) -> Int { merge(making: node)?.samples ?? clusters[node].samples }

  public func clusterCount(of node: Int) -> Int { merge(making: node)?.clusters ?? 1 }

  /// A leaf's name, or a number for the nodes above.
  public func label(of node: Int) -> String { isLeaf(node) ? clusters[node].name : String(node) }

  /// A stop on the way through the tree, depth first.
  public enum Visit: Sendable, Equatable {
    case leaf(Int)
    /// A node that is not descended into.
    case collapsed(Int)
    /// Before the first child.
    case enter(Int)
    /// Between the children.
    case between(Int)
    /// After the second child.
    case leave(Int)
  }

  /// Goes through the tree below a node, depth first, the child with the smaller id first.
  ///
  /// - Parameter descend: Whether to go below a node; asked when the walk comes to it.
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
