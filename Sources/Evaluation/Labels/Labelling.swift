import Texts

/// The labels of rows: their names, and how many rows of each cluster have each of them.
package struct Labelling: Sendable, Equatable {
  /// What the labels were taken for.
  package enum Kind: Sendable, Equatable {
    /// Names.
    case names
    /// Numbers of columns.
    case columns
    /// Numbers of something else.
    case numbers
    /// Numbers, called by the names in a file.
    case named(by: String)
    /// Coarser labels, from a table.
    case coarse
  }

  /// A name for the labels as a whole: "labels", or a column's header.
  package let name: String
  package let kind: Kind
  /// The names of the C labels. Some row has each of them.
  package let labels: [String]
  package let table: CountTable
  /// The number of rows that are in a cluster but have no label.
  package let unlabelledRows: Int
  /// For each label, the clusters that it stands for: all those of its name, or the one of its number. Empty for coarser
  /// labels.
  package let clustersOfLabel: [[Int]]
  /// Whether labels are the numbers of clusters counted from 1, to all appearances: K is among them, and 0 is not.
  package let isCountedFromOne: Bool

  package init(
    name: String, kind: Kind = .names, labels: [String], table: CountTable, unlabelledRows: Int,
    clustersOfLabel: [[Int]]? = nil, isCountedFromOne: Bool = false
  ) {
    precondition(labels.count == table.labels)
    self.name = name
    self.kind = kind
    self.labels = labels
    self.table = table
    self.unlabelledRows = unlabelledRows
    self.clustersOfLabel = clustersOfLabel ?? labels.map { _ in [] }
    self.isCountedFromOne = isCountedFromOne
  }

  /// The fraction of rows that are assigned to a cluster that their label stands for: a classifier's top-1 accuracy. It is
  /// nil unless every label stands for a cluster.
  var topAccuracy: Double? {
    guard clustersOfLabel.allSatisfy({ !$0.isEmpty }) else { return nil }
    var hits = 0
    for (cluster, entries) in table.entries.enumerated() {
      for entry in entries where clustersOfLabel[entry.label].contains(cluster) { hits += entry.count }
    }
    return Double(hits) / Double(table.total)
  }

  /// For each of the K clusters, the part of the rows with its label that are assigned to it, or to another cluster of that
  /// label; nil for a cluster that is no label's.
  package var accuracyOfClusters: [Double?] {
    var (right, all) = ([Int](repeating: 0, count: table.clusters), [Int](repeating: 0, count: table.clusters))
    var hits = [Int](repeating: 0, count: labels.count)
    for (cluster, entries) in table.entries.enumerated() {
      for entry in entries where clustersOfLabel[entry.label].contains(cluster) { hits[entry.label] += entry.count }
    }
    for (label, clusters) in clustersOfLabel.enumerated() {
      for cluster in clusters {
        right[cluster] += hits[label]
        all[cluster] += table.labelTotals[label]
      }
    }
    return zip(right, all).map { $1 == 0 ? nil : Double($0) / Double($1) }
  }

  /// For each label, the clusters of that name.
  static func clusters(named labels: [String], among clusterNames: [String]) -> [[Int]] {
    let positions = Dictionary(grouping: clusterNames.indices) { ByteText(clusterNames[$0]) }
    return labels.map { positions[ByteText($0)] ?? [] }
  }
}
