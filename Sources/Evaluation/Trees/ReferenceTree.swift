import Hierarchy

/// A tree that a hierarchy is compared with.
package struct ReferenceTree: Sendable {
  /// The format of a reference.
  package enum Kind: String, Sendable, CaseIterable, Codable {
    /// A tree in Newick format.
    case newick
    /// A table of classes and the groups they are in.
    case taxonomy
    /// A table of children and parents.
    case edges
    /// A store of this program.
    case store
  }

  package let kind: Kind
  package let tree: RootedTree
  /// The names of a taxonomy's levels from the finest, which has height 1; empty for other kinds.
  package let levelNames: [String]

  /// The tree in another store.
  package init(_ hierarchy: ClusterHierarchy) {
    kind = .store
    tree = RootedTree(hierarchy)
    levelNames = []
  }

  /// The tree in a file.
  ///
  /// - Parameters:
  ///   - kind: The format; nil to find it out from the beginning of the text.
  ///   - classes: The names of the clusters that the tree will be compared with.
  /// - Throws: ``EvaluationError`` with the location of what can't be read.
  package init(_ file: TextFile, kind: Kind? = nil, classes: some Sequence<String>) throws(EvaluationError) {
    let kind = if let kind { kind } else { try Self.kind(of: file) }
    switch kind {
    case .newick:
      self.kind = .newick
      tree = try NewickReader.tree(file)
      levelNames = []
    case .edges:
      let table = try TextTable(file)
      guard Self.isEdgeHeader(table.header) else {
        throw .badData(file.path, location: "line 1", reason: "a list of edges has the header child,parent")
      }
      self.kind = .edges
      tree = try EdgeList.tree(table, classes: Set(classes))
      levelNames = []
    case .taxonomy:
      let table = try TextTable(file)
      self.kind = .taxonomy
      tree = try Taxonomy.tree(table)
      levelNames = Array(table.header.dropFirst())
    case .store:
      throw .badData(file.path, location: nil, reason: "is a file, and a store is a directory")
    }
  }

  /// The format of a file, told by the beginning of its text. Newick begins with a bracket, edges with their header, a
  /// taxonomy with any other header of several columns.
  static func kind(of file: TextFile) throws(EvaluationError) -> Kind {
    let first = file.text.unicodeScalars.first { !$0.properties.isWhitespace }
    if first == "(" || first == "[" { return .newick }
    if first == "#", file.text.drop(while: \.isWhitespace).prefix(6).lowercased() == "#nexus" {
      throw .badData(file.path, location: nil, reason: "is a NEXUS file; save the tree in Newick format")
    }
    guard let line = file.lines.first, line.contains(",") else {
      throw .unknownReference(file.path)
    }
    return isEdgeHeader(line.split(separator: ",").map(String.init)) ? .edges : .taxonomy
  }

  private static func isEdgeHeader(_ fields: [String]) -> Bool {
    let blanks: Set<Character> = [" ", "\"", "\t"]
    return fields.map { $0.lowercased().filter { !blanks.contains($0) } } == EdgeList.header
  }
}
