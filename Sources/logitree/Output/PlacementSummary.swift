import LogitStream
import LogitsToHierarchy
import Report
import Store

/// The results of assigning rows, in a few lines or as JSON.
struct PlacementSummary: RunSummary {
  private let output: String
  private let rule: PlacementRule
  private let kind: LogitKind
  private let figures: Store.PlacementFigures
  /// How the confidence was found, if it was.
  private let calibration: Calibration?

  init(
    output: String, rule: PlacementRule, kind: LogitKind, _ figures: Store.PlacementFigures,
    _ calibration: Calibration? = nil
  ) {
    self.calibration = calibration
    self.kind = kind
    self.output = output
    self.rule = rule
    self.figures = figures
  }

  var warnings: [Message] {
    var warnings: [Message] = []
    if let warning = SkippedRows.warning(figures.skippedRows, unwritten: figures.unwrittenRows) {
      warnings.append(warning)
    }
    if case .groups = rule, figures.unplacedRows > 0 {
      let count = Text.count(figures.unplacedRows, "row has", plural: "rows have")
      warnings.append("\(count) no finite logit of a cluster in the tree, and so no group")
    }
    if let warning = IrregularRows.warning(figures.irregularRows, kind) { warnings.append(warning) }
    if calibration != nil, let depth, max(depth.belowRoot, depth.single) < 0.1 {
      warnings.append(
        """
        the promise holds hardly anywhere but at the root, above all clusters: \(Text.percent(1 - depth.belowRoot)) of rows \
        are there
        """)
    }
    return warnings
  }

  /// Parts of all rows that are valid, and means over those that were placed; nil if there are none, or rows are placed in
  /// groups.
  private var depth: (belowRoot: Double, single: Double, clusters: Double, edges: Double)? {
    let valid = figures.rows - figures.skippedRows
    let placed = valid - figures.unplacedRows
    guard rule.confidence != nil, placed > 0 else { return nil }
    let depth = figures.depth
    return (
      Double(depth.rowsBelowRoot) / Double(valid), Double(depth.leafRows) / Double(valid),
      Double(depth.clusters) / Double(placed), Double(depth.edges) / Double(placed)
    )
  }

  var text: Message {
    var target: String
    switch rule {
    case .groups(let count): target = "to \(Text.count(count, "group"))"
    case .confidence(let threshold), .confidenceFromRoot(let threshold):
      target = "to nodes with a probability of at least \(threshold)"
      if figures.unplacedRows > 0 { target += ", \(Text.grouped(figures.unplacedRows)) of them to none" }
    }
    let resumed = figures.resumedRows > 0 ? " (\(Text.grouped(figures.resumedRows)) by an earlier run)" : ""
    return """
      \(output): \(Text.count(figures.rows, "row"))\(resumed), \(target), in \(Text.duration(figures.seconds)), \
      peak memory \(ByteCount(figures.peakMemoryBytes))\(calibrationText)\(depthText)
      """
  }

  private var calibrationText: Message {
    guard let calibration else { return "" }
    let promise = calibration.promise
    func rows(_ rows: Int, _ noun: String, _ blocks: Int?) -> String {
      Text.count(rows, noun) + (blocks.map { " of \(Text.count($0, "block"))" } ?? "")
    }
    let others = calibration.accuracyOfOthers.map { accuracy in
      "; of \(rows(calibration.otherRows, "other", calibration.blocks?.others)) \(Text.percent(accuracy)) are right"
    }
    return """

      accuracy \(promise.accuracy) with certainty \(promise.certainty): confidence \(calibration.confidence), found on \
      \(rows(calibration.rows, "labelled row", calibration.blocks?.chosen)), \(Text.grouped(calibration.wrong)) of them \
      wrong\(others ?? "")
      """
  }

  private var depthText: Message {
    guard let depth else { return "" }
    return """

      \(Text.percent(depth.belowRoot)) of rows below the root, \(Text.percent(depth.single)) at a single cluster; on average \
      \(Text.number(depth.clusters)) clusters in a node, \(Text.number(depth.edges)) edges below the root
      """
  }

  func json() throws -> String {
    struct Summary: Encodable {
      let output: String
      let rows: Int
      let resumedRows: Int
      let skippedRows: Int
      let unassignedRows: Int
      var groups: Int?
      var confidence: Double?
      let seconds: Double
      let peakMemoryBytes: Int
      let irregularRows: Int
      let unwrittenRows: Int
      /// Of the rows that were placed, with nodes.
      var coverage: Double?
      var singleClusterShare: Double?
      var meanClusters: Double?
      var meanDepth: Double?
      /// With a promise.
      var accuracy: Double?
      var certainty: Double?
      var calibrationRows: Int?
      var calibrationWrong: Int?
      var testRows: Int?
      var testWrong: Int?
      var testAccuracy: Double?
      var calibrationBlocks: Int?
      var testBlocks: Int?
    }
    var summary = Summary(
      output: output, rows: figures.rows, resumedRows: figures.resumedRows, skippedRows: figures.skippedRows,
      unassignedRows: figures.unplacedRows, seconds: figures.seconds, peakMemoryBytes: figures.peakMemoryBytes,
      irregularRows: figures.irregularRows, unwrittenRows: figures.unwrittenRows)
    switch rule {
    case .groups(let count): summary.groups = count
    case .confidence, .confidenceFromRoot: summary.confidence = rule.confidence
    }
    summary.coverage = depth?.belowRoot
    summary.singleClusterShare = depth?.single
    summary.meanClusters = depth?.clusters
    summary.meanDepth = depth?.edges
    summary.accuracy = calibration?.promise.accuracy
    summary.certainty = calibration?.promise.certainty
    summary.calibrationRows = calibration?.rows
    summary.calibrationWrong = calibration?.wrong
    summary.testRows = calibration?.otherRows
    summary.testWrong = calibration?.otherWrong
    summary.testAccuracy = calibration?.accuracyOfOthers
    summary.calibrationBlocks = calibration?.blocks?.chosen
    summary.testBlocks = calibration?.blocks?.others
    return try JSONText.of(summary)
  }
}
