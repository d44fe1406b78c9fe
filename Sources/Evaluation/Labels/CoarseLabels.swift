/// The coarser labels that labels belong to, from a table. Its first column has the names of labels; each further
/// column has a coarser label for each of them.
package struct CoarseLabels: Sendable {
  private let path: String
  private let columns: [String]
  /// For each label's name, a coarser label for each column; the empty string for none.
  private let coarser: [String: [String]]

  /// - Throws: ``EvaluationError`` if there is no further column, or if a label comes twice or has no name.
  package init(_ table: TextTable) throws(EvaluationError) {
    path = table.path
    columns = Array(table.header.dropFirst())
    guard !columns.isEmpty else {
      throw .badData(
        path, location: nil, reason: "has one column, where labels and, in further columns, coarser ones are needed")
    }
    var coarser: [String: [String]] = [:]
    for (index, row) in table.rows.enumerated() {
      let location = "record \(index + 1)"
      guard !row[0].isEmpty else { throw .badData(path, location: location, reason: "names no label") }
      guard coarser.updateValue(Array(row.dropFirst()), forKey: row[0]) == nil else {
        throw .badData(path, location: location, reason: "the label \(row[0]) was there before")
      }
    }
    self.coarser = coarser
  }

  /// The labels of a labelling that are not in the table. Their rows are left out.
  package func missing(from labelling: Labelling) -> [String] { labelling.labels.filter { coarser[$0] == nil } }

  /// A labelling for each column. Rows whose label has no coarser one count as unlabelled.
  ///
  /// - Throws: ``EvaluationError`` if a column has no label for any row.
  package func labellings(of labelling: Labelling) throws(EvaluationError) -> [Labelling] {
    var labellings: [Labelling] = []
    for (index, column) in columns.enumerated() {
      let found = labelling.labels.map { coarser[$0]?[index] ?? "" }
      let names = Set(found).subtracting([""]).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
      guard !names.isEmpty else {
        throw .badData(
          path, location: "column \(column)",
          reason: "has nothing for any label there is, as for \(labelling.labels[0])")
      }
      let positions = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0) })
      let table = labelling.table.relabelled(as: names.count, found.map { positions[$0] })
      labellings.append(
        Labelling(
          name: column, labels: names, table: table,
          unlabelledRows: labelling.unlabelledRows + labelling.table.total - table.total))
    }
    return labellings
  }
}
