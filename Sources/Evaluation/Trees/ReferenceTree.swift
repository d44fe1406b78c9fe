import Hierarchy
import Texts

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
  /// Texts in a table that were taken for missing values.
  package let missing: [MissingText]

  /// The tree in another store.
  package init(_ hierarchy: ClusterHierarchy) {
    kind = .store
    tree = RootedTree(hierarchy)
    levelNames = []
    missing = []
  }

  /// The tree in a file.
  ///
  /// - Parameters:
  ///   - kind: The format; nil to find it out from the beginning of the text.
  ///   - classes: The names of the clusters that the tree will be compared with.
  /// - Throws: ``EvaluationError`` with the location of what can't be read.
  package init(
    reading path: String, kind: Kind? = nil, classes: some Sequence<String>
  ) throws(EvaluationError) {
    let text = try TextReader(path)
    let kind = if let kind { kind } else { try Self.kind(of: text) }
    switch kind {
    case .newick:
      self.kind = .newick
      tree = try NewickReader.tree(text)
      (levelNames, missing) = ([], [])
    case .edges:
      let (table, missing) = try TextTable(text).withoutMissingValues()
      guard Self.isEdgeHeader(table.header) else {
        throw .badData(path, location: "line 1", reason: "a list of edges has the header child,parent")
      }
      self.kind = .edges
      tree = try EdgeList.tree(table, classes: Set(classes.map { ByteText($0) }))
      (levelNames, self.missing) = ([], missing)
    case .taxonomy:
      let (table, missing) = try TextTable(text).withoutMissingValues()
      self.kind = .taxonomy
      tree = try Taxonomy.tree(table)
      levelNames = Array(table.header.dropFirst())
      self.missing = missing
    case .store:
      throw .badData(path, location: nil, reason: "is a file, and a store is a directory")
    }
  }

  /// The format of a file, told by the beginning of its text. Newick begins with a bracket, edges with their header, a
  /// taxonomy with any other header of several columns.
  private static func kind(of text: TextReader) throws(EvaluationError) -> Kind {
    let beginning = text.next.drop { $0 == 0x20 || 0x09...0x0D ~= $0 }
    if let first = beginning.first, "([".utf8.contains(first) { return .newick }
    let line = text.next.prefix { $0 != 0x0A && $0 != 0x0D }
    // A line longer than what was read so far may end in half a character.
    guard line.count == text.next.count || String(validating: line, as: UTF8.self) != nil else {
      throw .notUTF8(text.path, line: 1)
    }
    if String(decoding: beginning.prefix(6), as: UTF8.self).lowercased() == "#nexus" {
      throw .badData(text.path, location: nil, reason: "is a NEXUS file; save the tree in Newick format")
    }
    // What ends with a semicolon may be a tree that is a single leaf.
    guard line.contains(where: CSVReader.separators.contains), line.last != UInt8(ascii: ";") else {
      throw .unknownReference(text.path)
    }
    let fields = line.split(whereSeparator: CSVReader.separators.contains)
    return isEdgeHeader(fields.map { String(decoding: $0, as: UTF8.self) }) ? .edges : .taxonomy
  }

  private static func isEdgeHeader(_ fields: [String]) -> Bool {
    let names = fields.map { field in
      String(decoding: field.utf8.filter { !" \"\t".utf8.contains($0) }, as: UTF8.self).lowercased()
    }
    return names == EdgeList.header
  }
}
