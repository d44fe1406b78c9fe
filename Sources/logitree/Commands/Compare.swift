import ArgumentParser
import Evaluation
import Files
import FoundationEssentials
import Hierarchy
import Report
import Store

/// `logitree compare`: the tree against another one.
struct Compare: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Compare the tree with a reference, and list what disagrees most.",
    discussion: """
      The reference is one of

        newick    a tree in Newick format
        taxonomy  CSV with a header: class, then its groups, the finest first
        edges     CSV with the header child,parent
        store     another store

      Clusters and the reference's leaves are matched by their names; what only one of them has is left out.

        logitree compare my.logitree taxonomy.csv
        logitree compare my.logitree other.logitree --json -o comparison.json
      """)

  @Argument(help: "A store, as made by build.")
  var store: String

  @Argument(help: "The tree to compare with.")
  var reference: String

  @Option(
    help: ArgumentHelp(
      "What the reference is. (default: by its content)",
      valueName: "kind"))
  var referenceKind: ReferenceTree.Kind?

  @Option(help: ArgumentHelp("List N torn groups and N far clusters at most.", valueName: "n"))
  var top = 10

  @Flag(help: "Write JSON: all cuts, and lists of --top entries with all names.")
  var json = false

  @Option(name: .shortAndLong, help: "The file to write. (default: standard output)")
  var output: String?

  mutating func validate() throws {
    guard top >= 0 else { throw ValidationError("--top must not be negative.") }
  }

  func run() throws {
    let opened = try Store(store)
    try opened.checkOutput(output, inputs: [reference])
    let hierarchy = try opened.read().hierarchy
    let referenceTree = try readReference(for: hierarchy)
    MissingValues(referenceTree.missing).remark(in: reference, for: "no group").map(Console.note)
    let names = RootedTree(hierarchy).leafNames
    let matching = LeafMatching(names, referenceTree.tree.leafNames)
    guard let comparison = TreeComparison(hierarchy, referenceTree, matching: matching, top: top) else {
      throw tooLittleInCommon(matching)
    }
    let report = ComparisonText(
      comparison, store: store, reference: reference, kind: referenceTree.kind, width: Console.width ?? 100)
    let text = json ? try report.json() : report.text()
    try OutputFile.write(Array(text.utf8), toFileOrStandardOutput: output)
  }

  private func readReference(for hierarchy: ClusterHierarchy) throws -> ReferenceTree {
    if referenceKind == .store || referenceKind == nil && FileSystem.isDirectory(reference) {
      let other = try Store(reference)
      try other.checkOutput(output)
      return ReferenceTree(try other.read().hierarchy)
    }
    return try ReferenceTree(
      reading: reference, kind: referenceKind, classes: hierarchy.clusters.map(\.name))
  }

  private func tooLittleInCommon(_ matching: LeafMatching) -> EvaluationError {
    func some(_ names: [String]) -> String {
      names.isEmpty ? "no others" : Text.list(names, most: 5)
    }
    let common = matching.counterparts.count { $0 != nil }
    return .badData(
      reference, location: nil,
      reason: """
        has \(common == 0 ? "none" : "only \(common)") of the tree's clusters, and it takes three to compare; the tree \
        has \(some(matching.onlyInFirst)), the reference \(some(matching.onlyInSecond)); names must be the same
        """)
  }
}

extension ReferenceTree.Kind: ExpressibleByArgument {}
