import Texts

/// A tree as a table of its edges, with the header `child,parent`.
///
/// An empty parent means that a node has none. If several nodes have none, they are joined under a root without a name.
enum EdgeList {
  static let header = ["child", "parent"]

  /// The tree of a table of edges.
  ///
  /// - Parameter classes: Names that stand for leaves. A class may have children, since in WordNet one class may be a
  ///   kind of another; then it gets a leaf of its name among its children.
  /// - Throws: ``EvaluationError/badData(_:location:reason:)`` if a node has two parents, or lies below itself.
  static func tree(_ table: TextTable, classes: Set<ByteText>) throws(EvaluationError) -> RootedTree {
    var edges = Edges(path: table.path)
    for (row, line) in zip(table.rows, table.lines) { try edges.add(row[0], below: row[1], line: line) }
    try edges.checkCycles()
    return edges.tree(classes: classes)
  }
}

private struct Edges {
  let path: String
  private var names: [String] = []
  private var numbers: [ByteText: Int] = [:]
  private var parents: [Int?] = []
  /// The line that gave each node its parent.
  private var lines: [Int?] = []
  private var hasChildren: [Bool] = []

  init(path: String) { self.path = path }

  private mutating func number(of name: String) -> Int {
    if let known = numbers[ByteText(name)] { return known }
    let number = names.count
    numbers[ByteText(name)] = number
    names.append(name)
    parents.append(nil)
    lines.append(nil)
    hasChildren.append(false)
    return number
  }

  mutating func add(_ child: String, below parent: String, line: Int) throws(EvaluationError) {
    guard !child.isEmpty else { throw .badData(path, location: "line \(line)", reason: "has no child") }
    let node = number(of: child)
    guard !parent.isEmpty else { return }
    let above = number(of: parent)
    if let other = parents[node], other != above, let first = lines[node] {
      throw .badData(
        path, location: "line \(line)",
        reason: "'\(child)' lies below '\(parent)' here, but below '\(names[other])' in line \(first); "
          + "in a tree each node has one parent")
    }
    parents[node] = above
    lines[node] = line
    hasChildren[above] = true
  }

  /// Checks that every node is below a node without a parent.
  func checkCycles() throws(EvaluationError) {
    // For each node, the node from which a walk upwards first reached it.
    var visits = [Int?](repeating: nil, count: names.count)
    for start in names.indices {
      var node = start
      while visits[node] == nil {
        visits[node] = start
        guard let parent = parents[node] else { break }
        node = parent
        if visits[node] == start {
          throw .badData(
            path, location: lines[node].map { "line \($0)" },
            reason: "'\(names[node])' lies below itself; leave out the edge that closes the circle, "
              + "and leave a root's parent empty")
        }
      }
    }
  }

  func tree(classes: Set<ByteText>) -> RootedTree {
    // The first node is a root that joins all. If there was one root already, the new one goes when leaves are
    // compared.
    var above: [Int?] = [nil] + parents.map { ($0 ?? -1) + 1 }
    var labels = [""] + names
    for (node, name) in names.enumerated() where hasChildren[node] && classes.contains(ByteText(name)) {
      above.append(node + 1)
      labels.append(name)
    }
    return RootedTree(parents: above, labels: labels)
  }
}
