import ArgumentParser
import Evaluation
import Hierarchy
import Report
import Store

/// `logitree annotate`: keep names for groups in a store.
struct Annotate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Keep a taxonomy in a store, by which its groups are named.",
    discussion: """
      Each node of the tree is named by the term of the taxonomy that fits it best, with how well: "hunting dog, 26 of 37" has \
      26 hunting dogs among its 37 classes. Show, cut, assign and export name groups so from then on; each takes \
      another taxonomy with --taxonomy. Update keeps it, and finds the terms that fit the new tree.

        logitree annotate my.logitree --taxonomy taxonomy.csv
        logitree annotate my.logitree --remove

      A taxonomy is any file with named groups that compare reads: a table of classes and the groups they are in, the finest \
      first; edges with the header child,parent; Newick with names of inner nodes.
      """)

  @Argument(help: "A store, as made by build.")
  var store: String

  @Option(help: ArgumentHelp("The taxonomy to keep.", valueName: "file"))
  var taxonomy: String?

  @Flag(help: "Keep no taxonomy any more.")
  var remove = false

  mutating func validate() throws {
    guard (taxonomy == nil) == remove else {
      throw ValidationError("Say what to keep, --taxonomy FILE, or that nothing is to be kept, --remove.")
    }
  }

  func run() throws {
    let opened = try Store(store)
    guard let taxonomy else {
      _ = try opened.keep(taxonomy: nil, from: "")
      return try Console.print("\(store): groups are named by their most typical members\n")
    }
    let hierarchy = try opened.read().hierarchy
    let text = try TaxonomyText(reading: taxonomy)
    let naming = try text.naming(hierarchy)
    TaxonomyOptions.remarks(on: naming, of: taxonomy, hierarchy).forEach(Console.note)
    _ = try opened.keep(taxonomy: text.bytes, from: taxonomy)
    try Console.print("\(summary(naming, hierarchy))\n")
  }

  private func summary(_ naming: TermNaming, _ hierarchy: ClusterHierarchy) -> Message {
    let known = hierarchy.leaves.count - naming.strangers.count
    let named = hierarchy.merges.compactMap { naming.terms[$0.node] }
    let exact = named.count { $0.f1 == 1 }
    let classes = Text.count(hierarchy.leaves.count, "class", plural: "classes")
    return """
      \(store): \(Text.grouped(known)) of \(classes) are in the taxonomy, under \
      \(Text.count(naming.termCount, "term")) of two classes or more
      \(Text.grouped(named.count)) of \(Text.count(hierarchy.merges.count, "group")) have a name, \
      \(Text.grouped(exact)) of them with all classes of their term and no other
      """
  }
}
