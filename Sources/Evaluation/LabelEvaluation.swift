import Hierarchy

/// An evaluation of a hierarchy by labels: figures for the whole hierarchy, and the purity of each node.
///
///     let evaluation = LabelEvaluation(hierarchy, labelling)
///     evaluation.figures.dendrogramPurity
///     evaluation.purity[node]
package struct LabelEvaluation: Sendable, Equatable {
  package let labelling: Labelling
  package let figures: EvaluationFigures
  /// For each node, the number of rows below it that have a label.
  package let rows: [Int]
  /// For each node, the label that most of these rows have; the first of equals. It is nil if there are no such rows,
  /// and for clusters that are not in the tree.
  package let majority: [Int?]
  /// For each node, the fraction of these rows that have the majority label.
  package let purity: [Double?]

  /// - Parameter labelling: A labelling of the hierarchy's clusters in which at least one row has a label.
  /// - Complexity: O(n log n + K) for n entries of the table, plus that of ``Matching``.
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

/// How well a hierarchy's clusters and tree fit labels. All figures are 0...1, except that the adjusted Rand index may
/// be below 0.
package struct EvaluationFigures: Sendable, Equatable {
  /// The fraction of rows whose cluster is matched with their label (``Matching``).
  package let accuracy: Double
  /// Whether that matching is the best of all.
  package let isOptimal: Bool
  /// The fraction of rows whose cluster has the name of their label; nil unless labels name clusters.
  package let topAccuracy: Double?
  package let normalizedMutualInformation: Double
  package let adjustedRandIndex: Double
  /// The fraction of rows that have the majority label of their cluster.
  package let leafPurity: Double
  /// See ``DendrogramPurity``; nil if no two rows share a label.
  package let dendrogramPurity: Double?
  /// See ``HierarchicalDistance``; nil if no two rows of one label are in different leaves.
  package let leastHierarchicalDistance: Double?
}
