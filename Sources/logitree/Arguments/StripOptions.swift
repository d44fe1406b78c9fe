import ArgumentParser
import Errors
import Evaluation
import Hierarchy
import LogitStream
import Report
import Store

/// What pictures show beside the tree, as strips of colours and bars.
struct StripOptions: ParsableArguments {
  /// Numbers that are known of each cluster without a file that has them.
  enum Figure: String, CaseIterable {
    case samples, probability, accuracy
  }

  @Option(
    name: .customLong("annotations"),
    help: ArgumentHelp(
      """
      Show what is known of classes beside the tree: a CSV file with classes in its first column, and categories or \
      numbers in others; or a taxonomy as compare takes it, of which groups are shown. FILE:column,… takes some columns; \
      of a taxonomy so many groups, or some by name (wordnet.csv:12 or wordnet.csv:dog,bird). samples, probability and, \
      with --labels, accuracy are known without a file. It may be given several times.
      """, valueName: "file"))
  var annotations: [String] = []

  private enum Request {
    case figure(Figure)
    case table(InputSpecification)
  }

  private var requests: [Request] {
    annotations.map { text in
      let input = InputSpecification(parsing: text)
      return Figure(rawValue: text).map(Request.figure) ?? .table(input)
    }
  }

  /// Whether labels of rows are needed.
  var needLabels: Bool { annotations.contains(Figure.accuracy.rawValue) }

  /// The files that the options name.
  var files: [String] {
    requests.compactMap { request in if case .table(let input) = request { input.file } else { nil } }
  }

  /// What the options ask for, in their order. Says on standard error what of it is not known.
  ///
  /// - Parameter labelling: The labels of rows, if there are some.
  /// - Throws: ``EvaluationError``, `LogitStreamError`, ``NoAccuracy``
  func read(for hierarchy: ClusterHierarchy, labelling: Labelling?) throws -> [ClusterAnnotation] {
    try requests.flatMap { request in
      switch request {
      case .figure(let figure): [try Self.annotation(figure, hierarchy, labelling)]
      case .table(let input): try Self.table(input, hierarchy)
      }
    }
  }

  private static func annotation(
    _ figure: Figure, _ hierarchy: ClusterHierarchy, _ labelling: Labelling?
  ) throws(NoAccuracy) -> ClusterAnnotation {
    let numbers: [Double?] =
      switch figure {
      case .samples: hierarchy.clusters.map { Double($0.samples) }
      case .probability: hierarchy.clusters.map(\.meanProbability)
      case .accuracy: labelling?.accuracyOfClusters ?? []
      }
    guard numbers.contains(where: { $0 != nil }) else { throw NoAccuracy() }
    return ClusterAnnotation(name: figure.rawValue, numbers: numbers)
  }

  private static func table(_ input: InputSpecification, _ hierarchy: ClusterHierarchy) throws -> [ClusterAnnotation] {
    let table = try AnnotationTable(reading: input.file, columns: input.dataset, of: hierarchy)
    MissingValues(table.missing).remark(in: input.file, for: "no value").map(Console.note)
    if !table.unknown.isEmpty {
      let count = Text.count(table.unknown.count, "cluster")
      Console.note("\(input.file): says nothing of \(count): \(names: table.unknown)")
    }
    return table.annotations
  }
}

/// Accuracy of clusters that no label is of.
struct NoAccuracy: CategorizedError {
  var category: ErrorCategory { .badData }
  var description: String { "--annotations accuracy: no label is a cluster's, so the accuracy of none is known" }
}
