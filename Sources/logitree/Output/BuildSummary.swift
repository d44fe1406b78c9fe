import Hierarchy
import LogitStream
import Report
import Store

/// The results of a build, in a few lines or as JSON.
struct BuildSummary: RunSummary {
  private let store: String
  private let hierarchy: ClusterHierarchy
  private let manifest: Manifest
  private let support: SupportSummary

  init(store: String, _ stored: StoredHierarchy) {
    self.store = store
    hierarchy = stored.hierarchy
    manifest = stored.manifest
    support = SupportSummary(store: store, stored)
  }

  /// Clusters that no row was assigned to, though rows could have been.
  private var emptyClusters: [Int] {
    let excluded = Set(manifest.options.meaning.excludedColumns)
    return hierarchy.emptyClusters.filter { !excluded.contains($0) }
  }

  private var nearTies: Int { hierarchy.merges.count(where: \.isNearTie) }
  private func merges(_ evidence: Merge.Evidence) -> Int { hierarchy.merges.count { $0.evidence == evidence } }

  var warnings: [Message] {
    var warnings: [Message] = []
    let empty = emptyClusters
    if !empty.isEmpty {
      let names = empty.map { hierarchy.clusters[$0].name }
      warnings.append(
        """
        \(Text.count(empty.count, "cluster has", plural: "clusters have")) no rows and \
        \(empty.count == 1 ? "is" : "are") not in the tree: \(names: names)
        """)
    }
    if hierarchy.merges.isEmpty {
      warnings.append("all rows are assigned to one cluster, so the tree is a single leaf")
    }
    if let warning = SkippedRows.warning(manifest.skippedRows, unwritten: manifest.unwrittenRows) {
      warnings.append(warning)
    }
    if let warning = IrregularRows.warning(manifest.irregularRows, manifest.options.meaning.kind) {
      warnings.append(warning)
    }
    if let first = hierarchy.merges.first(where: { $0.evidence == .estimate }) {
      let estimates = Text.count(merges(.estimate), "merge is an estimate", plural: "merges are estimates")
      warnings.append("\(estimates), from step \(first.step) on, since \(reasonForEstimates)")
    }
    return warnings
  }

  private var reasonForEstimates: String {
    guard let kept = manifest.sources.compactMap({ $0.input.topK?.width }).min() else {
      return "rows that they need can't be read again"
    }
    return "only the \(kept) largest logits of each row are there"
  }

  /// What was built, in one line.
  var size: Message {
    """
    \(store): \(Text.count(manifest.rows, "row")), \(Text.count(hierarchy.clusters.count, "cluster")) \
    (\(emptyClusters.count) empty\(excludedText)), \(Text.count(hierarchy.merges.count, "merge")), \
    \(merges(.sketch)) by sketch and \(merges(.exact)) by exact evidence, \(Text.count(nearTies, "near tie"))
    """
  }

  var text: Message {
    let figures = manifest.figures
    return """
      \(size)\(words)
      \(Text.count(figures.passes, "pass", plural: "passes")) in \(Text.duration(figures.seconds)), \
      peak memory \(ByteCount(figures.peakMemoryBytes))
      """
  }

  /// What the words in ``size`` mean.
  private var words: Message {
    guard !hierarchy.merges.isEmpty else { return "" }
    let sketch = "by sketch: the largest logits of each row leave no other choice"
    let exact = merges(.exact) > 0 ? "; exact: all logits were read again" : ""
    return "\n\(sketch)\(exact)\(nearTies > 0 ? "; near tie: rounding might have chosen otherwise" : "")"
  }

  private var excludedText: Message {
    let excluded = manifest.options.meaning.excludedColumns
    guard !excluded.isEmpty else { return "" }
    return ", \(excluded.count) left out: \(names: excluded.map { hierarchy.clusters[$0].name })"
  }

  func json() throws -> String {
    struct Summary: Encodable {
      let store: String
      let rows: Int
      let skippedRows: Int
      let clusters: Int
      let emptyClusters: [Int]
      let excludedClusters: [Int]
      let merges: Int
      let sketchMerges: Int
      let exactMerges: Int
      let estimatedMerges: Int
      let nearTies: Int
      let sketchWidth: Int
      let passes: Int
      let seconds: Double
      let peakMemoryBytes: Int
      let irregularRows: Int
      let unwrittenRows: Int
      /// Left out if it is not known, as export leaves it out.
      let support: SupportSummary.Figures?
    }
    return try JSONText.of(
      Summary(
        store: store, rows: manifest.rows, skippedRows: manifest.skippedRows, clusters: hierarchy.clusters.count,
        emptyClusters: emptyClusters, excludedClusters: manifest.options.meaning.excludedColumns,
        merges: hierarchy.merges.count, sketchMerges: merges(.sketch),
        exactMerges: merges(.exact), estimatedMerges: merges(.estimate), nearTies: nearTies,
        sketchWidth: manifest.options.sketchWidth,
        passes: manifest.figures.passes, seconds: manifest.figures.seconds,
        peakMemoryBytes: manifest.figures.peakMemoryBytes, irregularRows: manifest.irregularRows,
        unwrittenRows: manifest.unwrittenRows, support: support.figures))
  }
}
