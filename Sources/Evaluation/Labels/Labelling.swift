/// The labels of rows: their names, and how many rows of each cluster have each of them.
package struct Labelling: Sendable, Equatable {
  /// A name for the labels as a whole: "labels", or a column's header.
  package let name: String
  /// The names of the C labels. Some row has each of them.
  package let labels: [String]
  package let table: CountTable
  /// The number of rows that are in a cluster but have no label.
  package let unlabelledRows: Int
  /// The cluster that each label names; nil unless every label names exactly one cluster.
  package let clusterOfLabel: [Int]?

  package init(name: String, labels: [String], table: CountTable, unlabelledRows: Int, clusterOfLabel: [Int]? = nil) {
    precondition(labels.count == table.labels)
    self.name = name
    self.labels = labels
    self.table = table
    self.unlabelledRows = unlabelledRows
    self.clusterOfLabel = clusterOfLabel
  }

  /// The fraction of rows that are assigned to the cluster that their label names: a classifier's top-1 accuracy.
  var topAccuracy: Double? {
    guard let clusterOfLabel else { return nil }
    let hits = table.entries.enumerated().reduce(0) { sum, row in
      row.element.reduce(sum) { clusterOfLabel[$1.label] == row.offset ? $0 + $1.count : $0 }
    }
    return Double(hits) / Double(table.total)
  }

  /// The cluster that each label names; nil unless every label is the name of exactly one cluster.
  static func clusters(named labels: [String], among clusterNames: [String]) -> [Int]? {
    let positions = Dictionary(clusterNames.enumerated().map { ($1, [$0]) }, uniquingKeysWith: +)
    let found = labels.compactMap { positions[$0]?.count == 1 ? positions[$0]?[0] : nil }
    return found.count == labels.count ? found : nil
  }
}
