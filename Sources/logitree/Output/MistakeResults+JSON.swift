import Evaluation

extension MistakeResults {
  /// What JSON has of each tree that mistakes are weighed by. Undefined figures are null.
  var content: [MistakeContent] { weighings.map { MistakeContent($0, self) } }
}

/// Mistakes weighed by a tree, as they are in JSON.
struct MistakeContent: Encodable {
  /// Means over predictions.
  struct Weights: Encodable {
    let accuracy: Nullable<Double>
    let meanHeight: Nullable<Double>
    let meanHeightOfMistakes: Nullable<Double>
    let meanClusters: Nullable<Double>
    /// Only where heights are steps.
    let meanStep: Double?
    let hierarchicalPrecision: Nullable<Double>
    let hierarchicalRecall: Nullable<Double>
    let hierarchicalF1: Nullable<Double>

    init(_ weights: MistakeWeights, hasSteps: Bool) {
      accuracy = Nullable(weights.accuracy)
      meanHeight = Nullable(weights.meanHeight)
      meanHeightOfMistakes = Nullable(weights.meanHeightOfMistakes)
      meanClusters = Nullable(weights.meanClusters)
      meanStep = hasSteps ? weights.meanCutHeight : nil
      hierarchicalPrecision = Nullable(weights.precision)
      hierarchicalRecall = Nullable(weights.recall)
      hierarchicalF1 = Nullable(weights.harmonicMean)
    }
  }

  /// All of the first few clusters.
  struct Ranked: Encodable {
    let meanHeight: Nullable<Double>
    let meanClusters: Nullable<Double>
    let meanStep: Double?
  }

  struct Level: Encodable {
    let name: String?
    let groups: Int
    let accuracy: Nullable<Double>
    let nearestAccuracy: Nullable<Double>
  }

  struct Class: Encodable {
    let label: String
    let rows: Int
    let accuracy: Nullable<Double>
    let meanHeight: Nullable<Double>
    let meanHeightOfMistakes: Nullable<Double>
    let mistakenFor: String?
    let mistakenForRows: Int?
  }

  /// The file of the tree; null for the store's own.
  let taxonomy: Nullable<String>
  /// The column of the table, if its columns are not nested.
  let column: String?
  let rows: Int
  let unknownRows: Int
  let clustersNotInTree: [String]
  let top: Weights
  /// How many of each row's clusters the next two are of; null if only the first is known.
  let ranks: Nullable<Int>
  let nearestOfRanked: Weights?
  let ranked: Ranked?
  let levels: [Level]
  let classes: [Class]

  init(_ weighing: MistakeResults.Weighing, _ results: MistakeResults) {
    let mistakes = weighing.mistakes
    let hasSteps = mistakes.tree.hasSteps
    let clusters = results.hierarchy.clusters
    taxonomy = Nullable(weighing.reference?.path)
    column = weighing.reference?.tree.column
    rows = mistakes.first.count
    unknownRows = mistakes.unknownRows
    clustersNotInTree = mistakes.tree.strangers.map { clusters[$0].name }
    top = Weights(mistakes.first, hasSteps: hasSteps)
    ranks = Nullable(results.ranked)
    nearestOfRanked = mistakes.nearest.map { Weights($0, hasSteps: hasSteps) }
    ranked = mistakes.ranked.map {
      Ranked(
        meanHeight: Nullable($0.meanHeight), meanClusters: Nullable($0.meanClusters),
        meanStep: hasSteps ? $0.meanCutHeight : nil)
    }
    let accuracies = (mistakes.first.accuracyAtLevel, mistakes.nearest?.accuracyAtLevel)
    levels = mistakes.tree.levels.enumerated().map { index, level in
      Level(
        name: level.name, groups: level.groups, accuracy: Nullable(accuracies.0[index]),
        nearestAccuracy: Nullable(accuracies.1?[index]))
    }
    classes = mistakes.classes.map { entry in
      Class(
        label: results.labelling.labels[entry.label], rows: entry.weights.count,
        accuracy: Nullable(entry.weights.accuracy), meanHeight: Nullable(entry.weights.meanHeight),
        meanHeightOfMistakes: Nullable(entry.weights.meanHeightOfMistakes),
        mistakenFor: entry.mistakenFor.map { clusters[$0.cluster].name }, mistakenForRows: entry.mistakenFor?.count)
    }
  }
}
