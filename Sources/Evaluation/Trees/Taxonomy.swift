import Texts

/// A classification as a table. The first column has the class, the further ones the groups it is in, from the finest
/// to the coarsest.
///
///     class,branch,family
///     Afrikaans,Germanic,Indo-European
///     Basque,Basque,Isolate
///
/// A cell may be empty. Then the class is in no group of that column, and the group of the next column is right above
/// it.
///
/// If a group is in two coarser ones, the columns are not nested: each is a labelling of its own.
enum Taxonomy {
  /// The tree of a table. The groups in the i-th column of groups, counted from 1, have height i.
  ///
  /// - Throws: ``EvaluationError/badData(_:location:reason:)`` if a class has two different records;
  ///   ``EvaluationError/notNested(_:location:reason:)`` if a group is in two coarser ones.
  static func tree(_ table: TextTable) throws(EvaluationError) -> RootedTree {
    guard table.header.count > 1 else {
      throw .badData(
        table.path, location: "line 1",
        reason: "a taxonomy has a column of classes and at least one of groups, with a comma between")
    }
    try checkClasses(table)
    // Node 0 is the root, above the coarsest groups.
    var parents: [Int?] = [nil]
    var labels = [""]
    var heights = [table.header.count]
    var origins = [Origin(node: 0, line: 0)]
    var known: [Group: Int] = [:]
    for (row, line) in zip(table.rows, table.lines) {
      var above = 0
      for column in row.indices.reversed() where !row[column].isEmpty {
        let group = Group(column: column, name: ByteText(row[column]))
        guard let node = known[group] else {
          known[group] = parents.count
          origins.append(Origin(node: above, line: line))
          parents.append(above)
          labels.append(group.name.string)
          heights.append(column)
          above = parents.count - 1
          continue
        }
        guard origins[node].node == above else {
          func name(_ node: Int) -> String { node == 0 ? "no group" : "'\(labels[node])'" }
          throw .notNested(
            table.path, location: "line \(line)",
            reason: "\(table.header[column]) '\(group.name)' lies in \(name(above)) here, but in "
              + "\(name(origins[node].node)) in line \(origins[node].line)")
        }
        above = node
      }
    }
    return RootedTree(parents: parents, labels: labels, heights: heights)
  }

  /// Makes sure that each record has a class, and that records of one class are the same.
  static func checkClasses(_ table: TextTable) throws(EvaluationError) {
    var known: [ByteText: Int] = [:]
    for (index, row) in table.rows.enumerated() {
      let line = table.lines[index]
      guard !row[0].isEmpty else {
        throw .badData(table.path, location: "line \(line)", reason: "has no class in its first field")
      }
      guard let first = known.updateValue(index, forKey: ByteText(row[0])) else { continue }
      let before = table.rows[first]
      guard let column = row.indices.first(where: { !row[$0].hasSameBytes(as: before[$0]) }) else { continue }
      func name(_ group: String) -> String { group.isEmpty ? "no group" : "'\(group)'" }
      throw .badData(
        table.path, location: "line \(line)",
        reason: "class '\(row[0])' lies in \(name(row[column])) here, but in \(name(before[column])) in line "
          + "\(table.lines[first]); if they are two, give them two names")
    }
  }

  /// A tree for each column of groups, with these right below the root; the classes of a table whose columns are not nested.
  static func labellings(_ table: TextTable) throws(EvaluationError) -> [(column: String, tree: RootedTree)] {
    var labellings: [(column: String, tree: RootedTree)] = []
    for column in table.header.indices.dropFirst() {
      labellings.append((table.header[column], try tree(TextTable(table, column: column))))
    }
    return labellings
  }

  private struct Group: Hashable {
    let column: Int
    let name: ByteText
  }

  /// The node above a node, and the line that said so first.
  private struct Origin {
    let node: Int
    let line: Int
  }
}
