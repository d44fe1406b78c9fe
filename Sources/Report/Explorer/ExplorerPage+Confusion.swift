import Hierarchy

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

extension PageData {
  /// What classes are confused with, as columns that have `most` places for each class; −1 ends a list that is shorter.
  struct Confusion: Encodable {
    struct Lists: Encodable {
      let clusters: [Int]
      /// Parts of what the class, or the other one, loses.
      let shares: [Double]

      init(_ lists: [[ClassConfusion.Other]]) {
        clusters = lists.flatMap { filled($0.map(\.cluster), to: ClassConfusion.most, with: -1) }
        shares = lists.flatMap { filled($0.map { rounded($0.share) }, to: ClassConfusion.most, with: 0) }
      }
    }

    let most = ClassConfusion.most
    /// Those that get most of what a class loses.
    let getters: Lists
    /// Those of which the greatest part of what they lose goes to the class.
    let givers: Lists

    /// nil if nothing is known of them.
    init?(_ classes: [ClassConfusion]) {
      guard !classes.isEmpty else { return nil }
      getters = Lists(classes.map(\.getters))
      givers = Lists(classes.map(\.givers))
    }
  }

  /// The groups that merges' lowest groups might have been merged with, the partner first, as columns that have `most` places
  /// for each merge; −1 ends a list that is shorter.
  struct Rivals: Encodable {
    let most = ExplorerPage.Confusion.mostRivals
    let nodes: [Int]
    /// What they get for each of their clusters, and in all as a part of everything.
    let reassigned: [Double]
    let shares: [Double]

    /// nil if nothing is known of any.
    init?(_ rivals: [MergeRivals], of hierarchy: ClusterHierarchy) {
      guard !rivals.isEmpty else { return nil }
      let known = Dictionary(uniqueKeysWithValues: rivals.map { ($0.node, $0.groups) })
      let lists = hierarchy.merges.map { known[$0.node, default: []].prefix(ExplorerPage.Confusion.mostRivals) }
      let most = most
      nodes = lists.flatMap { filled($0.map(\.node), to: most, with: -1) }
      reassigned = lists.flatMap { filled($0.map(\.reassigned.toSixDigits), to: most, with: 0) }
      shares = lists.flatMap { filled($0.map { rounded($0.share) }, to: most, with: 0) }
    }
  }
}

private func filled<Number>(_ numbers: [Number], to count: Int, with last: Number) -> [Number] {
  numbers + repeatElement(last, count: count - numbers.count)
}

/// A share in thousandths.
private func rounded(_ share: Double) -> Double { (share * 1000).rounded() / 1000 }
