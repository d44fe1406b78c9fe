import Hierarchy
import Texts

/// The clusters of a hierarchy that sit farthest from their siblings in a taxonomy: see ``LeafPlacement/strangeness``.
package struct StrangeClusters: Sendable {
  /// A cluster, and what the taxonomy has it under.
  package struct Entry: Sendable, Equatable {
    package let cluster: Int
    /// The name of its group in the taxonomy.
    package let group: String
    /// How often another cluster is nearer than a sibling, 0...1; 1/2 by chance.
    package let strangeness: Double
  }

  /// The strangest first.
  package let entries: [Entry]

  /// - Parameter top: How many there are at most.
  /// - Throws: ``EvaluationError`` if the taxonomy can't be read.
  package init(in hierarchy: ClusterHierarchy, by taxonomy: TaxonomyText, top: Int) throws {
    guard let reference = try taxonomy.references(for: hierarchy).first else {
      entries = []
      return
    }
    let tree = ReferenceTree(hierarchy)
    let matching = LeafMatching(tree.tree.leafNames, reference.tree.leafNames)
    guard let pair = TreePair(tree.tree, reference.tree, matching: matching) else {
      entries = []
      return
    }
    // Leaves of one name are in no match, so a name that is left stands for one cluster.
    let names = hierarchy.leaves.map { (ByteText(hierarchy.clusters[$0].name), $0) }
    let clusters = Dictionary(names) { first, _ in first }
    entries = pair.farthest(pair.placements().leaves, top: top).compactMap { leaf in
      let placement = leaf.placement
      guard let cluster = clusters[ByteText(pair.tree.name(at: placement.position))],
        let group = reference.kind.name(ofGroup: pair.reference.labels[placement.group])
      else { return nil }
      return Entry(cluster: cluster, group: group, strangeness: placement.strangeness)
    }
  }
}
