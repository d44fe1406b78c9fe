import Hierarchy
import Texts

/// The groups of a taxonomy that is a tree, as categories of clusters.
///
/// A tree has no columns, and its branches are not equally deep: what is as deep as dogs are in WordNet is a single tool
/// elsewhere. So a number of groups is made of the largest ones, wherever they are.
struct TaxonomyGroups {
  private let path: String
  private let tree: RootedTree
  /// For each cluster, its position in the tree; nil if it is not there.
  private let positions: [Int?]
  private let name: String

  /// - Parameter name: What it is called; nil for the file's name without its extension.
  init(_ path: String, _ tree: RootedTree, positions: [Int?], name: String? = nil) {
    self.path = path
    self.name = name ?? Self.name(of: path)
    self.tree = tree
    self.positions = positions
  }

  /// How many groups a tree is divided into, unless it is said.
  static let usualDivisions = [8, 20]

  /// The most groups that a tree can be divided into.
  private static let mostGroups = 10_000

  /// - Parameter columns: Numbers of groups, each for an annotation; and names of groups, all for one.
  func annotations(_ columns: String?) throws(EvaluationError) -> [ClusterAnnotation] {
    guard let columns else { return Self.usualDivisions.map(divided) }
    var annotations: [ClusterAnnotation] = []
    var named: [ByteText] = []
    let labels = Set(tree.nodes.map { ByteText(tree.labels[$0]) })
    for text in columns.split(separator: ",", omittingEmptySubsequences: false) {
      let name = ByteText(String(text).withoutPadding)
      if !name.isEmpty, labels.contains(name) {
        named.append(name)
      } else if let count = Int(name.string), 1...Self.mostGroups ~= count {
        annotations.append(divided(into: count))
      } else {
        throw .badData(path, location: nil, reason: "no group is called '\(name)', and it is no number of groups")
      }
    }
    return annotations + (named.isEmpty ? [] : [taking(Set(named))])
  }

  /// Each cluster with the lowest of some groups that it is in.
  private func taking(_ names: Set<ByteText>) -> ClusterAnnotation {
    // Nodes above others come before them.
    var groups: [String?] = []
    for node in tree.nodes {
      let above = node == 0 ? nil : groups[tree.parents[node]]
      groups.append(names.contains(ByteText(tree.labels[node])) ? tree.labels[node] : above)
    }
    return ClusterAnnotation(
      name: "groups of \(name)", categories: positions.map { $0.flatMap { groups[tree.leaves[$0]] } })
  }

  /// Divides the clusters into groups: the largest group is replaced by those right below it until there are enough, and the
  /// largest are taken of what is there then. Clusters in none of these have no category.
  private func divided(into count: Int) -> ClusterAnnotation {
    let isKept = tree.leaves.indices.map(Set(positions.compactMap(\.self)).contains)
    let part = tree.restricted(to: isKept)
    var whole: [Int] = []
    var dividable = [0]
    while whole.count + dividable.count < count,
      let largest = dividable.indices.max(by: {
        (part.leafCount(below: dividable[$0]), -dividable[$0]) < (part.leafCount(below: dividable[$1]), -dividable[$1])
      })
    {
      let node = dividable.remove(at: largest)
      let children = part.children(of: node).filter { !part.isLeaf($0) }
      if children.isEmpty { whole.append(node) } else { dividable += children }
    }
    let groups = (whole + dividable).sorted {
      (-part.leafCount(below: $0), $0) < (-part.leafCount(below: $1), $1)
    }.prefix(count)
    var names = [String?](repeating: nil, count: part.leaves.count)
    for group in groups {
      for position in part.positions(below: group) { names[position] = self.name(of: group, in: part) }
    }
    // Leaves that are kept keep their order.
    var kept = 0
    let places = isKept.map { isKept -> Int? in
      guard isKept else { return nil }
      kept += 1
      return kept - 1
    }
    return ClusterAnnotation(
      name: "\(groups.count) groups of \(name)",
      categories: positions.map { $0.flatMap { places[$0] }.flatMap { names[$0] } })
  }

  /// A group's name: its label, or else its first class and how many more it has.
  private func name(of node: Int, in tree: RootedTree) -> String {
    guard tree.labels[node].isEmpty else { return tree.labels[node] }
    let positions = tree.positions(below: node)
    let others = positions.count - 1
    return tree.name(at: positions.lowerBound) + (others > 0 ? " +\(others)" : "")
  }

  /// A file's name without its extension.
  private static func name(of path: String) -> String {
    let file = path.utf8.split(separator: UInt8(ascii: "/")).last.map(String.init) ?? path
    return file.utf8.lastIndex(of: UInt8(ascii: ".")).map { String(file[..<$0]) } ?? file
  }
}
