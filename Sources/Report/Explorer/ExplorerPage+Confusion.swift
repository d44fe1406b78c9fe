import Hierarchy
import Texts

extension ExplorerPage {
  /// What classes are confused with, and what groups might have been merged with.
  package struct Confusion: Sendable {
    /// By clusters.
    let classes: [ClassConfusion]
    /// Of merges, in the order of steps; some may be missing.
    let rivals: [MergeRivals]

    package init(classes: [ClassConfusion], rivals: [MergeRivals]) {
      self.classes = classes
      self.rivals = rivals
    }

    /// How many groups the page has of a merge, its partner among them.
    package static let mostRivals = 3
  }
}

/// ``ExplorerPage/Confusion`` as the page's script reads it: columns of numbers, so many for each class or merge, −1 where there
/// are fewer.
struct PageConfusion: Encodable {
  /// For each class, five others and their parts of what is lost, in thousandths: those that get most of what it loses.
  let getters: [Int]
  let getterShares: [Int]
  /// Those of which the greatest part of what they lose goes to it.
  let givers: [Int]
  let giverShares: [Int]
  /// For each merge, the groups that its lowest group might have been merged with, the one that gets most first, and what they
  /// get for each of their classes. Empty if nothing is known of any merge.
  let rivals: [Int]
  let rivalFigures: [Double]

  init(_ confusion: ExplorerPage.Confusion, of hierarchy: ClusterHierarchy) {
    func filled(_ numbers: [Int], _ count: Int) -> [Int] { numbers + repeatElement(-1, count: count - numbers.count) }
    func ids(_ others: [ClassConfusion.Other]) -> [Int] { filled(others.map(\.cluster), ClassConfusion.most) }
    func shares(_ others: [ClassConfusion.Other]) -> [Int] {
      filled(others.map { Int((1000 * $0.share).rounded()) }, ClassConfusion.most)
    }
    getters = confusion.classes.flatMap { ids($0.getters) }
    getterShares = confusion.classes.flatMap { shares($0.getters) }
    givers = confusion.classes.flatMap { ids($0.givers) }
    giverShares = confusion.classes.flatMap { shares($0.givers) }
    let known = Dictionary(uniqueKeysWithValues: confusion.rivals.map { ($0.node, $0.groups.dropFirst()) })
    let most = ExplorerPage.Confusion.mostRivals - 1
    let others = known.isEmpty ? [] : hierarchy.merges.map { known[$0.node, default: []].prefix(most) }
    rivals = others.flatMap { filled($0.map(\.node), most) }
    rivalFigures = others.flatMap { $0.map(\.reassigned.toSixDigits) + repeatElement(-1, count: most - $0.count) }
  }
}

/// The terms that fit merges' nodes best, as the page's script reads them: columns, of which a term's name is an index.
struct PageTerms: Encodable {
  let names: [String]
  /// For each merge, the index of its term in `names`, −1 for none; the clusters of the node under it; all clusters under it.
  let terms: [Int]
  let leaves: [Int]
  let sizes: [Int]

  /// nil without a taxonomy.
  init?(_ hierarchy: ClusterHierarchy) {
    guard !hierarchy.terms.isEmpty else { return nil }
    let found = hierarchy.merges.map { hierarchy.term(of: $0.node) }
    var numbers: [ByteText: Int] = [:]
    var names: [String] = []
    terms = found.map { term in
      guard let term else { return -1 }
      if let known = numbers[ByteText(term.term)] { return known }
      numbers[ByteText(term.term)] = names.count
      names.append(Text.shown(term.term))
      return names.count - 1
    }
    self.names = names
    leaves = found.map { $0?.leaves ?? 0 }
    sizes = found.map { $0?.termSize ?? 0 }
  }
}
