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

  init(output: String, rule: PlacementRule, kind: LogitKind, _ figures: Store.PlacementFigures) {
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
    return warnings
  }

  var text: Message {
    var target: String
    switch rule {
    case .groups(let count): target = "to \(Text.count(count, "group"))"
    case .confidence(let threshold):
      target = "to nodes with a probability of at least \(threshold)"
      if figures.unplacedRows > 0 { target += ", \(Text.grouped(figures.unplacedRows)) of them to none" }
    }
    let resumed = figures.resumedRows > 0 ? " (\(Text.grouped(figures.resumedRows)) by an earlier run)" : ""
    return """
      \(output): \(Text.count(figures.rows, "row"))\(resumed), \(target), in \(Text.duration(figures.seconds)), \
      peak memory \(ByteCount(figures.peakMemoryBytes))
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
    }
    var summary = Summary(
      output: output, rows: figures.rows, resumedRows: figures.resumedRows, skippedRows: figures.skippedRows,
      unassignedRows: figures.unplacedRows, seconds: figures.seconds, peakMemoryBytes: figures.peakMemoryBytes,
      irregularRows: figures.irregularRows, unwrittenRows: figures.unwrittenRows)
    switch rule {
    case .groups(let count): summary.groups = count
    case .confidence(let threshold): summary.confidence = threshold
    }
    return try JSONText.of(summary)
  }
}
