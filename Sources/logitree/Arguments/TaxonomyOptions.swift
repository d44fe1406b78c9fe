import ArgumentParser
import Evaluation
import Hierarchy
import Report
import Store

/// By what groups are named.
struct TaxonomyOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      Name groups by this taxonomy: each by the term that fits it best, by the F1 of its classes. Any file with named groups \
      that compare reads: a table of classes and their groups, edges child,parent, Newick. (default: the one that annotate \
      keeps in the store; without, groups are named by their most typical members)
      """, valueName: "file"))
  var taxonomy: String?

  /// The files that are named.
  var files: [String] { [taxonomy].compactMap(\.self) }

  /// The hierarchy of a store, with what its groups are named by: the terms that fit them best, if there is a taxonomy, and their
  /// most typical members.
  func named(_ stored: StoredHierarchy, in store: Store) throws -> ClusterHierarchy {
    try named(stored, by: text(of: stored, in: store))
  }

  /// The same, by a taxonomy that was read before: a pipe can't be read twice.
  func named(_ stored: StoredHierarchy, by text: TaxonomyText?) throws -> ClusterHierarchy {
    var hierarchy = stored.hierarchy
    guard let text else { return hierarchy }
    if let taxonomy {
      let naming = try text.naming(hierarchy)
      Self.remarks(on: naming, of: taxonomy, hierarchy).forEach(Console.note)
      hierarchy.terms = naming.terms
    } else {
      do {
        hierarchy.terms = try text.naming(hierarchy).terms
      } catch let error as EvaluationError {
        Console.warning(Advice.uselessTaxonomy(error))
      }
    }
    return hierarchy
  }

  /// The taxonomy that is given, or else the one that a store keeps; nil if there is neither.
  func text(of stored: StoredHierarchy, in store: Store) throws -> TaxonomyText? {
    if let taxonomy { return try TaxonomyText(reading: taxonomy) }
    return try store.taxonomy(of: stored).map { TaxonomyText(path: $0.path, bytes: $0.bytes) }
  }

  /// What is to be said of classes that a taxonomy has not, or of which it can't be told which is which.
  static func remarks(on naming: TermNaming, of path: String, _ hierarchy: ClusterHierarchy) -> [Message] {
    var remarks: [Message] = []
    if !naming.ambiguous.isEmpty {
      remarks.append(
        """
        \(path): \(Text.count(naming.ambiguous.count, "name stands", plural: "names stand")) for several classes, which are under \
        no term: \(names: naming.ambiguous)
        """)
    }
    let missing = naming.strangers.map { hierarchy.clusters[$0].name }.filter { !naming.ambiguous.contains($0) }
    if !missing.isEmpty {
      remarks.append(
        """
        \(path): lacks \(Text.count(missing.count, "class", plural: "classes")) of \(Text.grouped(hierarchy.leaves.count)), \
        which are under no term: \(names: missing)
        """)
    }
    return remarks
  }
}
