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

  /// A file with more labels than this does not hold labels, but some other numbers.
  package static let mostLabels = 1 << 20
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
    guard values.count < Self.mostLabels else {
      throw .badData(labels.location, location: nil, reason: "has more than \(Self.mostLabels) different labels")
    }
    values.append(value)
    return values.count - 1
  }

  /// The labelling that was counted, with labels in order of their numbers or names.
  ///
  /// A label that is an integer gets a name: its line in `labelNames` if that is given. Otherwise, if all integers are
  /// numbers of clusters, as a classifier's labels are, the cluster's name. Otherwise its digits.
  ///
  /// - Throws: ``EvaluationError`` if no row has a label, or an integer has no name.
  package func labelling(clusterNames: [String], labelNames: LabelNames?) throws(EvaluationError) -> Labelling {
    guard !values.isEmpty else {
      throw .badData(labels.location, location: nil, reason: "no row that is assigned to a cluster has a label")
    }
    let names = try names(clusterNames, labelNames)
    let order = values.indices.sorted {
      labels.isOfIntegers ? values[$0] < values[$1] : names[$0].utf8.lexicographicallyPrecedes(names[$1].utf8)
    }
    var other = [Int?](repeating: nil, count: values.count)
    for (location, index) in order.enumerated() { other[index] = location }
    let sorted = order.map { names[$0] }
    return Labelling(
      name: "labels", labels: sorted,
      table: counts.table(labels: values.count).relabelled(as: values.count, other), unlabelledRows: unlabelledRows,
      clusterOfLabel: Labelling.clusters(named: sorted, among: clusterNames))
  }

  private func names(_ clusterNames: [String], _ labelNames: LabelNames?) throws(EvaluationError) -> [String] {
    if case .names(let names, _) = labels.column { return values.map { names[Int($0)] } }
    if let labelNames {
      if let missing = values.filter({ $0 >= labelNames.names.count }).min() {
        throw .badData(
          labels.location, location: nil,
          reason: "has the label \(missing), and \(labelNames.file) names 0 to \(labelNames.names.count - 1)")
      }
      return values.map { labelNames.names[Int($0)] }
    }
    guard values.allSatisfy({ $0 < clusters }) else { return values.map(String.init) }
    return values.map { clusterNames[Int($0)] }
  }
}

/// The names of labels that are integers: a line for each, from 0 on.
package struct LabelNames: Sendable {
  package let file: String
  package let names: [String]

  /// Reads a text file.
  ///
  /// - Throws: ``EvaluationError`` if a line is empty, or if there is no line.
  package init(_ path: String) throws(EvaluationError) {
    file = path
    names = try TextFile(path).lines.map { String(TextLabels.trimmed($0)) }
    guard !names.isEmpty else {
      throw .badData(path, location: nil, reason: "is empty, where names of labels should be")
    }
    if let empty = names.firstIndex(of: "") {
      throw .badData(path, location: "line \(empty + 1)", reason: "is empty, where a label's name should be")
    }
  }
}
