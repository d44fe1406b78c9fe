import Evaluation
import Report

/// Trees compared with a reference, or with each column of one.
struct Comparisons {
  /// A tree and a reference, compared.
  struct Entry {
    let tree: NamedTree
    let reference: NamedTree
    let comparison: TreeComparison
  }

  private let entries: [Entry]
  private let trees: [NamedTree]
  private let references: [NamedTree]

  /// Compares each of the trees with each of the references, on the leaves that all of them have.
  ///
  /// - Throws: ``EvaluationError`` if these are fewer than three.
  init(_ trees: [NamedTree], _ references: [NamedTree], top: Int) throws(EvaluationError) {
    var entries: [Entry] = []
    for reference in references {
      let matchings = trees.map { LeafMatching($0.tree.tree.leafNames, reference.tree.tree.leafNames) }
      for (tree, matching) in zip(trees, matchings) where matching.matches.count < 3 {
        throw Self.tooLittleInCommon(tree, reference, matching, isOnly: trees.count == 1)
      }
      let common = matchings.dropFirst().reduce(matchings[0].matches) { $0.intersection($1.matches) }
      for (tree, matching) in zip(trees, matchings) {
        let matching = trees.count == 1 ? matching : matching.restricted(to: common)
        guard let comparison = TreeComparison(tree.tree, reference.tree, matching: matching, top: top) else {
          throw .badData(
            reference.path, location: nil,
            reason: "has only \(common.count) of the clusters that all trees have, and it takes three to compare")
        }
        entries.append(Entry(tree: tree, reference: reference, comparison: comparison))
      }
    }
    self.entries = entries
    self.trees = trees
    self.references = references
  }

  private static func tooLittleInCommon(
    _ tree: NamedTree, _ reference: NamedTree, _ matching: LeafMatching, isOnly: Bool
  ) -> EvaluationError {
    func some(_ names: [String]) -> String { names.isEmpty ? "no others" : Text.list(names, most: 5) }
    let common = matching.matches.count
    let name = isOnly ? "the tree" : tree.path
    return .badData(
      reference.path, location: nil,
      reason: """
        has \(common == 0 ? "none" : "only \(common)") of \(isOnly ? "the tree's clusters" : "the clusters of \(name)"), \
        and it takes three to compare; \(name) has \(some(matching.onlyInFirst)), the reference \
        \(some(matching.onlyInSecond)); names must be the same
        """)
  }
}

extension LeafMatching {
  /// The positions in the second tree of leaves that both have.
  fileprivate var matches: Set<Int> { Set(counterparts.compactMap(\.self)) }
}

extension Comparisons {
  /// A table if there are several comparisons, and of one tree the comparisons in full.
  ///
  /// - Parameter width: The columns of the terminal, at least 60, that text may take, except for long names.
  func text(width: Int) -> String {
    let width = max(60, width)
    let table = entries.count > 1 ? [ComparisonTable(entries: entries).text] : []
    let reports = trees.count == 1 ? entries.map { ComparisonText($0, width: width).text() } : []
    return (table + reports).joined(separator: "\n")
  }

  func json() throws -> String {
    struct Report: Encodable {
      let tree: String
      let treeKind: ReferenceTree.Kind
      let treeColumn: String?
      /// The tree's name from when it could only be a store.
      let store: String?
      let reference: String
      let referenceKind: ReferenceTree.Kind
      let referenceColumn: String?
      let comparison: TreeComparison

      init(_ entry: Entry) {
        (tree, treeKind, treeColumn) = (entry.tree.path, entry.tree.tree.kind, entry.tree.tree.column)
        store = entry.tree.tree.kind == .store ? entry.tree.path : nil
        reference = entry.reference.path
        (referenceKind, referenceColumn) = (entry.reference.tree.kind, entry.reference.tree.column)
        comparison = entry.comparison
      }
    }
    struct Reports: Encodable { let comparisons: [Report] }
    let reports = entries.map(Report.init)
    return reports.count == 1 ? try JSONText.of(reports[0]) : try JSONText.of(Reports(comparisons: reports))
  }
}
