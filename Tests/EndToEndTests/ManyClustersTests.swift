import Foundation
import Testing

@Suite("Many clusters, most of them with few rows or none", .byTurns)
struct ManyClustersTests {
  /// Builds x.h5 within `memory`, and compares with the method's definition.
  private func compare(in workspace: Workspace, memory: String) async throws {
    let output = try await workspace.succeed(
      "build", "x.h5", "-o", "x.logitree", "--quiet", "--json", "--memory", memory)
    let summary = try jsonObject(output)
    let peak = try #require(summary["peak_memory_bytes"] as? Int)
    print("\(summary["seconds"] ?? "?") s, peak memory \(peak >> 20) MiB of \(memory)")

    try await workspace.succeed("export", "x.logitree", "--format", "merges", "-o", "merges.csv")
    let check = try await workspace.python(file: "Tests/Oracle/large_oracle.py", "x.h5", "merges.csv")
    print(check.outputText, terminator: "")
    let most =
      try #require(memory.firstMatch(of: /[0-9]+/).flatMap { Int($0.0) }) << (memory.hasSuffix("GiB") ? 30 : 20)
    #expect(peak < most)
  }

  @Test("More than a table of sums has room for")
  func some() async throws {
    try await compare(in: Workspace("save('x.h5', blobs(4000, 3000))"), memory: "64MiB")
  }

  @Test("More than 16 bits count, in the least memory that does")
  func beyondSixteenBits() async throws {
    let workspace = try await Workspace(
      """
      x = blobs(40, 66_000)
      # Every other cluster that has rows is beyond what 16 bits count.
      for new, old in enumerate(np.unique(x.argmax(1))[::2], 65_540):
          x[:, [old, new]] = x[:, [new, old]]
      save("x.h5", x.astype("f2"))
      """)
    try await compare(in: workspace, memory: "128MiB")
  }

  @Test(
    "As many as ImageNet-21k has, and a language model's vocabulary",
    .enabled(if: Package.runsLargeTests),
    arguments: [(21_841, 200_000, "128MiB"), (151_936, 20_000, "256MiB")])
  func many(clusters: Int, rows: Int, memory: String) async throws {
    let workspace = try Workspace()
    try await workspace.python(
      file: "tools/make-logits", "-k", "\(clusters)", "-n", "\(rows)", "--type", "float16", "x.h5")
    try await compare(in: workspace, memory: memory)
  }
}
