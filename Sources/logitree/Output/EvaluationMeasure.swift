import Evaluation

/// A figure of an evaluation, with the words that explain it.
enum EvaluationMeasure: CaseIterable {
  case topAccuracy, accuracy, mutualInformation, randIndex, leafPurity, dendrogramPurity, hierarchicalDistance

  var name: String {
    switch self {
    case .topAccuracy: "top-1 accuracy"
    case .accuracy: "accuracy"
    case .mutualInformation: "NMI"
    case .randIndex: "ARI"
    case .leafPurity: "leaf purity"
    case .dendrogramPurity: "dendrogram purity"
    case .hierarchicalDistance: "least hierarchical distance"
    }
  }

  var meaning: String {
    switch self {
    case .topAccuracy: "rows whose cluster has their label's name"
    case .accuracy: "rows whose cluster is matched with their label, one to one"
    case .mutualInformation: "normalized mutual information of clusters and labels"
    case .randIndex: "adjusted Rand index of clusters and labels"
    case .leafPurity: "rows with the label that most rows of their cluster have"
    case .dendrogramPurity: "how pure the smallest node with two rows of a label is, on average"
    case .hierarchicalDistance: "path between clusters with the same label, over the longest path"
    }
  }

  /// The value; nil if it is not defined.
  func value(of evaluation: LabelEvaluation) -> Double? {
    let figures = evaluation.figures
    return switch self {
    case .topAccuracy: figures.topAccuracy
    case .accuracy: figures.accuracy
    case .mutualInformation: figures.normalizedMutualInformation
    case .randIndex: figures.adjustedRandIndex
    case .leafPurity: figures.leafPurity
    case .dendrogramPurity: figures.dendrogramPurity
    case .hierarchicalDistance: figures.leastHierarchicalDistance
    }
  }

  /// Whether the figure says anything. The top-1 accuracy does so only if labels name clusters.
  func isShown(for evaluations: [LabelEvaluation]) -> Bool {
    self != .topAccuracy || evaluations.contains { value(of: $0) != nil }
  }
}
