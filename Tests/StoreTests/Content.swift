import Hierarchy
import Store

extension StoredHierarchy {
  /// A small content to be stored; `rows` tells several apart.
  static func example(rows: Int = 100) throws -> StoredHierarchy {
    StoredHierarchy(
      sources: [.init(file: "/data/logits \"1\".h5", dataset: "/logits", type: "float32", rows: rows)],
      options: .init(kind: "logits", temperature: 1.5, score: "sum-of-means", onInvalid: "fail"),
      figures: .init(skippedRows: 3, passes: 2, seconds: 0.1, peakMemoryBytes: 1 << 20),
      hierarchy: try ClusterHierarchy(
        clusters: [
          .init(name: "a/b", samples: 60, meanProbability: 1.0 / 3),
          .init(name: "empty", samples: 0, meanProbability: nil),
          .init(name: "\u{1F600}", samples: 40, meanProbability: 1),
        ],
        merges: [
          Merge(
            step: 1, lowest: 0, partner: 2, node: 3, clusters: 2, samples: 100, score: 0.1 + 0.2,
            gap: .leastNonzeroMagnitude,
            reassigned: 1e300, share: 1, margin: 1, evidence: .exact, isNearTie: true)
        ]))
  }
}
