import Foundation
import Testing

/// A line of a CSV file of merges, the program's or the oracle's.
struct MergeRow: Sendable, Equatable {
  let step, lowest, partner, node, clusters, samples: Int
  let score, gap, reassigned, share, margin: Double
  /// Empty in the oracle's tables, which are exact.
  var evidence = ""

  static let columns = [
    "step", "lowest", "partner", "node", "clusters", "samples", "score", "gap", "reassigned", "share", "margin",
  ]

  /// The rows of a table whose first columns are ``columns``.
  static func table(_ csv: String) throws -> [MergeRow] {
    let lines = csv.split(separator: "\n").map { $0.split(separator: ",").map(String.init) }
    let header = try #require(lines.first)
    try #require(Array(header.prefix(columns.count)) == columns)
    return try lines.dropFirst().map { fields in
      let integers = try fields.prefix(6).map { try #require(Int($0)) }
      let numbers = try fields.dropFirst(6).prefix(5).map { try #require(Double($0)) }
      try #require(integers.count == 6 && numbers.count == 5)
      return MergeRow(
        step: integers[0], lowest: integers[1], partner: integers[2], node: integers[3], clusters: integers[4],
        samples: integers[5], score: numbers[0], gap: numbers[1], reassigned: numbers[2], share: numbers[3],
        margin: numbers[4], evidence: fields.count > columns.count ? fields[columns.count] : "")
    }
  }

  static func table(_ csv: Data) throws -> [MergeRow] { try table(String(decoding: csv, as: UTF8.self)) }
}

/// What a store says of a hierarchy besides the merges' table.
struct StoreFacts: Sendable {
  struct Cluster: Sendable, Decodable {
    let samples: Int
    let meanProbability: Double?

    /// What the mean probability lacks to 1.
    var missing: Double { 1 - (meanProbability ?? 1) }
  }

  let merges: [MergeRow]
  let clusters: [Cluster]
  /// For each merge, whether the program flags it as a near tie.
  let nearTies: [Bool]
  /// The inputs, in order.
  let files: [String]

  /// The facts of the first merges, up to one that is an estimate.
  var certified: StoreFacts { StoreFacts(self, upTo: merges.firstIndex { $0.evidence == "estimate" } ?? merges.count) }

  private init(_ whole: StoreFacts, upTo end: Int) {
    merges = Array(whole.merges[..<end])
    clusters = whole.clusters
    nearTies = Array(whole.nearTies[..<end])
    files = whole.files
  }

  init(_ store: String, in workspace: Workspace) async throws {
    struct Manifest: Decodable {
      struct Content: Decodable {
        struct Source: Decodable {
          struct Input: Decodable { let file: String }
          let input: Input
        }
        struct Merge: Decodable { let isNearTie: Bool }
        struct Hierarchy: Decodable {
          let clusters: [Cluster]
          let merges: [Merge]
        }
        let sources: [Source]
        let hierarchy: Hierarchy
      }
      let content: Content
    }
    let data = try Data(contentsOf: workspace.url.appending(path: store).appending(path: "manifest.json"))
    let content = try JSONDecoder().decode(Manifest.self, from: data).content
    clusters = content.hierarchy.clusters
    nearTies = content.hierarchy.merges.map(\.isNearTie)
    files = content.sources.map { URL(fileURLWithPath: $0.input.file).lastPathComponent }
    merges = try await MergeRow.table(workspace.succeed("export", store, "--format", "merges"))
  }
}
