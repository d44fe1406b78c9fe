import Hierarchy
import Report
import Store

/// What support there is, in a few lines or as JSON.
struct SupportSummary: RunSummary {
  private let store: String
  private let hierarchy: ClusterHierarchy

  init(store: String, _ stored: StoredHierarchy) {
    self.store = store
    hierarchy = stored.hierarchy
  }

  /// The nodes that another tree could lack: all but the root, by their places among the merges.
  private var nodes: Range<Int> { hierarchy.merges.indices.dropLast() }

  var warnings: [Message] { [] }

  var text: Message {
    guard let support = hierarchy.support else { return "\(store): has no support" }
    let drawn: Message = support.blocks.map { "blocks of \($0)" } ?? "rows"
    guard !nodes.isEmpty else {
      return "\(store): \(Text.count(support.replicates, "replicate")) of \(drawn); the tree has no node but the root"
    }
    let strong = nodes.count { support.transfer[$0] >= 0.9 }
    let large = nodes.filter { hierarchy.merges[$0].clusters > 10 }
    let largeText: Message =
      large.isEmpty
      ? ""
      : """

      of \(Text.count(large.count, "node")) with more than ten clusters: median \(Self.median(large.map { support.transfer[$0] })), \
      come out again exactly in \(Self.percent(Self.mean(large.map { support.clade[$0] }))) of the trees
      """
    return """
      \(store): support of \(Text.count(nodes.count, "node")) from \(Text.count(support.replicates, "replicate")) of \(drawn), \
      seed \(support.seed): median \(Self.median(nodes.map { support.transfer[$0] })), \
      \(strong) at least 0.90; they come out again exactly in \(Self.percent(Self.mean(nodes.map { support.clade[$0] }))) of the trees\(largeText)
      merges of replicates that sketches left open: \(Text.grouped(support.estimatedMerges)) of \
      \(Text.grouped(support.replicates * hierarchy.merges.count)), taken on the best estimate
      """
  }

  func json() throws -> String {
    struct Summary: Encodable {
      let store: String
      let replicates: Int
      let seed: UInt64
      let blocks: String?
      let nodes: Int
      let medianTransferSupport: Double?
      let meanCladeSupport: Double?
      let estimatedMerges: Int
      let replicateMerges: Int
    }
    guard let support = hierarchy.support else { return "{}\n" }
    return try JSONText.of(
      Summary(
        store: store, replicates: support.replicates, seed: support.seed, blocks: support.blocks, nodes: nodes.count,
        medianTransferSupport: nodes.isEmpty ? nil : BranchSupport.median(nodes.map { support.transfer[$0] }),
        meanCladeSupport: nodes.isEmpty ? nil : Self.mean(nodes.map { support.clade[$0] }),
        estimatedMerges: support.estimatedMerges, replicateMerges: support.replicates * hierarchy.merges.count))
  }

  private static func median(_ values: [Double]) -> String { Text.fixed(BranchSupport.median(values), digits: 2) }

  private static func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }

  private static func percent(_ part: Double) -> String { "\(Text.fixed(100 * part, digits: 0)) %" }
}
