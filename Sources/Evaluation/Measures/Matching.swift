/// Pairs clusters with labels, each at most once, so that many rows have the label that their cluster is paired with.
///
/// The fraction of such rows is the **accuracy** of a clustering. If there are fewer labels than clusters, some
/// clusters have no label, and all their rows count as wrong.
package struct Matching: Sendable, Equatable {
  /// For each cluster, its label; nil if it has none.
  package let labelOfCluster: [Int?]
  /// The number of rows whose cluster and label are a pair.
  package let matched: Int
  /// Whether no other pairs match more rows.
  package let isOptimal: Bool

  /// More clusters or labels than this are matched greedily.
  package static let mostOptimal = 2000

  /// Finds the best pairs if there are at most ``mostOptimal`` clusters and labels with rows. Otherwise it is greedy:
  /// the pair with the largest count comes first.
  ///
  /// - Complexity: O(min(K, C)² · max(K, C)); O(n log n) for n entries if it is greedy.
  package init(_ table: CountTable) {
    let clusters = table.entries.indices.filter { !table.entries[$0].isEmpty }
    let labels = table.labelTotals.indices.filter { table.labelTotals[$0] > 0 }
    isOptimal = max(clusters.count, labels.count) <= Self.mostOptimal
    let pairs = isOptimal ? Self.optimal(table, clusters, labels) : Self.greedy(table)
    var labelOfCluster = [Int?](repeating: nil, count: table.clusters)
    var matched = 0
    for pair in pairs {
      labelOfCluster[pair.cluster] = pair.label
      matched += pair.count
    }
    self.labelOfCluster = labelOfCluster
    self.matched = matched
  }

  private typealias Pair = (cluster: Int, label: Int, count: Int)

  private static func optimal(_ table: CountTable, _ clusters: [Int], _ labels: [Int]) -> [Pair] {
    var position = [Int](repeating: 0, count: table.labels)
    for (column, label) in labels.enumerated() { position[label] = column }
    // The matrix's rows are clusters or labels, whichever are fewer.
    let isTransposed = clusters.count > labels.count
    let (height, width) = isTransposed ? (labels.count, clusters.count) : (clusters.count, labels.count)
    var costs = [Int](repeating: 0, count: height * width)
    for (row, cluster) in clusters.enumerated() {
      for entry in table.entries[cluster] {
        let column = position[entry.label]
        costs[isTransposed ? column * width + row : row * width + column] = -entry.count
      }
    }
    let columnOfRow = LinearAssignment(costs: costs, rows: height, columns: width).columnOfRow
    return columnOfRow.enumerated().compactMap { row, column in
      let count = -costs[row * width + column]
      // Pairs without rows only complete the assignment. They mean nothing.
      guard count > 0 else { return nil }
      return isTransposed ? (clusters[column], labels[row], count) : (clusters[row], labels[column], count)
    }
  }

  private static func greedy(_ table: CountTable) -> [Pair] {
    let all: [Pair] = table.entries.enumerated().flatMap { cluster, entries in
      entries.map { (cluster, $0.label, $0.count) }
    }
    var clusterIsFree = [Bool](repeating: true, count: table.clusters)
    var labelIsFree = [Bool](repeating: true, count: table.labels)
    var pairs: [Pair] = []
    for pair in all.sorted(by: { ($1.count, $0.cluster, $0.label) < ($0.count, $1.cluster, $1.label) })
    where clusterIsFree[pair.cluster] && labelIsFree[pair.label] {
      clusterIsFree[pair.cluster] = false
      labelIsFree[pair.label] = false
      pairs.append(pair)
    }
    return pairs
  }
}
