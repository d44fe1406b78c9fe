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
  static func tree(_ table: TextTable, classes: Set<String>) throws(EvaluationError) -> RootedTree {
    var edges = Edges(path: table.path)
    for (index, row) in table.rows.enumerated() { try edges.add(row[0], below: row[1], record: index + 1) }
    try edges.checkCycles()
    return edges.tree(classes: classes)
  }
}

private struct Edges {
  let path: String
  private var names: [String] = []
  private var numbers: [String: Int] = [:]
  private var parents: [Int?] = []
  /// The record that gave each node its parent.
  private var records: [Int?] = []
  private var hasChildren: [Bool] = []

  init(path: String) { self.path = path }

  private mutating func number(of name: String) -> Int {
    if let known = numbers[name] { return known }
    let number = names.count
    numbers[name] = number
    names.append(name)
    parents.append(nil)
    records.append(nil)
    hasChildren.append(false)
    return number
  }

  mutating func add(_ child: String, below parent: String, record: Int) throws(EvaluationError) {
    guard !child.isEmpty else { throw .badData(path, location: "record \(record)", reason: "has no child") }
    let node = number(of: child)
    guard !parent.isEmpty else { return }
    let above = number(of: parent)
    if let other = parents[node], other != above, let first = records[node] {
      throw .badData(
        path, location: "record \(record)",
        reason: "'\(child)' lies below '\(parent)' here, but below '\(names[other])' in record \(first); "
          + "in a tree each node has one parent")
    }
    parents[node] = above
    records[node] = record
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
            path, location: records[node].map { "record \($0)" },
            reason: "'\(names[node])' lies below itself; leave out the edge that closes the circle, "
              + "and leave a root's parent empty")
        }
      }
    }
  }

  func tree(classes: Set<String>) -> RootedTree {
    // The first node is a root that joins all. If there was one root already, the new one goes when leaves are
    // compared.
    var above: [Int?] = [nil] + parents.map { ($0 ?? -1) + 1 }
    var labels = [""] + names
    for (node, name) in names.enumerated() where hasChildren[node] && classes.contains(name) {
      above.append(node + 1)
      labels.append(name)
    }
    return RootedTree(parents: above, labels: labels)
  }
}
