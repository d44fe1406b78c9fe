import Hierarchy

/// Names for the nodes of a hierarchy: for each the term of a taxonomy that fits it best.
///
/// A term is a node of the taxonomy that has a name and two of the hierarchy's leaves below it at least: one that has a
/// single class names no group. A leaf of the hierarchy has the taxonomy's name for itself. Leaves that the taxonomy has not, or
/// whose names stand for several, are under no term.
package struct TermNaming: Sendable {
  /// For each node, clusters first; nil where no term has a leaf of the node.
  package let terms: [NodeTerm?]
  /// The leaves that the taxonomy has not, in ascending order.
  package let strangers: [Int]
  /// Names that stand for several clusters, or several leaves of the taxonomy.
  package let ambiguous: [String]
  /// The number of terms.
  package let termCount: Int

  /// Names by one tree; or by several, of which the first is preferred where terms fit equally well.
  ///
  /// - Complexity: O(leaves below it) for each node, and what ``TermTree`` searches.
  package init(_ hierarchy: ClusterHierarchy, by references: [ReferenceTree]) {
    let trees = references.compactMap { TermTree($0, above: hierarchy) }
    ambiguous = trees.first?.ambiguous ?? []
    termCount = trees.reduce(0) { $0 + $1.termCount }
    strangers = hierarchy.leaves.filter { leaf in trees.allSatisfy { $0.places[leaf] == nil } }
    var terms = [NodeTerm?](repeating: nil, count: hierarchy.clusters.count + hierarchy.merges.count)
    for leaf in hierarchy.leaves {
      guard let name = trees.lazy.compactMap({ tree in tree.places[leaf].map(tree.leafName) }).first else { continue }
      terms[leaf] = NodeTerm(term: name, leaves: 1, size: 1, termSize: 1)
    }
    var best = [TermTree.Fit?](repeating: nil, count: terms.count)
    for tree in trees {
      let found = tree.fits(hierarchy)
      for merge in hierarchy.merges {
        guard let fit = found[merge.node] else { continue }
        if let other = best[merge.node], !fit.fits(better: other, merge.clusters) { continue }
        best[merge.node] = fit
        terms[merge.node] = tree.term(fit, of: merge.clusters)
      }
    }
    self.terms = terms
  }
}

extension TermTree {
  /// For each node of a hierarchy, the term that fits it best; nil for leaves.
  fileprivate func fits(_ hierarchy: ClusterHierarchy) -> [Fit?] {
    var fits = [Fit?](repeating: nil, count: hierarchy.clusters.count + hierarchy.merges.count)
    hierarchy.forEachNode(places: places) { node, places in
      guard let merge = hierarchy.merge(making: node) else { return }
      let likely = [fits[merge.lowest], fits[merge.partner]].compactMap { $0?.node }
      fits[node] = best(for: places, size: merge.clusters, likely: likely)
    }
    return fits
  }
}

extension TermTree.Fit {
  /// Whether it fits so many leaves better than a term of another tree.
  fileprivate func fits(better other: Self, _ size: Int) -> Bool {
    TermTree.Fit(node: 0, leaves: leaves, termSize: termSize)
      .isBetter(than: TermTree.Fit(node: 0, leaves: other.leaves, termSize: other.termSize), for: size)
  }
}
