import Foundation
import TestSupport
import Testing

@Suite("Merging the best pair of all groups: build --strategy", .byTurns)
struct StrategyTests {
  private static let strategies = ["all-pairs", "all-pairs-per-row"]

  /// Compares merges in files with those of the definition, as far as no two pairs are nearly as good.
  private static func check(_ strategy: String, _ rows: String, _ files: [String]) -> String {
    """
    import pairs_oracle
    expected = pairs_oracle.merges(\(rows), per_row=\(strategy == "all-pairs" ? "False" : "True"))
    for file in \(files):
        found = list(csv.DictReader(open(file)))
        assert len(found) == len(expected)
        for f, e in zip(found, expected):
            if e["average"] - e["second"] < 1e-5 * e["average"]:
                break
            assert {int(f["lowest"]), int(f["partner"])} == {e["giver"], e["receiver"]}, (file, f, e)
            # What sketches decide is what is certain.
            assert float(f["reassigned"]) <= e["average"] * (1 + 2e-6), (file, f, e)
            if f["evidence"] == "exact":
                assert int(f["lowest"]) == e["giver"]
                np.testing.assert_allclose(float(f["reassigned"]), e["average"], rtol=2e-6)
            if int(f["step"]) < len(found):
                assert float(f["margin"]) <= 1 - e["second"] / e["average"] + 1e-5, (file, f, e)
    """
  }

  @Test("The merges are NumPy's on the language example, whatever the sketches leave open", arguments: strategies)
  func languages(strategy: String) async throws {
    let workspace = try Workspace()
    for width in ["4", "32"] {
      try workspace.write(
        try await workspace.build([Package.exampleLogits, "--strategy", strategy, "--sketch-width", width]),
        to: "\(width).csv")
    }
    try await workspace.python(
      "with h5py.File('\(Package.exampleLogits)') as f: x = f['logits'][:]\n"
        + Self.check(strategy, "x", ["4.csv", "32.csv"]))
  }

  @Test(
    "They are on random data, with each score and kind of row", arguments: strategies,
    seeds(Package.runsLargeTests ? 8 : 2))
  func random(strategy: String, seed: UInt64) async throws {
    let data = """
      random = np.random.default_rng(\(seed))
      k = int(random.integers(2, 30)); n = int(random.integers(20, 600))
      x = make_cases.blobs(random, n, k, random.uniform(0.3, 2)).astype("f4")

      """
    let workspace = try await Workspace(data + "save('x.h5', x)")
    for width in ["1", "6", "32"] {
      try workspace.write(
        try await workspace.build(["x.h5", "--strategy", strategy, "--sketch-width", width]), to: "\(width).csv")
    }
    try await workspace.python(data + Self.check(strategy, "x", ["1.csv", "6.csv", "32.csv"]))
  }

  @Test("Updates, shards, threads and memory make no difference, and obey what the store was built with")
  func same() async throws {
    let workspace = try await Workspace(
      "x = blobs(900, 25); save('x.h5', x); save('a.h5', x[:500]); save('b.h5', x[500:])")
    let options = ["--strategy", "all-pairs", "--sketch-width", "6"]
    let expected = try await workspace.build(["a.h5", "b.h5"] + options)
    let plain = try await workspace.build(["a.h5", "b.h5", "--sketch-width", "6"], to: "plain.logitree")
    #expect(expected != plain)
    #expect(try await workspace.build(["x.h5", "--threads", "1"] + options, to: "one.logitree") == expected)
    _ = try await workspace.build(["a.h5"] + options, to: "grown.logitree")
    try await workspace.succeed("update", "grown.logitree", "b.h5", "--quiet")
    #expect(try await workspace.succeed("export", "grown.logitree", "--format", "merges") == expected)
    // A store of another strategy is built anew of what it has learnt already.
    #expect(try await workspace.build(["a.h5", "b.h5"] + options, to: "plain.logitree") == expected)

    for share in ["1/2", "2/2"] {
      try await workspace.succeed(["scan", "a.h5", "b.h5", "--shard", share, "-o", "shards", "--quiet"] + options)
    }
    try await workspace.succeed("combine", "shards", "-o", "shared.logitree", "--quiet")
    for _ in 0..<50 {
      let sweep = try await workspace.logitree("sweep", "shared.logitree", "--shard", "1/1", "-o", "swept", "--quiet")
      guard sweep.status == 0, FileManager.default.fileExists(atPath: workspace.path("swept")) else { break }
      try await workspace.succeed("combine", "shards", "swept", "-o", "shared.logitree", "--quiet")
      if try await workspace.logitree("show", "shared.logitree").status == 0 { break }
    }
    #expect(try await workspace.succeed("export", "shared.logitree", "--format", "merges") == expected)
  }

  @Test("Without sketches it is refused, and so is support of it")
  func mistakes() async throws {
    let workspace = try await Workspace("save('x.h5', blobs(200, 6))")
    for (arguments, status, says) in [
      (["build", "x.h5", "-o", "s", "--strategy", "all-pairs", "--sketch-width", "0"], Int32(64), "--sketch-width 0"),
      (["build", "x.h5", "-o", "s", "--strategy", "best"], 64, "all-pairs-per-row"),
      (["build", "x.h5", "-o", "s", "--strategy", "all-pairs", "--support", "5"], 64, "--strategy lowest"),
    ] {
      let run = try await workspace.logitree(arguments)
      #expect(run.status == status && run.errors.contains(says), "\(run.errors)")
    }
    _ = try await workspace.build(["x.h5", "--strategy", "all-pairs"])
    let run = try await workspace.logitree("support", "out.logitree", "--replicates", "3")
    #expect(run.status == 65 && run.errors.contains("was built with the strategy all-pairs"), "\(run.errors)")
  }
}
