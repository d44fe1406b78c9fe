import Hierarchy
import Texts

extension PageData {
  /// What a taxonomy calls the merges' nodes, as columns.
  struct Terms: Encodable {
    /// The terms that are some node's, and the leaves of the tree that each has.
    let names: [String]
    let totals: [Int]
    /// For each merge, the index of its node's term, or −1; and how many of the node's leaves are under it.
    let index: [Int]
    let leaves: [Int]

    /// nil without a taxonomy.
    init?(_ hierarchy: ClusterHierarchy) {
      guard !hierarchy.terms.isEmpty else { return nil }
      struct Key: Hashable {
        let name: ByteText
        let total: Int
      }
      var places: [Key: Int] = [:]
      var (names, totals): ([String], [Int]) = ([], [])
      let terms = hierarchy.merges.map { hierarchy.term(of: $0.node) }
      index = terms.map { term in
        guard let term else { return -1 }
        let key = Key(name: ByteText(term.term), total: term.termSize)
        if let place = places[key] { return place }
        places[key] = names.count
        names.append(Text.shown(term.term))
        totals.append(term.termSize)
        return names.count - 1
      }
      leaves = terms.map { $0?.leaves ?? 0 }
      self.names = names
      self.totals = totals
    }
  }

  /// What is known of clusters besides the tree: labels and for each cluster the index of its own, or −1; or numbers.
  struct Annotation: Encodable {
    let name: String
    var labels: [String]?
    var values: [Int]?
    var numbers: [Double?]?
    /// Whether numbers are bars; nil of labels.
    var isBar: Bool?

    init(_ annotation: ClusterAnnotation, as form: NumberForm) {
      name = Text.shown(annotation.name)
      switch annotation.values {
      case .categories(let names, let ofCluster):
        labels = names.map(Text.shown)
        values = ofCluster.map { $0 ?? -1 }
      case .numbers(let numbers):
        self.numbers = numbers.map { $0?.toSixDigits }
        isBar = form == .bars
      }
    }
  }

  /// The curve of levels as the slider shows it, and the levels that stand out.
  struct LevelCurve: Encodable {
    struct Recommended: Encodable {
      let groups: Int
      let reason: String
    }

    let groups: [Int]
    /// The part of the doubt that is inside so many groups, 0...1.
    let inside: [Double]
    let recommended: [Recommended]

    /// As many levels as can be seen: each has a hundredth more groups than the one before, or is the last.
    init(_ levels: Levels) {
      var shown: [Levels.Level] = []
      for level in levels.all.sorted(by: { $0.groups < $1.groups }) {
        guard let last = shown.last else {
          shown.append(level)
          continue
        }
        if level.groups * 100 >= last.groups * 101 || level.groups == levels.all.count + 1 { shown.append(level) }
      }
      groups = shown.map(\.groups)
      inside = shown.map { ($0.inside * 10_000).rounded() / 10_000 }
      recommended = levels.recommended.compactMap(levels.level).map {
        Recommended(groups: $0.groups, reason: $0.reason)
      }
    }
  }

  /// Another tree.
  struct Beside: Encodable {
    let store: String
    let names: [String]
    let samples: [Int]
    let lowest: [Int]
    let partner: [Int]

    init(_ beside: ExplorerPage.Beside) {
      let (clusters, merges) = (beside.hierarchy.clusters, beside.hierarchy.merges)
      store = Text.visible(beside.store)
      names = clusters.map { Text.shown($0.name) }
      samples = clusters.map(\.samples)
      lowest = merges.map(\.lowest)
      partner = merges.map(\.partner)
    }
  }
}
