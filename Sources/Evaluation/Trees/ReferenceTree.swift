import Hierarchy

/// A tree that is compared with another one: a reference, or what is held against it.
package struct ReferenceTree: Sendable {
  /// The format of a tree.
  package enum Kind: String, Sendable, CaseIterable, Codable {
    /// A tree in Newick format.
    case newick
    /// A table of classes and the groups they are in.
    case taxonomy
    /// A table of children and parents.
    case edges
    /// SciPy's linkage matrix, as `.npy`.
    case linkage
    /// A store of this program.
    case store
  }

  package let kind: Kind
  package let tree: RootedTree
  /// The names of a taxonomy's levels from the finest, which has height 1; empty for other kinds.
  package let levelNames: [String]
  /// Texts in a table that were taken for missing values.
  package let missing: [MissingText]
  /// The column that the tree is of, if it is one of a taxonomy whose columns are not nested.
  package let column: String?

  init(
    _ kind: Kind, _ tree: RootedTree, levelNames: [String] = [], missing: [MissingText] = [], column: String? = nil
  ) {
    self.kind = kind
    self.tree = tree
    self.levelNames = levelNames
    self.missing = missing
    self.column = column
  }

  /// The tree in a store.
  package init(_ hierarchy: ClusterHierarchy) {
    kind = .store
    tree = RootedTree(hierarchy)
    levelNames = []
    missing = []
    column = nil
  }

  /// The tree in a file.
  ///
  /// - Parameters:
  ///   - kind: The format; nil to find it out from the beginning of the text.
  ///   - classes: The names of the clusters that the tree will be compared with.
  /// - Throws: ``EvaluationError`` with the location of what can't be read.
  package init(
    reading path: String, kind: Kind? = nil, classes: some Sequence<String>
  ) throws {
    self = try TreeFile(opening: path, kind: kind).tree(classes: classes)
  }
}

extension ReferenceTree.Kind {
  /// What a group is called that a tree of this kind labels so; nil if that is no name. A number is none in Newick, which has
  /// support there.
  func name(ofGroup label: String) -> String? {
    label.isEmpty || self == .newick && Double(label) != nil ? nil : label
  }
}

extension ReferenceTree {
  /// For each node, what its group is called; nil if it has no name.
  package var terms: [String?] { tree.labels.map(kind.name(ofGroup:)) }
}
