import Texts

/// Counts the labels of rows for each cluster that rows are assigned to. It takes one pass over the rows, in any order.
///
///     var counter = LabelCounter(labels, clusters: hierarchy.clusters.count)
///     try counter.count(0..<assignments.count, assignments)
///     let labelling = try counter.labelling(clusterNames: names, labelNames: nil)
package struct LabelCounter {
  /// The number of rows that are assigned to no cluster. They were left out when the hierarchy was built.
  package private(set) var skippedRows = 0
  package private(set) var unlabelledRows = 0
  private let labels: LabelFile
  private let clusters: Int
  private var counts: CountAccumulator
  /// The positions of labels in the counts, in order of appearance. An array has those of small numbers, a table the
  /// others.
  private var smallPositions = [Int32](repeating: -1, count: 1 << 16)
  private var otherPositions: [Int64: Int] = [:]
  private var values: [Int64] = []

  /// The number of labels that are read at a time.
  private static let blockRows = 1 << 18

  package init(_ labels: LabelFile, clusters: Int) {
    self.labels = labels
    self.clusters = clusters
    counts = CountAccumulator(clusters: clusters)
  }

  /// Counts neighbouring rows.
  ///
  /// - Parameters:
  ///   - first: The position of the first row's label in the file.
  ///   - assignments: The cluster that each row is assigned to; −1 for none.
  ///
  /// - Throws: ``EvaluationError``, ``LogitStreamError``
  package mutating func count(from first: Int, _ assignments: [Int32]) throws {
    for start in stride(from: 0, to: assignments.count, by: Self.blockRows) {
      let rows = start..<min(start + Self.blockRows, assignments.count)
      let values = try labels.values(first + rows.lowerBound..<first + rows.upperBound)
      for (value, cluster) in zip(values, assignments[rows]) {
        if cluster < 0 {
          skippedRows += 1
        } else if value < 0 {
          unlabelledRows += 1
        } else {
          counts.add(cluster: Int(cluster), label: try location(of: value))
        }
      }
    }
  }

  private mutating func location(of value: Int64) throws(EvaluationError) -> Int {
    if value < smallPositions.count {
      let location = smallPositions[Int(value)]
      if location >= 0 { return Int(location) }
      smallPositions[Int(value)] = Int32(values.count)
    } else {
      if let location = otherPositions[value] { return location }
      otherPositions[value] = values.count
    }
    guard values.count < LabelSource.mostLabels else { throw .tooManyLabels(labels.location) }
    values.append(value)
    return values.count - 1
  }

  /// The labelling that was counted, with labels in order of their numbers or names.
  ///
  /// - Throws: ``EvaluationError`` if no row has a label, or an integer has no name.
  package func labelling(clusterNames: [String], labelNames: NameFile?) throws(EvaluationError) -> Labelling {
    try counted(clusterNames: clusterNames, labelNames: labelNames).labelling
  }

  /// The labelling that was counted, with labels in order of their numbers or names, and which of them each row has.
  ///
  /// A label that is an integer gets a name: that in `labelNames`, if they are given. Otherwise, if all integers are
  /// numbers of clusters, as a classifier's labels are, the cluster's name. Otherwise its digits.
  ///
  /// - Throws: ``EvaluationError`` if no row has a label, or an integer has no name.
  package func counted(
    clusterNames: [String], labelNames: NameFile?
  ) throws(EvaluationError) -> (labelling: Labelling, codes: LabelCodes) {
    guard !values.isEmpty else {
      throw .badData(labels.location, location: nil, reason: "no row that is assigned to a cluster has a label")
    }
    let (kind, names) = try names(clusterNames, labelNames)
    let order = values.indices.sorted {
      labels.isOfIntegers ? values[$0] < values[$1] : names[$0].precedesByBytes(names[$1])
    }
    var other = [Int?](repeating: nil, count: values.count)
    for (location, index) in order.enumerated() { other[index] = location }
    let sorted = order.map { names[$0] }
    // Whose names are all the same, in the same order, are the same, also if two of them have one name.
    let areColumns = kind == .columns || labelNames?.names.hasSameBytes(as: clusterNames) ?? false
    let labelling = Labelling(
      name: "labels", kind: kind, labels: sorted,
      table: counts.table(labels: values.count).relabelled(as: values.count, other), unlabelledRows: unlabelledRows,
      clustersOfLabel: areColumns
        ? order.map { [Int(values[$0])] } : Labelling.clusters(named: sorted, among: clusterNames),
      isCountedFromOne: kind == .numbers && values.min() == 1 && values.max() == Int64(clusters))
    return (labelling, LabelCodes(labels, order.map { values[$0] }))
  }

  private func names(
    _ clusterNames: [String], _ labelNames: NameFile?
  ) throws(EvaluationError) -> (Labelling.Kind, [String]) {
    if case .names(let names, _) = labels.column { return (.names, values.map { names[Int($0)] }) }
    if let labelNames {
      if let missing = values.filter({ $0 >= labelNames.names.count }).min() {
        throw .badData(
          labels.location, location: nil,
          reason: "has the label \(missing), and \(labelNames.location) names 0 to \(labelNames.names.count - 1)"
            + (values.contains(0) ? "" : "; labels are counted from 0"))
      }
      return (.named(by: labelNames.location), values.map { labelNames.names[Int($0)] })
    }
    guard values.allSatisfy({ $0 < clusters }) else { return (.numbers, values.map(String.init)) }
    return (.columns, values.map { clusterNames[Int($0)] })
  }
}
