import Hierarchy

/// How often clusters are taken for one another, of rows whose label stands for a cluster.
package struct Confusion: Sendable {
  /// For each cluster as a label, how many of its rows are assigned to each other cluster.
  private let mistakes: [[Int: Int]]
  /// The rows with each cluster as a label.
  private let rows: [Int]
  /// The rows with a label that stands for one cluster, and those with a label that stands for none or for several.
  package let countedRows: Int
  package let otherRows: Int

  package init(_ labelling: Labelling) {
    let table = labelling.table
    let clusterOfLabel = labelling.clustersOfLabel.map { $0.count == 1 ? $0[0] : nil }
    var mistakes = [[Int: Int]](repeating: [:], count: table.clusters)
    var rows = [Int](repeating: 0, count: table.clusters)
    for (assigned, entries) in table.entries.enumerated() {
      for entry in entries {
        guard let labelled = clusterOfLabel[entry.label] else { continue }
        rows[labelled] += entry.count
        if labelled != assigned { mistakes[labelled][assigned, default: 0] += entry.count }
      }
    }
    self.mistakes = mistakes
    self.rows = rows
    countedRows = rows.reduce(0, +)
    otherRows = table.total - countedRows
  }

  /// 1 − (M(c, d) / N(c) + M(d, c) / N(d)) / 2 for any two of some clusters: one less the mean of the part of rows with label
  /// c that are assigned to d, and of the reverse. A cluster that no row has as a label gives nothing.
  package func distances(between clusters: [Int]) -> CondensedDistances {
    var position: [Int: Int] = [:]
    for (index, cluster) in clusters.enumerated() { position[cluster] = index }
    var distances = CondensedDistances(points: clusters.count, repeating: 0)
    // Each distance has two terms at most, so that their order does not matter.
    for (first, cluster) in clusters.enumerated() {
      for (other, count) in mistakes[cluster] {
        if let second = position[other] { distances[first, second] += Double(count) / Double(rows[cluster]) }
      }
    }
    distances.replaceEach { 1 - $0 / 2 }
    return distances
  }
}
