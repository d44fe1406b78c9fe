import Foundation
import Testing

@Suite("Merges equal those of the method's definition, computed in float64 and in memory", .byTurns)
struct OracleTests {
  @Test("On the language example, for each score", arguments: ["sum-of-means", "sum", "mean"])
  func languages(score: String) async throws {
    let workspace = try Workspace()
    let expected = try await workspace.python(
      file: "Tests/Oracle/oracle.py", Package.exampleLogits, "--score", score)

    for width in Self.widths {
      try await workspace.succeed(
        "build", Package.exampleLogits, "--names", Package.exampleNames, "--score", score, "-o", "languages.logitree",
        "--quiet", "--sketch-width", width)
      let found = try await StoreFacts("languages.logitree", in: workspace)
      #expect(try Comparison.of(found, with: MergeRow.table(expected.output), score: score) == .same, "width \(width)")
      if width == "0" { #expect(found.merges.allSatisfy { $0.evidence == "exact" }) }
      if width == "32" && score == "sum-of-means" { #expect(found.merges.allSatisfy { $0.evidence == "sketch" }) }
    }
  }

  /// Logits kept of a row: none, which computes everything exactly; few, so that much is left open; and the usual number.
  static let widths = ["0", "4", "32"]

  /// The widths that a case is built with: 0, and one of the others, in turn once all types have had one.
  private static func widths(_ index: Int) -> [String] {
    Package.runsLargeTests ? widths : [widths[0], widths[1 + index / 6 % 2]]
  }

  /// A case that make_cases.py wrote; it has more facts than these.
  struct Case: Sendable, Decodable {
    let name, file, dataset, expected, style, dtype, score, kind: String
    let n, k: Int
    let temperature: Double
  }

  @Test("On random cases of all types, layouts, kinds of numbers and styles of data")
  func cases() async throws {
    let environment = ProcessInfo.processInfo.environment
    let seed = environment["LOGITREE_SEED"] ?? "1"
    let count = environment["LOGITREE_CASES"] ?? (Package.runsLargeTests ? "200" : "12")
    print("random cases: LOGITREE_SEED=\(seed) LOGITREE_CASES=\(count)")
    let workspace = try Workspace()
    try await workspace.python(file: "Tests/Oracle/make_cases.py", ".", "--count", count, "--seed", seed)
    let cases = try JSONDecoder().decode([Case].self, from: Data(workspace.text("cases.json").utf8))
    try #require(String(cases.count) == count)

    let ends = try await withThrowingTaskGroup(of: String?.self) { group in
      for (index, one) in cases.enumerated() {
        group.addTask { try await compare(one, index, in: workspace, seed: seed) }
      }
      return try await group.reduce(into: [String]()) { ends, end in if let end { ends.append(end) } }
    }
    print("\(cases.count) cases, of which \(ends.count) end at a near tie: \(ends.sorted().joined(separator: ", "))")
    #expect(Double(ends.count) <= 0.03 * Double(cases.count), "too few cases are compared to their end")
  }

  /// Compares a case; returns where it ends, if that is at a near tie.
  private func compare(_ one: Case, _ index: Int, in workspace: Workspace, seed: String) async throws -> String? {
    let store = "\(one.name).logitree"
    let expected = try MergeRow.table(workspace.text(one.expected))
    var end: String?
    var exact: [MergeRow] = []
    for width in Self.widths(index) {
      try await workspace.succeed(
        "build", "\(one.file):\(one.dataset)", "-o", store, "--score", one.score, "--kind", one.kind,
        "--temperature", "\(one.temperature)", "--threads", "\(1 + index % 3)", "--sketch-width", width, "--allow-fill",
        "--quiet")
      let found = try await StoreFacts(store, in: workspace)
      #expect(found.clusters.count == one.k)
      switch Comparison.of(found, with: expected, score: one.score) {
      case .same: break
      case .sameUpToNearTie(let step): end = "\(one.name) (\(one.style)) at \(step) of \(expected.count)"
      case .different(let difference): Issue.record("seed \(seed), width \(width), \(one): \(difference)")
      }
      if width == "0" { exact = found.merges } else { compareEngines(found.merges, exact, "\(one), width \(width)") }
    }
    return end
  }

  /// Merges are the same to the bit with sketches and without; only the figures that sketches bound may be less.
  private func compareEngines(_ merges: [MergeRow], _ exact: [MergeRow], _ about: String) {
    #expect(merges.count == exact.count)
    for (mine, theirs) in zip(merges, exact) {
      var bounded = theirs
      bounded.evidence = mine.evidence
      if mine.evidence == "sketch" {
        let isBelow = mine.reassigned <= theirs.reassigned && mine.share <= theirs.share && mine.margin <= theirs.margin
        #expect(isBelow, "\(mine) is not below \(theirs): \(about)")
        bounded = MergeRow(
          step: theirs.step, lowest: theirs.lowest, partner: theirs.partner, node: theirs.node,
          clusters: theirs.clusters, samples: theirs.samples, score: theirs.score, gap: theirs.gap,
          reassigned: mine.reassigned, share: mine.share, margin: mine.margin, evidence: mine.evidence)
      }
      #expect(mine == bounded, "\(about)")
    }
  }
}
