import Foundation
import Hierarchy
import LogitStream
import Store

/// What was built, in a few lines or as JSON.
struct BuildSummary {
  private let store: String
  private let content: StoredHierarchy

  init(store: String, _ content: StoredHierarchy) {
    self.store = store
    self.content = content
  }

  private var hierarchy: ClusterHierarchy { content.hierarchy }
  private var rows: Int { content.sources.reduce(0) { $0 + $1.rows } }
  private var nearTies: Int { hierarchy.merges.count(where: \.isNearTie) }

  /// What about the result is likely not to be what was wanted.
  var warnings: [String] {
    var warnings: [String] = []
    let empty = hierarchy.emptyClusters
    if !empty.isEmpty {
      let some = empty.prefix(10).map { hierarchy.clusters[$0].name }.joined(separator: ", ")
      warnings.append(
        "\(Text.count(empty.count, "cluster has", plural: "clusters have")) no rows and "
          + "\(empty.count == 1 ? "is" : "are") not in the tree: \(some)" + (empty.count > 10 ? ", …" : ""))
    }
    if hierarchy.merges.isEmpty {
      warnings.append("all rows are assigned to one cluster, so the tree is a single leaf")
    }
    let skipped = content.figures.skippedRows
    if skipped > 0 {
      warnings.append("\(Text.count(skipped, "invalid row was", plural: "invalid rows were")) left out")
    }
    return warnings
  }

  var text: String {
    let figures = content.figures
    return """
      \(store): \(Text.count(rows, "row")), \(Text.count(hierarchy.clusters.count, "cluster")) \
      (\(hierarchy.emptyClusters.count) empty), \(Text.count(hierarchy.merges.count, "merge")), \
      \(Text.count(nearTies, "near tie"))
      \(Text.count(figures.passes, "pass", plural: "passes")) in \(Text.duration(figures.seconds)), \
      peak memory \(ByteCount(figures.peakMemoryBytes))
      """
  }

  func json() throws -> String {
    struct Summary: Encodable {
      let store: String
      let rows: Int
      let skippedRows: Int
      let clusters: Int
      let emptyClusters: [Int]
      let merges: Int
      let nearTies: Int
      let passes: Int
      let seconds: Double
      let peakMemoryBytes: Int
    }
    let encoder = JSONEncoder()
    encoder.keyEncodingStrategy = .convertToSnakeCase
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    let data = try encoder.encode(
      Summary(
        store: store, rows: rows, skippedRows: content.figures.skippedRows, clusters: hierarchy.clusters.count,
        emptyClusters: hierarchy.emptyClusters, merges: hierarchy.merges.count, nearTies: nearTies,
        passes: content.figures.passes, seconds: content.figures.seconds,
        peakMemoryBytes: content.figures.peakMemoryBytes))
    return String(decoding: data, as: UTF8.self) + "\n"
  }
}
