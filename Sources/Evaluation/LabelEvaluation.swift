import Hierarchy

/// A hierarchy held against labels: figures for all of it, and for each node how pure it is.
///
///     let evaluation = LabelEvaluation(hierarchy, labelling)
///     evaluation.figures.dendrogramPurity
///     evaluation.purity[node]
package struct LabelEvaluation: Sendable, Equatable {
  package let labelling: Labelling
  package let figures: EvaluationFigures
  /// For each node the rows below it that have a label.
  package let rows: [Int]
  /// For each node the label that most of these have, of equals the first; nil where there are no such rows, and for
  /// clusters that are not in the tree.
  package let majority: [Int?]
  /// For each node the part of these rows that have the majority's label.
  package let purity: [Double?]

  /// - Parameter labelling: Of the hierarchy's clusters, with at least one row that has a label.
  /// - Complexity: O(n log n + K) for n entries of the table, and that of ``Matching``.
  package init(_ hierarchy: ClusterHierarchy, _ labelling: Labelling) {
    let table = labelling.table
    precondition(table.total > 0, "no row has a label")
    var dendrogramPurity = DendrogramPurity(table)
    var distance = HierarchicalDistance(hierarchy)
    let ascent = LabelAscent(hierarchy, table) { meeting in
      dendrogramPurity.add(meeting)
      distance.add(meeting)
    }
    let matching = Matching(table)
    self.labelling = labelling
    figures = EvaluationFigures(
      accuracy: Double(matching.matched) / Double(table.total), isOptimal: matching.isOptimal,
      topAccuracy: labelling.topAccuracy, normalizedMutualInformation: table.normalizedMutualInformation,
      adjustedRandIndex: table.adjustedRandIndex, leafPurity: table.leafPurity,
      dendrogramPurity: dendrogramPurity.value, leastHierarchicalDistance: distance.value)
    rows = ascent.rows
    majority = ascent.majority.map { $0?.label }
    purity = zip(ascent.majority, ascent.rows).map { majority, rows in majority.map { Double($0.count) / Double(rows) }
    }
  }
}

/// What a hierarchy's clusters and tree are worth by labels. All from 0 to 1 (the adjusted Rand index may be below 0).
package struct EvaluationFigures: Sendable, Equatable {
  /// The part of rows whose cluster is matched with their label (``Matching``).
  package let accuracy: Double
  /// Whether that is by the best of all matchings.
  package let isOptimal: Bool
  /// The part of rows whose cluster has the name of their label; nil unless labels name clusters.
  package let topAccuracy: Double?
  package let normalizedMutualInformation: Double
  package let adjustedRandIndex: Double
  /// The part of rows whose label is the majority of their cluster.
  package let leafPurity: Double
  /// The mean, over pairs of rows that share a label, of that label's part in the smallest node with both; nil if there
  /// are no such pairs.
  package let dendrogramPurity: Double?
  /// The mean, over pairs of rows that share a label and are in different leaves, of the length of their path over that of
  /// the tree's longest; nil if there are no such pairs.
  package let leastHierarchicalDistance: Double?
}
