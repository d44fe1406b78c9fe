import ArgumentParser
import FoundationEssentials
import Report
import Store
import Texts

/// The options of `export --format html` alone.
struct HTMLOptions: ParsableArguments {
  @Flag(help: "Leave out the affinity matrix, for a smaller file.")
  var noMatrix = false

  @Option(
    help: ArgumentHelp(
      """
      Another store, such as one of the same model a month ago, whose tree can be shown beside this one. Clusters of the same \
      name are joined by lines.
      """, valueName: "store"))
  var beside: String?

  /// The names of the options that were given.
  var given: [String] { (noMatrix ? ["--no-matrix"] : []) + (beside == nil ? [] : ["--beside"]) }

  /// The tree to show beside that of a store; nil if there is none. Says on standard error if they have no cluster in common.
  ///
  /// - Parameter output: The file that the page is written to, which must be no part of the other store.
  func readBeside(_ stored: StoredHierarchy, output: String?) throws -> ExplorerPage.Beside? {
    guard let beside else { return nil }
    let store = try Store(beside)
    try store.checkOutput(output)
    let other = try store.read().hierarchy
    let names = Set(stored.hierarchy.leaves.map { ByteText(stored.hierarchy.clusters[$0].name) })
    if !other.leaves.contains(where: { names.contains(ByteText(other.clusters[$0].name)) }) {
      Console.warning("\(beside): no cluster of it has the name of one that it is to be shown beside")
    }
    return ExplorerPage.Beside(store: beside.absolutePath.lastPathComponent, hierarchy: other)
  }
}
