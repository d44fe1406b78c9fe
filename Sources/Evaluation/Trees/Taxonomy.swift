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
enum Taxonomy {
  /// The tree of a table. The groups in the i-th column of groups, counted from 1, have height i.
  ///
  /// - Throws: ``EvaluationError/badData(_:location:reason:)`` if a class has two different records, or if a group is
  ///   in two coarser ones.
  static func tree(_ table: TextTable) throws(EvaluationError) -> RootedTree {
    guard table.header.count > 1 else {
      throw .badData(
        table.path, location: "line 1",
        reason: "a taxonomy has a column of classes and at least one of groups, with a comma between")
    }
    // Node 0 is the root, above the coarsest groups.
    var parents: [Int?] = [nil]
    var labels = [""]
    var heights = [table.header.count]
    var origins = [Origin(node: 0, line: 0)]
    var known: [Group: Int] = [:]
    for (row, line) in zip(table.rows, table.lines) {
      guard !row[0].isEmpty else {
        throw .badData(table.path, location: "line \(line)", reason: "has no class in its first field")
      }
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
          let kind = column == 0 ? "class" : "\(table.header[column])"
          throw .badData(
            table.path, location: "line \(line)",
            reason: "\(kind) '\(group.name)' lies in \(name(above)) here, but in \(name(origins[node].node)) in line "
              + "\(origins[node].line); if they are two, give them two names")
        }
        above = node
      }
    }
    return RootedTree(parents: parents, labels: labels, heights: heights)
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
