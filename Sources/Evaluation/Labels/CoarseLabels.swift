import Texts

/// The coarser labels that labels belong to, from a table. Its first column has the names of labels; each further
/// column has a coarser label for each of them.
package struct CoarseLabels: Sendable {
  private let path: String
  private let columns: [String]
  /// For each label's name, a coarser label for each column; the empty string for none.
  private let coarser: [ByteText: [String]]
  /// Texts that were taken to say that there is no coarser label.
  package let missing: [MissingText]

  /// - Throws: ``EvaluationError`` if there is no further column, or if a label comes twice or has no name.
  package init(_ table: TextTable) throws(EvaluationError) {
    let (table, missing) = table.withoutMissingValues()
    self.missing = missing
    path = table.path
    columns = Array(table.header.dropFirst())
    guard !columns.isEmpty else {
      throw .badData(
        path, location: nil, reason: "has one column, where labels and, in further columns, coarser ones are needed")
    }
    var coarser: [ByteText: [String]] = [:]
    for (row, line) in zip(table.rows, table.lines) {
      let location = "line \(line)"
      guard !row[0].isEmpty else { throw .badData(path, location: location, reason: "names no label") }
      guard coarser.updateValue(Array(row.dropFirst()), forKey: ByteText(row[0])) == nil else {
        throw .badData(path, location: location, reason: "the label \(row[0]) was there before")
      }
    }
    self.coarser = coarser
  }

  /// The labels of a labelling that are not in the table. Their rows are left out.
  package func missing(from labelling: Labelling) -> [String] {
    labelling.labels.filter { coarser[ByteText($0)] == nil }
  }

  /// A labelling for each column. Rows whose label has no coarser one count as unlabelled.
  ///
  /// - Throws: ``EvaluationError`` if a column has no label for any row.
  package func labellings(of labelling: Labelling) throws(EvaluationError) -> [Labelling] {
    var labellings: [Labelling] = []
    for (index, column) in columns.enumerated() {
      let found = labelling.labels.map { ByteText(coarser[ByteText($0)]?[index] ?? "") }
      let names = Set(found).subtracting([""]).sorted()
      guard !names.isEmpty else {
        throw .badData(
          path, location: "column \(column)",
          reason: "has nothing for any label there is, as for \(labelling.labels[0])")
      }
      let positions = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0) })
      let table = labelling.table.relabelled(as: names.count, found.map { positions[$0] })
      labellings.append(
        Labelling(
          name: column, kind: .coarse, labels: names.map(\.string), table: table,
          unlabelledRows: labelling.unlabelledRows + labelling.table.total - table.total))
    }
    return labellings
  }
}
