import Evaluation

extension EvaluationReport {
  /// All figures, and the purity and majority of each node that has rows with a label. Undefined figures are null.
  func json() throws -> String {
    struct Content: Encodable {
      let store: String
      let rows: Int
      let skippedRows: Int
      let labellings: [LabellingContent]
      let labelsWithoutCoarser: [String]
      let mistakes: [MistakeContent]
      let temperatureFit: TemperatureReport.Content?
    }
    return try JSONText.of(
      Content(
        store: store, rows: rows, skippedRows: results.skippedRows, labellings: evaluations.map(LabellingContent.init),
        labelsWithoutCoarser: results.missingFromCoarse, mistakes: mistakes?.content ?? [],
        temperatureFit: temperature?.content))
  }
}

/// A labelling's figures as they are in JSON.
private struct LabellingContent: Encodable {
  struct Node: Encodable {
    let node: Int
    let rows: Int
    let purity: Double
    let majority: String
  }

  let name: String
  let labels: [String]
  let labelledRows: Int
  let unlabelledRows: Int
  let topAccuracy: Nullable<Double>
  let accuracy: Double
  let isAccuracyOptimal: Bool
  let normalizedMutualInformation: Double
  let adjustedRandIndex: Double
  let leafPurity: Double
  let dendrogramPurity: Nullable<Double>
  let leastHierarchicalDistance: Nullable<Double>
  let nodes: [Node]

  init(_ evaluation: LabelEvaluation) {
    let labelling = evaluation.labelling
    let figures = evaluation.figures
    name = labelling.name
    labels = labelling.labels
    labelledRows = labelling.table.total
    unlabelledRows = labelling.unlabelledRows
    topAccuracy = Nullable(figures.topAccuracy)
    accuracy = figures.accuracy
    isAccuracyOptimal = figures.isOptimal
    normalizedMutualInformation = figures.normalizedMutualInformation
    adjustedRandIndex = figures.adjustedRandIndex
    leafPurity = figures.leafPurity
    dendrogramPurity = Nullable(figures.dendrogramPurity)
    leastHierarchicalDistance = Nullable(figures.leastHierarchicalDistance)
    nodes = evaluation.rows.indices.compactMap { node in
      guard let purity = evaluation.purity[node], let majority = evaluation.majority[node] else { return nil }
      return Node(node: node, rows: evaluation.rows[node], purity: purity, majority: labelling.labels[majority])
    }
  }
}
