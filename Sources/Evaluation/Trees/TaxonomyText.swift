import Hierarchy

/// A taxonomy as it was written, which names the groups of hierarchies: whatever `ReferenceTree` is read from that is text.
package struct TaxonomyText: Sendable {
  /// The file, for messages.
  package let path: String
  package let bytes: [UInt8]

  package init(path: String, bytes: [UInt8]) {
    self.path = path
    self.bytes = bytes
  }

  /// Reads a file or pipe.
  ///
  /// - Throws: ``EvaluationError``
  package init(reading path: String) throws(EvaluationError) {
    self.init(path: path, bytes: try TextReader(path).rest())
  }

  /// The trees that it has: one, or one for each column of a table whose columns are not nested; and what in the table was
  /// taken for missing values.
  ///
  /// - Throws: ``EvaluationError`` with the location of what can't be read, or if it names no groups.
  package func references(for hierarchy: ClusterHierarchy) throws -> [ReferenceTree] {
    let file = try TreeFile(reading: TextReader(path, holding: bytes))
    let trees = try file.trees(classes: hierarchy.clusters.map(\.name), leafNames: nil).trees
    guard trees.contains(where: { tree in tree.tree.innerNodes.contains { tree.terms[$0] != nil } }) else {
      throw EvaluationError.namesNoGroups(path)
    }
    return trees
  }

  /// The names that it gives to a hierarchy's nodes.
  ///
  /// - Throws: ``EvaluationError``, among others ``EvaluationError/hasNoneOf(_:example:)`` if it has no leaf of the hierarchy.
  package func naming(_ hierarchy: ClusterHierarchy) throws -> TermNaming {
    let references = try references(for: hierarchy)
    let naming = TermNaming(hierarchy, by: references)
    guard naming.strangers.count < hierarchy.leaves.count else {
      throw EvaluationError.hasNoneOf(
        path, classes: hierarchy.leaves.count, example: hierarchy.clusters[hierarchy.leaves[0]].name,
        found: references[0].tree.leafNames.first ?? "")
    }
    return naming
  }
}
