import ArgumentParser
import Evaluation
import Hierarchy

/// By what evaluate weighs mistakes, beside the tree itself.
struct MistakeOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "A tree to weigh mistakes by, beside the store's own: whatever compare takes, with clusters and labels by their names.",
      valueName: "file"))
  var taxonomy: String?

  @Option(help: ArgumentHelp("What --taxonomy is. (default: by its content)", valueName: "kind"))
  var referenceKind: ReferenceTree.Kind?

  @Option(
    help: ArgumentHelp(
      "Tell how many rows are right at these numbers of groups of the tree. (default: 2,5,10,20,50,…)",
      valueName: "n,n,…"))
  var levels: CutLevels?

  mutating func validate() throws {
    guard taxonomy != nil || referenceKind == nil else {
      throw ValidationError("--reference-kind goes with --taxonomy.")
    }
  }

  /// The numbers of groups at which to tell how many rows are right.
  ///
  /// - Throws: `CutError` for one that the tree can't be cut into.
  func groups(of hierarchy: ClusterHierarchy) throws -> [Int] {
    let leaves = hierarchy.merges.count + 1
    guard let levels else {
      let powers = Array(sequence(first: 1) { $0 * 10 }.prefix { $0 < leaves })
      return powers.flatMap { [$0, 2 * $0, 5 * $0] }.filter { $0 > 1 && $0 < leaves }
    }
    for count in levels.counts { _ = try Cut(hierarchy, into: count) }
    return levels.counts
  }

  /// Reads the taxonomy: a tree, or one for each of its columns if they are not nested; none if none is given.
  func references(for hierarchy: ClusterHierarchy, output: String?) throws -> [NamedTree] {
    guard let taxonomy else { return [] }
    let names = hierarchy.clusters.map(\.name)
    let input = try TreeInput(opening: taxonomy, kind: referenceKind, output: output)
    return try TreeInput.trees(in: [input], classes: names, leafNames: names).flatMap(\.self)
  }
}
