import Evaluation
import Hierarchy
import Report
import Store

/// Mistakes of rows' clusters, weighed by the store's own tree, and by another one if that is given.
struct MistakeResults {
  struct Weighing {
    /// The tree, if it is not the store's own.
    let reference: NamedTree?
    let mistakes: MistakeEvaluation
  }

  let weighings: [Weighing]
  let labelling: Labelling
  let hierarchy: ClusterHierarchy
  /// How many clusters of each row are known in the order of their logits; nil if only the first one.
  let ranked: Int?

  /// So many clusters are looked at, as is usual.
  static let usualRanks = 5

  /// Weighs mistakes by the labels that results are of.
  ///
  /// - Parameter references: Other trees to weigh them by.
  /// - Returns: nil if there is nothing to weigh, since labels are no clusters' names.
  /// - Throws: ``EvaluationError`` if a taxonomy knows none of the labels; what reading the store throws.
  init?(
    _ results: LabelResults, _ stored: StoredHierarchy, of store: Store, references: [NamedTree],
    groups: [Int]
  ) throws {
    let labelling = results.evaluations[0].labelling
    let hierarchy = stored.hierarchy
    var trees: [(tree: MistakeTree, reference: NamedTree?)] = []
    if labelling.clustersOfLabel.contains(where: { !$0.isEmpty }) {
      trees.append((MistakeTree(hierarchy, labelling, groups: groups), nil))
    }
    for reference in references { trees.append((try Self.tree(reference, hierarchy, labelling, groups), reference)) }
    guard !trees.isEmpty else { return nil }
    self.labelling = labelling
    self.hierarchy = hierarchy
    let ranks = min(Self.usualRanks, hierarchy.clusters.count)
    ranked = store.rankedClusters(of: stored) >= ranks ? ranks : nil
    var counts: MistakeCounts?
    if let ranked { counts = try Self.count(trees.map(\.tree), results, stored, of: store, ranks: ranked) }
    weighings = trees.enumerated().map { index, tree in
      Weighing(
        reference: tree.reference, mistakes: MistakeEvaluation(tree.tree, labelling.table, counts.map { ($0, index) }))
    }
  }

  private static func tree(
    _ reference: NamedTree, _ hierarchy: ClusterHierarchy, _ labelling: Labelling, _ groups: [Int]
  ) throws(EvaluationError) -> MistakeTree {
    let tree = MistakeTree(reference.tree, hierarchy, labelling, groups: groups)
    guard tree.strangers.count < hierarchy.clusters.count else {
      throw .badData(
        reference.path, location: nil,
        reason: "has none of the clusters: these are \(Text.list(hierarchy.clusters.map(\.name), most: 3)); names must "
          + "be the same")
    }
    return tree
  }

  private static func count(
    _ trees: [MistakeTree], _ results: LabelResults, _ stored: StoredHierarchy, of store: Store, ranks: Int
  ) throws -> MistakeCounts {
    let labelling = results.evaluations[0].labelling
    var counter = MistakeCounter(trees, clusters: stored.hierarchy.clusters.count, labels: labelling.labels.count)
    try store.forEachRankedRows(
      of: stored, numbered: results.numbering, most: ranks, results.codes.codes
    ) { rows in
      for (row, label) in rows.numbers.enumerated() where label >= 0 {
        counter.count(label: Int(label), rows.clusters(of: row))
      }
    }
    return counter.counts
  }

  /// Says on standard error what is left out, or counts as far from all.
  func tell() {
    for weighing in weighings {
      let strangers = weighing.mistakes.tree.strangers
      if let reference = weighing.reference, !strangers.isEmpty {
        Console.warning(
          """
          \(Text.count(strangers.count, "cluster is", plural: "clusters are")) not in \(reference.place), and \
          \(strangers.count == 1 ? "meets" : "meet") others at its root: \
          \(names: strangers.map { hierarchy.clusters[$0].name })
          """)
      }
      if weighing.mistakes.unknownRows > 0 {
        Console.warning(
          """
          \(Text.count(weighing.mistakes.unknownRows, "row has", plural: "rows have")) a label that is not in \
          \(weighing.reference?.place ?? "the tree"), so that \
          \(weighing.mistakes.unknownRows == 1 ? "its mistake is" : "their mistakes are") not weighed
          """)
      }
    }
    if ranked == nil {
      Console.note(
        """
        mistakes are weighed for the top 1 alone: the store keeps fewer than \(Self.usualRanks) logits of each row \
        (--sketch-width)
        """)
    }
  }
}
