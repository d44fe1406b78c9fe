import Hierarchy

/// Goes up a tree with the labels of the rows below each node, and tells measures whenever rows of one label meet.
///
/// At a node, the labels of the child with fewer labels are added to those of the other. So each of the n entries of a
/// table is moved O(log n) times, however deep the tree is.
struct LabelAscent {
  /// The rows of a label below a node.
  struct Part {
    var count: Int
    /// The sum of the depths of their leaves, in edges from the root. 2^40 rows at depths below 2^23 fit.
    var depths: Int
  }

  /// Rows of a label that meet at a node, coming from both of its children.
  struct Meeting {
    let node: Int
    /// The number of all rows below the node.
    let rows: Int
    let first: Part
    let second: Part
  }

  /// The labels and rows below a node.
  private struct Content {
    var parts: [Int: Part] = [:]
    var rows = 0
    var majority: CountTable.Entry?

    mutating func include(_ label: Int, _ part: Part) {
      parts[label] = part
      guard let best = majority, (best.count, label) > (part.count, best.label) else {
        majority = CountTable.Entry(label: label, count: part.count)
        return
      }
    }
  }

  /// For each node, the number of rows below it; 0 for nodes that are not in the tree.
  private(set) var rows: [Int]
  /// For each node, the label that most of these rows have, the first of equals; nil if there are no such rows.
  private(set) var majority: [CountTable.Entry?]

  /// Goes up the tree.
  ///
  /// - Parameter meet: Called for each label whose rows meet at a node.
  /// - Complexity: O(n log n + K) for n entries.
  init(_ hierarchy: ClusterHierarchy, _ table: CountTable, meet: (Meeting) -> Void) {
    precondition(table.clusters == hierarchy.clusters.count, "a table of other clusters")
    let depths = hierarchy.depths
    let nodes = hierarchy.clusters.count + hierarchy.merges.count
    rows = Array(repeating: 0, count: nodes)
    majority = Array(repeating: nil, count: nodes)
    // The contents of nodes that no merge has taken yet.
    var waiting: [Int: Content] = [:]
    func take(_ node: Int) -> Content {
      waiting.removeValue(forKey: node) ?? Self.content(of: node, table, depth: depths[node])
    }
    for cluster in table.entries.indices {
      rows[cluster] = table.clusterTotals[cluster]
      majority[cluster] = table.majority(of: cluster)
    }
    for merge in hierarchy.merges {
      var (large, small) = (take(merge.lowest), take(merge.partner))
      if large.parts.count < small.parts.count { swap(&large, &small) }
      large.rows += small.rows
      // In the order of labels: measures add up doubles, and a dictionary's order is another in each run.
      for (label, part) in small.parts.sorted(by: { $0.key < $1.key }) {
        guard let other = large.parts[label] else {
          large.include(label, part)
          continue
        }
        meet(Meeting(node: merge.node, rows: large.rows, first: other, second: part))
        large.include(label, Part(count: other.count + part.count, depths: other.depths + part.depths))
      }
      rows[merge.node] = large.rows
      majority[merge.node] = large.majority
      waiting[merge.node] = large
    }
  }

  private static func content(of cluster: Int, _ table: CountTable, depth: Int) -> Content {
    var content = Content()
    content.parts.reserveCapacity(table.entries[cluster].count)
    for entry in table.entries[cluster] {
      content.include(entry.label, Part(count: entry.count, depths: entry.count * depth))
    }
    content.rows = table.clusterTotals[cluster]
    return content
  }
}

extension ClusterHierarchy {
  /// For each node, the number of edges from the root; 0 for clusters that are not in the tree.
  var depths: [Int] {
    var depths = [Int](repeating: 0, count: clusters.count + merges.count)
    for merge in merges.reversed() {
      depths[merge.lowest] = depths[merge.node] + 1
      depths[merge.partner] = depths[merge.node] + 1
    }
    return depths
  }

  /// The number of edges on the longest path between two leaves; 0 if there is only one leaf.
  var diameter: Int {
    var heights = [Int](repeating: 0, count: clusters.count + merges.count)
    var longest = 0
    for merge in merges {
      let (first, second) = (heights[merge.lowest] + 1, heights[merge.partner] + 1)
      heights[merge.node] = max(first, second)
      longest = max(longest, first + second)
    }
    return longest
  }
}
