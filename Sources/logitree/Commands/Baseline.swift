import ArgumentParser
import Evaluation
import Files
import Hierarchy
import LogitStream
import LogitsToHierarchy
import Report
import Store
import Threads

/// `logitree baseline`: the tree of another method, from the same data.
struct Baseline: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Write the tree that another method makes of the same data, to compare with.",
    discussion: """
      The method is average linkage (UPGMA), as SciPy has it, of the clusters that have rows, by

        average-affinity  what a row of one cluster would give to the other, from the store alone
        correlation       1 - the correlation of mean logits, with one more pass over the inputs
        confusion         how often the one is taken for the other, of labelled rows: --labels

      Writes Newick, with distances as heights; or SciPy's linkage matrix if the file is called .npy, its leaves the \
      clusters that have rows.

        logitree baseline my.logitree --method average-affinity -o affinity.nwk
        logitree compare my.logitree affinity.nwk taxonomy.csv
      """)

  enum Method: String, CaseIterable, ExpressibleByArgument {
    case averageAffinity = "average-affinity"
    case correlation, confusion
  }

  @Argument(help: "A store, as made by build.")
  var store: String

  @Option(help: "What the distance of two clusters is.")
  var method: Method

  @Option(
    name: .shortAndLong,
    help: "The file to write: Newick, or a linkage matrix if it ends in .npy. (default: standard output)")
  var output: String?

  @Option(
    help: ArgumentHelp(
      "Also write the distances, as SciPy's linkage takes them: condensed, .npy.", valueName: "file"))
  var distances: String?

  @OptionGroup(title: "Options of confusion") var labelOptions: LabelOptions

  @OptionGroup var runOptions: RunOptions

  mutating func validate() throws {
    guard (method == .confusion) == (labelOptions.labels != nil) else {
      throw ValidationError(
        method == .confusion
          ? "A confusion matrix takes labels: --labels FILE." : "--labels is for --method confusion.")
    }
    guard labelOptions.coarse == nil else { throw ValidationError("--coarse is for evaluate.") }
    if let output, let distances, output.hasSameBytes(as: distances) {
      throw ValidationError("The tree and its distances go to two files.")
    }
    guard output != nil || !runOptions.json else {
      throw ValidationError("With --json the tree goes to a file: -o FILE.")
    }
  }

  func run() throws {
    let isLinkage = output?.hasByteSuffix(".npy") == true
    if !runOptions.quiet {
      if !isLinkage { OutputName.warn(output, "Newick", extensions: "nwk", "newick") }
      OutputName.warn(distances, "a NumPy array", extensions: "npy")
    }
    let summary = try runOptions.run { reporter in
      let store = try Store(store)
      for file in [output, distances] { try store.checkOutput(file, inputs: labelOptions.files) }
      let stored = try store.read()
      let hierarchy = stored.hierarchy
      let distances = try distances(store, stored, reporter)
      if let path = self.distances { try OutputFile.write(distances.npy(), toFileOrStandardOutput: path) }
      let names = hierarchy.leaves.map { hierarchy.clusters[$0].name }
      guard let tree = distances.averageLinkage(names: names, shouldStop: { reporter.shouldStop }) else {
        throw Interrupted()
      }
      let bytes = isLinkage ? tree.npy() : Array(tree.newick().utf8)
      try OutputFile.write(bytes, toFileOrStandardOutput: output)
      return output.map { BaselineSummary(output: $0, method: method.rawValue, clusters: names.count) }
    }
    if let summary { try runOptions.report(summary) }
  }

  private func distances(
    _ store: Store, _ stored: StoredHierarchy, _ reporter: ProgressReporter
  ) throws -> CondensedDistances {
    let resources = runOptions.resources
    switch method {
    case .averageAffinity: return try store.affinityDistances(of: stored, resources: resources)
    case .correlation:
      return try store.correlationDistances(of: stored, resources: resources, observer: reporter)
    case .confusion:
      let hierarchy = stored.hierarchy
      _ = try BaselineMemoryPlan(
        leaves: hierarchy.leaves.count, clusters: hierarchy.clusters.count, resources: resources)
      return try confusion(store, stored).distances(between: hierarchy.leaves)
    }
  }

  private func confusion(_ store: Store, _ stored: StoredHierarchy) throws -> Confusion {
    guard let sources = try labelOptions.sources(for: stored) else {
      preconditionFailure("a confusion matrix has labels")
    }
    let results = try LabelResults(evaluating: stored, of: store, by: sources)
    if !runOptions.quiet { results.tell() }
    let confusion = Confusion(results.evaluations[0].labelling)
    guard confusion.countedRows > 0 else {
      throw EvaluationError.badData(
        sources.labels.location, location: nil,
        reason: "has no label that stands for one cluster, by its name or number, so that nothing can be confused")
    }
    if confusion.otherRows > 0, !runOptions.quiet {
      Console.note(
        "\(Text.count(confusion.otherRows, "row")) left out, whose label stands for no cluster or for several")
    }
    return confusion
  }
}

/// What was written.
private struct BaselineSummary: RunSummary, Encodable {
  let output: String
  let method: String
  let clusters: Int

  var warnings: [Message] { [] }
  var text: Message { "\(output): average linkage of \(Text.count(clusters, "cluster")), by \(method)" }
  func json() throws -> String { try JSONText.of(self) }
}
