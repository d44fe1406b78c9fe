import FoundationEssentials
import Hierarchy
import Texts

extension ExplorerPage {
  /// The data of the page as JSON that can stand in a script element. It has no `<`, which could end the element, and
  /// no line ends that JavaScript knows and JSON does not.
  package func json() throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let text = String(decoding: try encoder.encode(PageData(self)), as: UTF8.self)
    var safe = ""
    safe.reserveCapacity(text.utf8.count)
    for scalar in text.unicodeScalars {
      switch scalar {
      case "<": safe += "\\u003c"
      case "\u{2028}": safe += "\\u2028"
      case "\u{2029}": safe += "\\u2029"
      default: safe.unicodeScalars.append(scalar)
      }
    }
    return safe
  }
}

/// The data that the page's script reads. Clusters and merges are columns, which take less room than records. Names are as
/// they are shown.
struct PageData: Encodable {
  struct Clusters: Encodable {
    let names: [String]
    let samples: [Int]
    let probability: [Double?]
  }

  struct Merges: Encodable {
    let lowest: [Int]
    let partner: [Int]
    let score: [Double]
    let gap: [Double]
    let reassigned: [Double]
    let share: [Double]
    let margin: [Double]
    /// A letter for each merge.
    let evidence: String
    /// The steps of the merges that are near ties.
    let nearTies: [Int]
    /// A digit for each merge: the index of its opacity in the palette.
    let strength: String
    /// The most typical members of each merge's node, three for each; −1 where there are but two.
    let typical: [Int]
  }

  /// Support of the merges' nodes, as columns: rounded as in other pictures.
  struct Support: Encodable {
    let replicates: Int
    let drawn: String
    let percent: [Int]
    let cladePerMille: [Int]
    /// A digit for each merge: the index of its class in the palette.
    let classes: String
    let marginErrors: [Double?]

    init(_ support: BranchSupport) {
      replicates = support.replicates
      drawn = support.drawn
      percent = support.transfer.indices.map(support.percent(ofMerge:))
      cladePerMille = support.clade.indices.map(support.cladePerMille(ofMerge:))
      classes = percent.map { "\(SupportClass(percent: $0).rawValue)" }.joined()
      marginErrors = support.marginErrors.map { $0?.toSixDigits }
    }
  }

  /// The heights of the merges' nodes on a scale other than that of steps.
  struct Heights: Encodable {
    let name: String
    let values: [Double]
  }

  struct Colours: Encodable {
    let colours = Palette.colours
    let neutral = Palette.neutral
    /// The colours of categories, the most frequent first, and that of all others.
    let categories = Palette.categoryColours
    let other = Palette.otherColour
    /// The opacities of branches, the weakest first.
    let opacities = BranchStrength.allCases.map(\.opacity)
    /// The colours of branches by support, the lowest first.
    let support = SupportClass.allCases.map {
      SupportColour(name: $0.name, colour: $0.colour, colourOnBlack: $0.colourOnBlack)
    }
  }

  struct SupportColour: Encodable {
    let name: String
    let colour: String
    let colourOnBlack: String
  }

  struct Labelling: Encodable {
    let name: String
    let figures: [ExplorerPage.Figures.Figure]
    let purity: [Double?]
    let labels: [String]
    /// For each node, the index of the majority label in `labels`, or −1.
    let majority: [Int]
  }

  let run: ExplorerPage.Run
  let clusters: Clusters
  let merges: Merges
  let palette = Colours()
  let affinity: AffinityMap?
  let labellings: [Labelling]
  let support: Support?
  let heights: Heights?
  let confusion: Confusion?
  let rivals: Rivals?
  let terms: Terms?
  let annotations: [Annotation]
  let levels: LevelCurve?
  let beside: Beside?
  let strange: [ExplorerPage.StrangeCluster]

  init(_ page: ExplorerPage) {
    let (clusters, merges) = (page.hierarchy.clusters, page.hierarchy.merges)
    run = page.run
    affinity = page.affinity
    labellings = page.figures.map(Labelling.init)
    support = page.hierarchy.support.map(Support.init)
    heights =
      page.heights == .step
      ? nil
      : Heights(
        name: page.heights.rawValue,
        values: page.hierarchy.heights(page.heights).dropFirst(clusters.count).map(\.toSixDigits))
    confusion = page.confusion.flatMap { Confusion($0.classes) }
    rivals = page.confusion.flatMap { Rivals($0.rivals, of: page.hierarchy) }
    terms = Terms(page.hierarchy)
    annotations = page.annotations.map { Annotation($0, as: page.numberForm) }
    levels = page.levels.map(LevelCurve.init)
    beside = page.beside.map(Beside.init)
    strange = page.strange
    self.clusters = Clusters(
      names: clusters.map { Text.shown($0.name) }, samples: clusters.map(\.samples),
      probability: clusters.map { $0.meanProbability?.toSixDigits })
    let typical = page.hierarchy.typicalOfNodes
    func rounded(_ figure: KeyPath<Merge, Double>) -> [Double] { merges.map { $0[keyPath: figure].toSixDigits } }
    self.merges = Merges(
      lowest: merges.map(\.lowest), partner: merges.map(\.partner), score: rounded(\.score), gap: rounded(\.gap),
      reassigned: rounded(\.reassigned), share: rounded(\.share), margin: rounded(\.margin),
      evidence: String(merges.map { Self.letter($0.evidence) }),
      nearTies: merges.filter(\.isNearTie).map(\.step),
      strength: merges.map { "\(BranchStrength(share: $0.share).rawValue)" }.joined(),
      typical: merges.flatMap { merge in
        let members = typical[merge.node]
        return members + repeatElement(-1, count: TypicalMembers.most - members.count)
      })
  }

  private static func letter(_ evidence: Merge.Evidence) -> Character {
    switch evidence {
    case .sketch: "s"
    case .exact: "e"
    case .estimate: "g"
    }
  }
}

extension PageData.Labelling {
  fileprivate init(_ figures: ExplorerPage.Figures) {
    let labels = Set(figures.majority.compactMap { $0.map { ByteText($0) } }).sorted()
    let positions = Dictionary(uniqueKeysWithValues: zip(labels, labels.indices))
    self.init(
      name: Text.visible(figures.name), figures: figures.figures, purity: figures.purity.map { $0?.toSixDigits },
      labels: labels.map { Text.shown($0.string) },
      majority: figures.majority.map { $0.flatMap { positions[ByteText($0)] } ?? -1 })
  }
}

extension Double {
  /// The nearest number with six significant digits. More digits would take room and are not shown.
  var toSixDigits: Double { Double(Text.significant(self, digits: 6)) ?? self }
}
