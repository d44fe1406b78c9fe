import Foundation
import Testing

@Suite("Merges equal those of the method's definition, computed in float64 and in memory")
struct OracleTests {
  @Test("On the language example, for each score", arguments: ["sum-of-means", "sum", "mean"])
  func languages(score: String) throws {
    let workspace = try Workspace()
    let expected = try Command(
      Package.python(), [Package.path("Tests/Oracle/oracle.py"), Package.exampleLogits, "--score", score],
      in: workspace.url
    ).finish()
    try #require(expected.status == 0, "\(expected.errors)")

    try workspace.succeed(
      "build", Package.exampleLogits, "--names", Package.exampleNames, "--score", score, "-o", "languages.logitree",
      "--quiet")
    let found = try StoreFacts("languages.logitree", in: workspace)
    #expect(try Comparison.of(found, with: MergeRow.table(expected.output), score: score) == .same)
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
    let count = environment["LOGITREE_CASES"] ?? "200"
    print("random cases: LOGITREE_SEED=\(seed) LOGITREE_CASES=\(count)")
    let workspace = try Workspace()
    let made = try Command(
      Package.python(), ["-B", Package.path("Tests/Oracle/make_cases.py"), ".", "--count", count, "--seed", seed],
      in: workspace.url
    ).finish()
    try #require(made.status == 0, "\(made.errors)")
    let cases = try JSONDecoder().decode([Case].self, from: Data(workspace.text("cases.json").utf8))
    try #require(String(cases.count) == count)

    let ends = try await withThrowingTaskGroup(of: String?.self) { group in
      for (index, one) in cases.enumerated() {
        group.addTask { try compare(one, in: workspace, threads: 1 + index % 3, seed: seed) }
      }
      return try await group.reduce(into: [String]()) { ends, end in if let end { ends.append(end) } }
    }
    print("\(cases.count) cases, of which \(ends.count) end at a near tie: \(ends.sorted().joined(separator: ", "))")
    #expect(Double(ends.count) <= 0.03 * Double(cases.count), "too few cases are compared to their end")
  }

  /// Compares a case; returns where it ends, if that is at a near tie.
  private func compare(_ one: Case, in workspace: Workspace, threads: Int, seed: String) throws -> String? {
    let store = "\(one.name).logitree"
    try workspace.succeed(
      "build", "\(one.file):\(one.dataset)", "-o", store, "--score", one.score, "--kind", one.kind,
      "--temperature", "\(one.temperature)", "--threads", "\(threads)", "--quiet")
    let found = try StoreFacts(store, in: workspace)
    let expected = try MergeRow.table(workspace.text(one.expected))
    #expect(found.clusters.count == one.k)
    switch Comparison.of(found, with: expected, score: one.score) {
    case .same: return nil
    case .sameUpToNearTie(let step): return "\(one.name) (\(one.style)) at \(step) of \(expected.count)"
    case .different(let difference):
      Issue.record("seed \(seed), \(one): \(difference)")
      return nil
    }
  }
}
