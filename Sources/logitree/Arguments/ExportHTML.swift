import ArgumentParser
import Evaluation
import FoundationEssentials
import Report
import Store

/// The options of `export --format html` alone.
struct HTMLOptions: ParsableArguments {
  @Flag(help: "Leave out the affinity matrix, for a smaller file.")
  var noMatrix = false

  @OptionGroup var labelOptions: LabelOptions

  /// The names of the options that were given.
  var given: [String] { (noMatrix ? ["--no-matrix"] : []) + (labelOptions.labels == nil ? [] : ["--labels"]) }

  /// The bytes of the page to explore a store in.
  func page(of store: Store, at path: String) throws -> [UInt8] {
    let stored = try store.read()
    let manifest = stored.manifest
    var affinity: AffinityMap?
    if !noMatrix {
      let blocks = LeafBlocks(stored.hierarchy)
      affinity = AffinityMap(
        size: blocks.count,
        values: try store.meanAffinity(of: stored, blockOfCluster: blocks.blockOfCluster, count: blocks.count))
    }
    let results = try labelOptions.evaluate(stored, of: store)
    results?.warnings.forEach(Console.warning)
    let page = ExplorerPage(
      stored.hierarchy,
      run: .init(
        store: URL(fileURLWithPath: path).lastPathComponent, rows: manifest.rows, skippedRows: manifest.skippedRows,
        score: manifest.options.aggregation.rawValue),
      affinity: affinity, figures: results?.evaluations.map(ExplorerPage.Figures.init) ?? [])
    return Array(try page.html().utf8)
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
