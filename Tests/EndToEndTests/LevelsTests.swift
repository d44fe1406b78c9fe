import Foundation
import TestSupport
import Testing

@Suite("Levels: into how many groups a tree is worth cutting", .byTurns)
struct LevelsTests {
  /// Builds stores of cases named `0.h5`, `1.h5`, …, and writes what `levels` says of each.
  private func levels(_ count: Int, in workspace: Workspace, _ options: [String] = []) async throws {
    for index in 0..<count {
      try await workspace.succeed(["build", "\(index).h5", "-o", "\(index).logitree", "--quiet"] + options)
      try await workspace.succeed("levels", "\(index).logitree", "--json", "-o", "\(index).json")
    }
  }

  /// Holds the levels of `case` against those of the definition, of the whole rows `x`.
  private static let compare = """
    import levels
    found = json.load(open(f"{case}.json"))
    merges = [{k: float(v) if k in ("share", "margin") else int(v) for k, v in row.items()
               if k in ("lowest", "partner", "node", "share", "margin")}
              for row in csv.DictReader(open(f"{case}.csv"))]
    expected = levels.levels(x, merges)
    gains = levels.gains(expected)
    assert found["clusters"] == len(expected) == len(found["levels"]) + 1, case
    doubt, rows = levels.spread(x)
    np.testing.assert_allclose(found["doubt"], doubt.sum() / rows.sum(), rtol=1e-5)
    for level, figures in zip(found["levels"], expected[1:]):
        for name, value in figures.items():
            np.testing.assert_allclose(level[name], value, rtol=2e-5, atol=2e-6, err_msg=f"case {case}: {name}, {figures}")
        n = level["groups"]
        if level["gain_next"] is not None and n in gains:
            np.testing.assert_allclose(level["gain_next"], gains[n][1], rtol=1e-3, err_msg=f"case {case}, {n} groups")
            if level["gain_before"] is not None:
                np.testing.assert_allclose(level["gain_before"], gains[n][0], rtol=1e-3)
    # Levels that hardly lie above the lines to others may differ.
    clear = {n for n, (before, after) in gains.items() if before > 1.01 * after}
    assert clear <= {l["groups"] for l in found["levels"] if l["gain_next"] is not None}, (case, gains)
    """

  @Test("Every figure is what NumPy finds from whole rows, where sketches keep all or the rest is alike")
  func oracle() async throws {
    let seed = ProcessInfo.processInfo.environment["LOGITREE_SEED"] ?? "1"
    let workspace = try await Workspace(
      """
      import levels
      random = np.random.default_rng(\(seed))
      for case in range(16):
          k = int(random.integers(3, 26))
          x = 2 * random.normal(size=(int(random.integers(30, 300)), k))
          x += random.normal(size=(len(x), 3)) @ random.normal(size=(3, k))
          if case % 4 == 1: x[:, 0] -= 30
          if case % 2: x[np.arange(len(x)), random.integers(0, k, len(x))] += 4
          save(f"{case}.h5", x if case % 3 else x.astype("f4"))
      """)
    try await levels(16, in: workspace, ["--sketch-width", "6"])
    for index in 0..<16 {
      try await workspace.succeed("export", "\(index).logitree", "--format", "merges", "-o", "\(index).csv")
    }
    try await workspace.python(
      "import levels\nfor case in range(16):\n  x = levels.fill_in(h5py.File(f'{case}.h5')['logits'][:].astype('f8'), 6)\n"
        + Self.compare.split(separator: "\n").map { "  \($0)\n" }.joined())
  }

  @Test("Groups that are well apart are found in at least nine of ten cases, and it says so where there are none")
  func found() async throws {
    let seed = ProcessInfo.processInfo.environment["LOGITREE_SEED"] ?? "1"
    let count = Package.runsLargeTests ? 200 : 10
    let workspace = try await Workspace(
      """
      import levels
      random = np.random.default_rng(\(seed))
      for case in range(\(count)):
          groups, size = int(random.integers(2, 11)), int(random.integers(3, 9))
          own, noise = random.uniform(1, 6), random.uniform(0.5, 1.5)
          x = levels.planted(random, [size] * groups, groups * size * int(random.integers(10, 40)), own, 3.5 * noise, noise)
          save(f"{case}.h5", x.astype("f4"))
          json.dump(groups, open(f"{case}.groups", "w"))
      for case in range(\(count), \(2 * count)):
          k = int(random.integers(5, 50))
          x = random.normal(size=(k * int(random.integers(4, 40)), k)) * np.exp(random.uniform(-1, 2))
          if case % 3 == 1: x += 2 * random.normal(size=k)
          if case % 3 == 2: x[np.arange(len(x)), random.integers(0, k, len(x))] += 5
          save(f"{case}.h5", x.astype("f4"))
      """)
    try await levels(2 * count, in: workspace)
    try await workspace.python(
      """
      first = [([r["groups"] for r in json.load(open(f"{case}.json"))["recommended"]] + [0])[0] for case in range(\(2 * count))]
      wrong = [(case, first[case], n) for case in range(\(count))
               if first[case] != (n := json.load(open(f"{case}.groups")))]
      assert len(wrong) <= \(count / 10), wrong
      none = [(case, first[case]) for case in range(\(count), \(2 * count)) if first[case]]
      assert len(none) <= \(count / 10), none
      """)
  }

  @Test("Levels of nested groups are all recommended, the clearest first")
  func nested() async throws {
    let workspace = try await Workspace(
      """
      random = np.random.default_rng(1)
      y = random.integers(0, 48, 3000)
      x = random.standard_normal((3000, 48)) + 2 * (np.arange(48) == y[:, None])
      for size, push in ((12, 3), (3, 2)): x += push * (np.arange(48) // size == y[:, None] // size)
      save("0.h5", x.astype("f4"))
      """)
    try await levels(1, in: workspace)
    let found = try jsonObject(Data(workspace.text("0.json").utf8))
    let recommended = try #require(found["recommended"] as? [[String: Any]])
    #expect(recommended.map { $0["groups"] as? Int } == [4, 16])
    #expect((recommended[0]["reason"] as? String)?.contains("the next merges are weak") == true)
  }

  @Test("The same bytes whatever the threads, memory and order of files")
  func sameness() async throws {
    let workspace = try await Workspace(
      """
      x = blobs(6000, 40)
      save("a.h5", x)
      save("b.h5", x[:2500]), save("c.h5", x[2500:])
      """)
    try await workspace.succeed("build", "a.h5", "-o", "a.logitree", "--quiet", "--threads", "1")
    try await workspace.succeed("build", "c.h5", "b.h5", "-o", "b.logitree", "--quiet", "--memory", "128MiB")
    for format in ["--json", "--csv", "--svg"] {
      try await workspace.succeed("levels", "a.logitree", format, "-o", "x.txt", "--threads", "1")
      let first = try workspace.text("x.txt")
      for (store, threads) in [("a", "3"), ("b", "1"), ("b", "2")] {
        try await workspace.succeed("levels", "\(store).logitree", format, "-o", "y.txt", "--threads", threads)
        #expect(try workspace.text("y.txt").replacing("b.logitree", with: "a.logitree") == first, "\(format)")
      }
    }
  }

  @Test("cut --auto and assign --auto take the first level, and say what they took and why")
  func automatic() async throws {
    let workspace = try await Workspace(
      """
      import levels
      save("x.h5", levels.planted(np.random.default_rng(3), [5] * 4, 800, 3, 3, 1).astype("f4"))
      """)
    _ = try await workspace.build(["x.h5"])
    let cut = try await workspace.logitree("cut", "out.logitree", "--auto")
    #expect(cut.status == 0)
    #expect(try await cut.output == workspace.succeed("cut", "out.logitree", "-k", "4"))
    #expect(cut.errors.contains("out.logitree: cut into 4 groups: ") && cut.errors.contains("the next merges are weak"))
    let assigned = try await workspace.logitree("assign", "out.logitree", "x.h5", "--auto", "-o", "auto.h5")
    #expect(assigned.status == 0 && assigned.errors.contains("cut into 4 groups"))
    try await workspace.succeed("assign", "out.logitree", "x.h5", "-k", "4", "-o", "four.h5", "--quiet")
    try await workspace.python(
      """
      a, b = h5py.File("auto.h5"), h5py.File("four.h5")
      assert (a["group"][:] == b["group"][:]).all() and (a["probability"][:] == b["probability"][:]).all()
      """)
  }

  @Test("Where no level stands out, --auto is an error that says what to do, and writes nothing")
  func none() async throws {
    let workspace = try await Workspace(
      "save('x.h5', np.random.default_rng(5).standard_normal((600, 20)).astype('f4'))")
    _ = try await workspace.build(["x.h5"])
    for arguments in [
      ["cut", "out.logitree", "--auto", "-o", "c.csv"], ["assign", "out.logitree", "x.h5", "--auto", "-o", "a.h5"],
    ] {
      let finished = try await workspace.logitree(arguments)
      #expect(finished.status == 64)
      #expect(finished.errors.contains("no level stands out") && finished.errors.contains("-k "))
    }
    #expect(try !workspace.listing().contains { $0.hasPrefix("c.csv") || $0.hasPrefix("a.h5") })
    let text = String(decoding: try await workspace.succeed("levels", "out.logitree"), as: UTF8.self)
    #expect(text.contains("No level stands out: ") && !text.contains("recommended"))
  }

  @Test("The support of groups is there once it was found; before it says where to get it")
  func support() async throws {
    let workspace = try Workspace()
    _ = try await workspace.build([Package.exampleLogits, "--names", Package.exampleNames])
    let before = String(decoding: try await workspace.succeed("levels", "out.logitree"), as: UTF8.self)
    #expect(before.contains("logitree support out.logitree") && !before.contains("least"))
    try await workspace.succeed("support", "out.logitree", "--replicates", "10", "--quiet")
    let after = String(decoding: try await workspace.succeed("levels", "out.logitree"), as: UTF8.self)
    #expect(after.contains("its groups' support is"))
    try await workspace.succeed("levels", "out.logitree", "--json", "-o", "levels.json")
    try await workspace.succeed("export", "out.logitree", "--format", "json", "-o", "tree.json")
    try await workspace.python(
      """
      levels, tree = json.load(open("levels.json")), json.load(open("tree.json"))
      k, alive, transfer = len(tree["clusters"]), set(range(len(tree["clusters"]))), {}
      for level, merge in zip(levels["levels"][::-1], tree["merges"]):
          found = [transfer[n] for n in alive if n >= k]
          if found: np.testing.assert_allclose([level["support"], level["least_support"]], [np.mean(found), min(found)])
          else: assert level["support"] is None
          alive = alive - {merge["lowest"], merge["partner"]} | {merge["node"]}
          transfer[merge["node"]] = merge["transfer_support"]
      """)
  }

  @Test("Small trees, trees without doubt, and stores without sketches")
  func corners() async throws {
    let workspace = try await Workspace(
      """
      save("one.h5", (np.random.default_rng(1).standard_normal((20, 3)) + [50, 0, 0]).astype("f4"))
      save("two.h5", np.random.default_rng(1).standard_normal((20, 2)).astype("f4"))
      certain = np.full((40, 4), -np.inf, "f4"); certain[np.arange(40), np.arange(40) % 4] = 0
      save("certain.h5", certain)
      save("x.h5", blobs(200, 9))
      """)
    for (name, says) in [("one", "no levels"), ("two", "No level stands out"), ("certain", "no doubt")] {
      try await workspace.succeed("build", "\(name).h5", "-o", "\(name).logitree", "--quiet", "--kind", "logits")
      let text = String(decoding: try await workspace.succeed("levels", "\(name).logitree"), as: UTF8.self)
      #expect(text.contains(says), "\(name): \(text)")
      for format in ["--json", "--csv", "--svg"] { try await workspace.succeed("levels", "\(name).logitree", format) }
      try await workspace.succeed("export", "\(name).logitree", "--format", "html", "-o", "\(name).html")
    }
    for width in ["0", "32"] {
      try await workspace.succeed("build", "x.h5", "-o", "x\(width).logitree", "--quiet", "--sketch-width", width)
      try await workspace.succeed("levels", "x\(width).logitree", "--json", "-o", "\(width).json")
      try await workspace.succeed("export", "x\(width).logitree", "--format", "html", "-o", "\(width).html")
    }
    try await workspace.python(
      """
      a, b = (json.load(open(f"{width}.json")) for width in (0, 32))
      assert a["doubt"] == b["doubt"] and [x["gain_next"] for x in a["levels"]] == [x["gain_next"] for x in b["levels"]]
      assert ("recommended" in open("0.html").read()) == ("recommended" in open("32.html").read())
      os.remove("x.h5")
      """)
    let finished = try await workspace.logitree("levels", "x0.logitree")
    #expect(finished.status == 66 && finished.errors.contains("--sketch-width 32"), "\(finished.errors)")
    try await workspace.succeed("export", "x0.logitree", "--format", "html", "-o", "gone.html")
  }

  @Test("Of many rows over few clusters no sketches are kept, and the store is small")
  func fewClusters() async throws {
    let workspace = try await Workspace(
      """
      random = np.random.default_rng(8)
      x = random.standard_normal((1_700_000, 10), "f4")
      x += random.standard_normal((1_700_000, 2), "f4") @ random.standard_normal((2, 10), "f4")
      save("x.h5", x.astype("f2"))
      """)
    let expected = try await workspace.build(["x.h5", "--sketch-width", "32"], to: "kept.logitree")
    let found = try await workspace.build("x.h5")
    try await workspace.succeed("levels", "out.logitree", "--json", "-o", "levels.json")
    try await workspace.succeed("levels", "kept.logitree", "--json", "-o", "kept.json")
    try await workspace.python(
      """
      def size(store): return sum(os.path.getsize(f"{store}/{name}") for name in os.listdir(store))
      assert size("out.logitree") < 0.1 * os.path.getsize("x.h5") < size("kept.logitree")
      a, b = (json.load(open(name)) for name in ("levels.json", "kept.json"))
      assert a["doubt"] == b["doubt"] and [x["gain_next"] for x in a["levels"]] == [x["gain_next"] for x in b["levels"]]
      """)
    #expect(Self.nodes(found) == Self.nodes(expected))
  }

  /// The nodes that are merged, of merges as CSV.
  private static func nodes(_ merges: Data) -> [Substring] {
    String(decoding: merges, as: UTF8.self).split(separator: "\n").map { line in
      line.split(separator: ",").prefix(4).joined(separator: ",")[...]
    }
  }
}
