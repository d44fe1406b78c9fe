import Hierarchy
import Texts

/// What a file says of the clusters of a hierarchy, to be shown beside the tree.
///
/// The file is a table whose first column has the classes, by name or by number. Each further column has a category for
/// each class, or a number. A taxonomy as a tree (edges `child,parent`, Newick, a linkage matrix) has no columns: its
/// groups are the categories.
///
///     class,family,speakers
///     Danish,Indo-European,5.6
///     Basque,Isolate,0.8
///
///     let table = try AnnotationTable(reading: "languages.csv", columns: "family", of: hierarchy)
///     table.annotations[0].name   // "family"
package struct AnnotationTable: Sendable {
  package let path: String
  /// One for each column; of a tree one for each number of groups, or one for some groups.
  package let annotations: [ClusterAnnotation]
  /// Clusters of the tree of which the file says nothing.
  package let unknown: [String]
  /// Texts that were taken for missing values.
  package let missing: [MissingText]

  /// - Parameter columns: The columns' names, with commas between. Of a tree: how many groups to divide it into, and names
  ///   of groups. If nil, all columns; of a tree ``usualDivisions``.
  /// - Throws: ``EvaluationError`` if the file can't be read, has no such column, or says nothing of any cluster;
  ///   `LogitStreamError` of a linkage matrix.
  package init(reading path: String, columns: String? = nil, of hierarchy: ClusterHierarchy) throws {
    try self.init(Self.file(path), columns: columns, of: hierarchy)
  }

  /// Takes groups of a taxonomy that was read before, with "taxonomy" for its name.
  package init(_ taxonomy: TaxonomyText, columns: String? = nil, of hierarchy: ClusterHierarchy) throws {
    let file = try TreeFile(reading: TextReader(taxonomy.path, holding: taxonomy.bytes))
    try self.init(file, name: "taxonomy", columns: columns, of: hierarchy)
  }

  private init(_ file: TreeFile, name: String? = nil, columns: String?, of hierarchy: ClusterHierarchy) throws {
    let path = file.path
    let names = hierarchy.clusters.map(\.name)
    let rows: [Int?]
    let annotations: () throws(EvaluationError) -> [ClusterAnnotation]
    if file.kind == .taxonomy {
      let (table, missing) = try TextTable(file.text).withoutMissingValues()
      try Taxonomy.checkClasses(table)
      rows = Self.rows(of: names, in: table)
      let found = rows
      annotations = { () throws(EvaluationError) in
        let indices = try Self.indices(of: columns, in: table)
        return indices.map { Self.annotation(column: $0, of: table, rows: found) }
      }
      self.missing = missing
    } else {
      let reference = try file.tree(classes: names, leafNames: names)
      rows = Self.places(of: names, among: reference.tree.leafNames)
      let groups = TaxonomyGroups(path, reference.tree, positions: rows, name: name)
      annotations = { () throws(EvaluationError) in try groups.annotations(columns) }
      missing = reference.missing
    }
    self.path = path
    let leaves = hierarchy.leaves
    unknown = leaves.filter { rows[$0] == nil }.map { names[$0] }
    guard unknown.count < leaves.count else {
      throw EvaluationError.badData(
        path, location: nil, reason: "says nothing of any cluster, as of '\(names[leaves[0]])'")
    }
    self.annotations = try annotations()
  }

  /// Opens a file, of which it is known what it is.
  private static func file(_ path: String) throws(EvaluationError) -> TreeFile {
    do {
      return try TreeFile(opening: path)
    } catch .unknownReference {
      throw .badData(
        path, location: "line 1",
        reason: "is no table with commas, semicolons, tabs or bars between fields, and no tree")
    } catch {
      throw error
    }
  }

  /// For each cluster, the row of a table that is of it. Classes may be clusters' numbers, if none is a cluster's name.
  private static func rows(of names: [String], in table: TextTable) -> [Int?] {
    let named = places(of: names, among: table.rows.map { $0[0] })
    guard named.allSatisfy({ $0 == nil }) else { return named }
    return places(of: names.indices.map(String.init), among: table.rows.map { $0[0].withoutOuterSpace })
  }

  /// For each cluster, where its name is among others; nil if it is not there. Names need not be the same to the byte, see
  /// ``LeafMatching``. Several clusters of one name are at the same place.
  private static func places(of names: [String], among others: [String]) -> [Int?] {
    let unique = Array(Set(names.map { ByteText($0) }))
    // A class may have several rows, which are the same.
    let firsts = Dictionary(zip(others.map { ByteText($0) }, others.indices)) { first, _ in first }
    let candidates = firsts.values.sorted()
    let matching = LeafMatching(unique.map(\.string), candidates.map { others[$0] })
    let places = Dictionary(uniqueKeysWithValues: zip(unique, matching.counterparts))
    return names.map { name in places[ByteText(name)].flatMap { $0 }.map { candidates[$0] } }
  }
}

extension AnnotationTable {
  /// The columns that are named; nil for all but the first. A name may have commas in it, if it is the only one.
  private static func indices(of columns: String?, in table: TextTable) throws(EvaluationError) -> [Int] {
    guard table.header.count > 1 else {
      throw .badData(
        table.path, location: "line 1",
        reason: "has a single column, where classes and, in further columns, what is known of them are needed")
    }
    guard let columns else { return Array(table.header.indices.dropFirst()) }
    if let index = index(of: columns[...], in: table) { return [index] }
    var indices: [Int] = []
    for name in columns.split(separator: ",", omittingEmptySubsequences: false) {
      guard let index = index(of: name, in: table) else {
        throw .badData(
          table.path, location: nil,
          reason: "no column '\(name)'; it has \(table.header.dropFirst().joined(separator: ", "))")
      }
      indices.append(index)
    }
    return indices
  }

  private static func index(of name: Substring, in table: TextTable) -> Int? {
    let header = table.header.indices.dropFirst()
    return header.first { table.header[$0].hasSameBytes(as: name) }
      ?? header.first { table.header[$0].withoutPadding.hasSameBytes(as: String(name).withoutPadding) }
  }

  /// A column's values: numbers, if there are no others.
  private static func annotation(column: Int, of table: TextTable, rows: [Int?]) -> ClusterAnnotation {
    let texts = rows.map { row in row.map { table.rows[$0][column] }.flatMap { $0.isEmpty ? nil : $0 } }
    let numbers = texts.map { $0.flatMap(number) }
    let areNumbers = zip(texts, numbers).allSatisfy { ($0 == nil) == ($1 == nil) } && numbers.contains { $0 != nil }
    let name = table.header[column]
    return areNumbers
      ? ClusterAnnotation(name: name, numbers: numbers) : ClusterAnnotation(name: name, categories: texts)
  }

  private static func number(_ text: String) -> Double? {
    Double(text.withoutPadding).flatMap { $0.isFinite ? $0 : nil }
  }
}
