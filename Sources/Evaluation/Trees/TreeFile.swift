import Hierarchy
import Texts

/// A file with a tree in it, of which it is known what it is, and which is still to be read.
///
/// What it is, is told by its beginning. Edges are read when the names are known that classes have in other trees.
package struct TreeFile {
  package let path: String
  package let kind: ReferenceTree.Kind
  let text: TextReader

  /// Opens a file.
  ///
  /// - Parameter kind: What it is; nil to find out.
  /// - Throws: ``EvaluationError``
  package init(opening path: String, kind: ReferenceTree.Kind? = nil) throws(EvaluationError) {
    try self.init(reading: TextReader(path), kind: kind)
  }

  init(reading text: TextReader, kind: ReferenceTree.Kind? = nil) throws(EvaluationError) {
    self.text = text
    path = text.path
    self.kind = if let kind { kind } else { try Self.kind(of: text) }
  }

  /// The tree in the file; of a taxonomy whose columns are not nested, a tree for each.
  ///
  /// - Parameters:
  ///   - classes: The names of the clusters that the tree will be compared with.
  ///   - leafNames: The names of a linkage matrix's leaves.
  /// - Returns: The trees, and why they are several.
  /// - Throws: ``EvaluationError`` with the location of what can't be read; `LogitStreamError` of a linkage matrix.
  package func trees(
    classes: some Sequence<String>, leafNames: [String]?
  ) throws -> (trees: [ReferenceTree], notNested: EvaluationError?) {
    guard kind == .taxonomy else { return ([try tree(classes: classes, leafNames: leafNames)], nil) }
    let (table, missing) = try TextTable(text).withoutMissingValues()
    do {
      return ([try ReferenceTree(taxonomy: table, missing: missing)], nil)
    } catch let error {
      guard case .notNested = error else { throw error }
      let labellings = try Taxonomy.labellings(table)
      return (
        labellings.enumerated().map { index, labelling in
          ReferenceTree(
            .taxonomy, labelling.tree, levelNames: [labelling.column], missing: index == 0 ? missing : [],
            column: labelling.column)
        }, error
      )
    }
  }

  /// The tree in the file; a taxonomy must be nested.
  func tree(classes: some Sequence<String>, leafNames: [String]? = nil) throws -> ReferenceTree {
    switch kind {
    case .newick: return ReferenceTree(.newick, try NewickReader.tree(text))
    case .linkage: return ReferenceTree(.linkage, try LinkageFile.tree(path, names: leafNames))
    case .edges:
      let (table, missing) = try TextTable(text).withoutMissingValues()
      guard Self.isEdgeHeader(table.header) else {
        throw EvaluationError.badData(path, location: "line 1", reason: "a list of edges has the header child,parent")
      }
      let tree = try EdgeList.tree(table, classes: Set(classes.map { ByteText($0) }))
      return ReferenceTree(.edges, tree, missing: missing)
    case .taxonomy:
      let (table, missing) = try TextTable(text).withoutMissingValues()
      return try ReferenceTree(taxonomy: table, missing: missing)
    case .store:
      throw EvaluationError.badData(path, location: nil, reason: "is a file, and a store is a directory")
    }
  }
}

extension ReferenceTree {
  fileprivate init(taxonomy table: TextTable, missing: [MissingText]) throws(EvaluationError) {
    self.init(
      .taxonomy, try Taxonomy.tree(table), levelNames: Array(table.header.dropFirst()), missing: missing)
  }
}

extension TreeFile {
  /// The format of a file, told by its beginning. A linkage matrix is a `.npy` file, Newick begins with a bracket, edges
  /// with their header, a taxonomy with any other header of several columns.
  private static func kind(of text: TextReader) throws(EvaluationError) -> ReferenceTree.Kind {
    if text.next.starts(with: NPY.magic) { return .linkage }
    let beginning = text.next.drop { $0 == 0x20 || 0x09...0x0D ~= $0 }
    if let first = beginning.first, "([".utf8.contains(first) { return .newick }
    if beginning.isEmpty { throw .empty(text.path) }
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
