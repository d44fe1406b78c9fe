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
      with --labels, accuracy are known without a file, and so is the taxonomy that names groups: taxonomy, or \
      taxonomy:12. It may be given several times.
      """, valueName: "file"))
  var annotations: [String] = []

  @Option(
    name: .customLong("numbers-as"),
    help: "How numbers of --annotations are shown: as bars, or by a scale of colours. (default: bars; in html colours)")
  var numberForm: NumberForm?

  private enum Request {
    case figure(Figure)
    /// Groups of the taxonomy that names groups.
    case taxonomy(columns: String?)
    case table(InputSpecification)
  }

  private var requests: [Request] {
    annotations.map { text in
      if let figure = Figure(rawValue: text) { return .figure(figure) }
      let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
      if parts[0] == "taxonomy" { return .taxonomy(columns: parts.count > 1 ? String(parts[1]) : nil) }
      return .table(InputSpecification(parsing: text))
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
  /// - Parameters:
  ///   - labelling: The labels of rows, if there are some.
  ///   - taxonomy: By which groups are named; nil if there is none.
  /// - Throws: ``EvaluationError``, `LogitStreamError`, ``NoAccuracy``, ``NoTaxonomy``
  func read(
    for hierarchy: ClusterHierarchy, labelling: Labelling?, taxonomy: TaxonomyText?
  ) throws -> [ClusterAnnotation] {
    try requests.flatMap { request in
      switch request {
      case .figure(let figure): return [try Self.annotation(figure, hierarchy, labelling)]
      case .table(let input):
        return try Self.shown(AnnotationTable(reading: input.file, columns: input.dataset, of: hierarchy))
      case .taxonomy(let columns):
        guard let text = taxonomy else { throw NoTaxonomy() }
        return try Self.shown(AnnotationTable(text, columns: columns, of: hierarchy))
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

  /// What a table has to be shown. Says on standard error what it lacks.
  private static func shown(_ table: AnnotationTable) -> [ClusterAnnotation] {
    MissingValues(table.missing).remark(in: table.path, for: "no value").map(Console.note)
    if !table.unknown.isEmpty {
      let count = Text.count(table.unknown.count, "cluster")
      Console.note("\(table.path): says nothing of \(count): \(names: table.unknown)")
    }
    return table.annotations
  }
}

extension NumberForm: ExpressibleByArgument {}

/// Groups of a taxonomy that is not there.
struct NoTaxonomy: CategorizedError {
  var category: ErrorCategory { .missing }
  var description: String {
    "--annotations taxonomy: no taxonomy names groups; keep one in the store with logitree annotate, or give --taxonomy FILE"
  }
}

/// Accuracy of clusters that no label is of.
struct NoAccuracy: CategorizedError {
  var category: ErrorCategory { .badData }
  var description: String { "--annotations accuracy: no label is a cluster's, so the accuracy of none is known" }
}
