import Evaluation
import FoundationEssentials
import Hierarchy
import LogitsToHierarchy
import Report
import Store
import Texts

extension ExplorerPage {
  /// The page to explore the store at `path` in. Prints warnings about labels.
  init(
    of store: Store, at path: String, _ options: HTMLOptions, _ taxonomy: TaxonomyOptions, labels: LabelOptions,
    strips: StripOptions, heights: HeightScale, output: String?
  ) throws {
    let stored = try store.read()
    let manifest = stored.manifest
    let affinity = options.noMatrix ? nil : try AffinityMap(of: store, stored)
    let results = try labels.sources(for: stored).map {
      try LabelResults(evaluating: stored, of: store, by: $0)
    }
    results?.tell()
    let text = try taxonomy.text(of: stored, in: store)
    self.init(
      try taxonomy.named(stored, by: text),
      run: .init(
        store: path.absolutePath.lastPathComponent, rows: manifest.rows, skippedRows: manifest.skippedRows,
        score: manifest.options.aggregation.rawValue),
      affinity: affinity, figures: results?.evaluations.map(Figures.init) ?? [], heights: heights,
      levels: try Levels(of: store, stored),
      annotations: try strips.read(
        for: stored.hierarchy, labelling: results?.evaluations[0].labelling, taxonomy: text),
      numberForm: strips.numberForm ?? .colours,
      confusion: try Confusion(of: store, stored),
      strange: try Self.strange(in: stored.hierarchy, by: text),
      beside: try options.readBeside(stored, output: output))
  }
}

extension ExplorerPage {
  /// How many strange clusters are listed.
  private static let mostStrange = 10

  private static func strange(
    in hierarchy: ClusterHierarchy, by taxonomy: TaxonomyText?
  ) throws -> [StrangeCluster] {
    guard let taxonomy else { return [] }
    return try StrangeClusters(in: hierarchy, by: taxonomy, top: mostStrange).entries.map {
      StrangeCluster(cluster: $0.cluster, group: $0.group, strangeness: $0.strangeness)
    }
  }
}

extension ExplorerPage.Confusion {
  fileprivate init(of store: Store, _ stored: StoredHierarchy) throws {
    Interruption.watch()
    let rivals = try store.rivals(
      of: stored.hierarchy.merges, most: Self.mostRivals, in: stored,
      resources: RunResources(memory: RunResources().memory, threads: RunOptions.cores),
      observer: ProgressReporter(isQuiet: true))
    self.init(classes: try store.confusions(of: stored), rivals: rivals)
  }
}

extension Levels {
  /// What there is to show of levels; nil if the tree has none, or if the store has no sketches to learn it from, and its rows
  /// can't be read again.
  fileprivate init?(of store: Store, _ stored: StoredHierarchy) throws {
    guard !stored.hierarchy.merges.isEmpty else { return nil }
    Interruption.watch()
    do {
      self = try store.levels(
        of: stored, resources: RunResources(memory: RunResources().memory, threads: RunOptions.cores),
        observer: ProgressReporter(isQuiet: true))
    } catch StoreError.noSketches {
      return nil
    }
  }
}

extension AffinityMap {
  fileprivate init(of store: Store, _ stored: StoredHierarchy) throws {
    let bands = LeafBands(stored.hierarchy)
    self.init(
      size: bands.count,
      values: try store.meanAffinity(of: stored, bandOfCluster: bands.bandOfCluster, count: bands.count))
  }
}

extension ExplorerPage.Figures {
  /// The results of an evaluation by labels.
  fileprivate init(_ evaluation: LabelEvaluation) {
    let labels = evaluation.labelling.labels
    self.init(
      name: evaluation.labelling.name,
      figures: EvaluationMeasure.allCases.filter { $0.isShown(for: [evaluation]) }.map { measure in
        Figure(name: measure.name, value: measure.value(of: evaluation), explanation: measure.meaning)
      },
      purity: evaluation.purity, majority: evaluation.majority.map { $0.map { labels[$0] } })
  }
}
