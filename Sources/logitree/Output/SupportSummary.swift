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

  /// The merges of all replicates together.
  private func replicateMerges(_ support: BranchSupport) -> Int { support.replicates * hierarchy.merges.count }

  var warnings: [Message] {
    guard let support = hierarchy.support, !nodes.isEmpty else { return [] }
    var warnings: [Message] = []
    let clusters = hierarchy.leaves.count
    let indivisible = support.indivisibleClusters
    if 10 * indivisible > clusters {
      let reason = support.blocks == nil ? "there is only one row, or all rows are equal" : "all rows are of one block"
      warnings.append(
        """
        in \(Text.grouped(indivisible)) of \(Text.count(clusters, "cluster")) \(reason); nothing tells how others \
        would differ, so the support of nodes with these may be too high
        """)
    }
    if 20 * support.estimatedMerges > replicateMerges(support) {
      warnings.append(
        """
        sketches left many merges of replicates open, which were taken on the best estimate; a store that is built with a \
        larger --sketch-width decides more of them
        """)
    }
    return warnings
  }

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
      \(Text.grouped(replicateMerges(support))), taken on the best estimate\(keptText(support))
      """
  }

  private func keptText(_ support: BranchSupport) -> Message {
    let kept = support.keptClusters
    guard kept > 0 else { return "" }
    let mean = Double(kept) / Double(support.replicates)
    return """

      of the \(Text.count(hierarchy.leaves.count, "cluster")), \(Text.fixed(mean, digits: 1)) on average would have had no row in a replicate, and \
      kept all of theirs
      """
  }

  /// What JSON has of support.
  struct Figures: Encodable {
    let replicates: Int
    let seed: UInt64
    let blocks: Nullable<String>
    let nodes: Int
    let medianTransferSupport: Nullable<Double>
    let meanCladeSupport: Nullable<Double>
    let estimatedMerges: Int
    let replicateMerges: Int
    let keptClusters: Int
    let indivisibleClusters: Int
  }

  /// Nil if no support is known.
  var figures: Figures? {
    hierarchy.support.map { support in
      Figures(
        replicates: support.replicates, seed: support.seed, blocks: Nullable(support.blocks), nodes: nodes.count,
        medianTransferSupport: Nullable(
          nodes.isEmpty ? nil : BranchSupport.median(nodes.map { support.transfer[$0] })),
        meanCladeSupport: Nullable(nodes.isEmpty ? nil : Self.mean(nodes.map { support.clade[$0] })),
        estimatedMerges: support.estimatedMerges, replicateMerges: replicateMerges(support),
        keptClusters: support.keptClusters, indivisibleClusters: support.indivisibleClusters)
    }
  }

  func json() throws -> String {
    struct Summary: Encodable {
      let store: String
      let figures: Figures?
      let peakMemoryBytes = ProcessMemory.peak

      enum CodingKeys: CodingKey { case store, peakMemoryBytes }

      func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(store, forKey: .store)
        try container.encode(peakMemoryBytes, forKey: .peakMemoryBytes)
        try figures?.encode(to: encoder)
      }
    }
    return try JSONText.of(Summary(store: store, figures: figures))
  }

  private static func median(_ values: [Double]) -> String { Text.fixed(BranchSupport.median(values), digits: 2) }

  private static func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }

  private static func percent(_ part: Double) -> String { "\(Text.fixed(100 * part, digits: 0)) %" }
}
