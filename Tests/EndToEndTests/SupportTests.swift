import Foundation
import Testing

@Suite("Support: how often nodes come out again when rows are drawn anew", .byTurns)
struct SupportTests {
  /// Random cases: noise, blobs, groups of clusters, with clusters that have few rows; some rows twice, some in blocks.
  private static func cases(_ count: Int, seed: String) -> String {
    """
    random = np.random.default_rng(\(seed))
    for case in range(\(count)):
        n, k = int(random.integers(20, 400)), int(random.integers(3, 26))
        x = random.normal(size=(n, k)) + random.normal(size=(n, 3)) @ random.normal(size=(3, k))
        if case % 2: x[np.arange(n), random.integers(0, k, n)] += 3
        x = np.concatenate([x, x[: n // 5]])[random.permutation(n + n // 5)].astype("f4")
        np.save(f"{case}.npy", x)
        if case % 3 == 2:
            blocks = random.integers(0, n // 4, len(x))
            np.save(f"{case}-blocks.npy", np.array([f"photo {b}" for b in blocks]) if case % 2 else blocks)
    """
  }

  private static let compare = """
    import support
    x = np.load(f"{case}.npy").astype("f8")
    blocks = np.load(f"{case}-blocks.npy") if case % 3 == 2 else None
    found = json.loads(open(f"{case}.json").read())
    tree = [(m["lowest"], m["partner"]) for m in found["merges"]]
    expected = support.figures(f"{case}.logitree", x, tree, 12, seed, blocks)
    for key in ("transfer", "clade"):
        np.testing.assert_allclose(
            [m[f"{key}_support"] for m in found["merges"]], expected[key], atol=1e-12, err_msg=f"case {case}, {key}")
    for merge, error in zip(found["merges"], expected["margin_errors"]):
        assert (merge["margin_error"] is None) == (error is None), (case, merge, error)
        if error is not None:
            np.testing.assert_allclose(merge["margin_error"], error, rtol=1e-4, atol=1e-7, err_msg=f"case {case}")
    """

  @Test("Support and margin errors are those that NumPy finds, with the same weights, from the rows in memory")
  func oracle() async throws {
    let seed = ProcessInfo.processInfo.environment["LOGITREE_SEED"] ?? "1"
    let count = Package.runsLargeTests ? 200 : 20
    print("support cases: LOGITREE_SEED=\(seed), \(count) cases")
    let workspace = try await Workspace(Self.cases(count, seed: seed))
    for number in 0..<count {
      let blocks = number % 3 == 2 ? ["--blocks", "\(number)-blocks.npy"] : []
      try await workspace.succeed("build", "\(number).npy", "-o", "\(number).logitree", "--quiet")
      try await workspace.succeed(
        ["support", "\(number).logitree", "--replicates", "12", "--seed", "\(7 * number)", "--quiet"] + blocks)
      try await workspace.succeed(
        "export", "\(number).logitree", "--format", "json", "-o", "\(number).json")
    }
    try await workspace.python(
      "for case in range(\(count)):\n    seed = 7 * case\n"
        + Self.compare.split(separator: "\n", omittingEmptySubsequences: false).map { "    " + $0 }.joined(
          separator: "\n"))
  }

  private static let wide = """
    x = blobs(3000, 30); save('x.h5', x); order = np.random.default_rng(3).permutation(3000)
    save('a.h5', x[order[:1100]], chunks=(100, 7)); save('b.h5', x[order[1100:]].astype('f4'))
    """

  private func merges(_ store: String, _ workspace: Workspace) async throws -> Data {
    try await workspace.succeed("export", store, "--format", "merges")
  }

  @Test("The same rows give the same bytes, whatever threads, memory, files, order and shards")
  func sameness() async throws {
    let workspace = try await Workspace(Self.wide)
    _ = try await workspace.build("x.h5", "--support", "9", "--threads", "1")
    let expected = try await merges("out.logitree", workspace)
    #expect(String(decoding: expected, as: UTF8.self).hasPrefix("step,"))
    for resources in [["--threads", "3"], ["--memory", "48MiB", "--threads", "2"]] {
      _ = try await workspace.build(["a.h5", "b.h5"], to: "two.logitree")
      try await workspace.succeed(["support", "two.logitree", "--replicates", "9", "--quiet"] + resources)
      #expect(try await merges("two.logitree", workspace) == expected, "\(resources)")
      try FileManager.default.removeItem(atPath: workspace.path("two.logitree"))
    }
    for shard in ["1/3", "2/3", "3/3"] {
      try await workspace.succeed("scan", "a.h5", "b.h5", "--shard", shard, "-o", "shards", "--quiet")
    }
    try await workspace.succeed("combine", "shards", "-o", "shared.logitree", "--quiet")
    try await workspace.succeed("support", "shared.logitree", "--replicates", "9", "--quiet")
    #expect(try await merges("shared.logitree", workspace) == expected)
  }

  @Test("More replicates go on from those that are there; fewer are some of them; another seed gives others")
  func resumed() async throws {
    let workspace = try await Workspace(Self.wide)
    func support(_ more: String...) async throws -> Data {
      try await workspace.succeed(["support", "out.logitree", "--quiet"] + more)
      return try await merges("out.logitree", workspace)
    }
    _ = try await workspace.build("x.h5")
    let six = try await support("--replicates", "6")
    let ten = try await support("--replicates", "10")
    #expect(try workspace.listing().count { $0.contains("/support-") } == 2)
    #expect(ten != six)
    #expect(try await support("--replicates", "6") == six)
    let other = try await support("--replicates", "10", "--seed", "5")
    #expect(other != ten)
    #expect(try workspace.listing().count { $0.contains("/support-") } == 1)
    #expect(try await support("--replicates", "10") == ten)
    // A file that is damaged is told of, and made anew.
    try await workspace.python(
      "import glob; f = open(glob.glob('out.logitree/support-*')[0], 'r+b'); f.seek(-9, 2); f.write(b'?????'); f.close()"
    )
    let check = try await workspace.logitree("check", "out.logitree")
    #expect(check.status == 65 && check.errors.contains("logitree support makes it anew"), "\(check.errors)")
    #expect(try await support("--replicates", "10") == ten)
    try await workspace.succeed("check", "out.logitree")
  }

  @Test("New rows drop support, and that is said; without new rows it stays")
  func updated() async throws {
    let workspace = try await Workspace(Self.wide + "\nsave('new.h5', blobs(200, 30, 2))")
    _ = try await workspace.build("x.h5", "--support", "5")
    let before = try await merges("out.logitree", workspace)
    let same = try await workspace.logitree("update", "out.logitree")
    #expect(same.status == 0 && !same.errors.contains("support"), "\(same.errors)")
    #expect(try await merges("out.logitree", workspace) == before)
    let run = try await workspace.logitree("update", "out.logitree", "new.h5")
    #expect(
      run.status == 0
        && run.errors.contains(
          "out.logitree: its support was of other rows, and is dropped; logitree support"),
      "\(run.errors)")
    let after = try await merges("out.logitree", workspace)
    #expect(!String(decoding: after, as: UTF8.self).contains("transfer_support"))
    #expect(try !workspace.listing().contains { $0.contains("/support-") })
    // A build that finds it anew does not say that somebody should.
    try await workspace.succeed("support", "out.logitree", "--replicates", "5", "--quiet")
    let anew = try await workspace.logitree("build", "new.h5", "-o", "out.logitree", "--replace", "--support", "5")
    #expect(
      anew.status == 0 && anew.errors.contains("its support was of other rows, and is found anew")
        && !anew.errors.contains("dropped"), "\(anew.errors)")
  }

  @Test("Blocks are told apart by their names, in whatever order they come")
  func blockNames() async throws {
    let workspace = try await Workspace(
      """
      random = np.random.default_rng(2); x = blobs(2000, 12); names = np.array([f"b{v}" for v in random.integers(0, 90, 2000)])
      order = random.permutation(2000)
      for name, rows in ("x", slice(None)), ("y", order):
          save(f"{name}.h5", x[rows]); np.save(f"{name}-blocks.npy", names[rows])
          open(f"{name}.txt", "w").write("\\n".join(names[rows]) + "\\n")
      """)
    var found: [Data] = []
    for (file, blocks) in [("x", "x-blocks.npy"), ("y", "y-blocks.npy"), ("y", "y.txt")] {
      _ = try await workspace.build(["\(file).h5"], to: "\(found.count).logitree")
      try await workspace.succeed(
        "support", "\(found.count).logitree", "--blocks", blocks, "--replicates", "8", "--quiet")
      found.append(try await merges("\(found.count).logitree", workspace))
    }
    #expect(found[1] == found[0] && found[2] == found[0])
  }

  @Test("A cluster of one block says so, and doesn't take support away from its tree; a single block is no sample")
  func fewBlocks() async throws {
    let workspace = try await Workspace(
      """
      k, n = 16, 1600
      clusters = np.arange(n) % k
      depth = np.array([[(a ^ b).bit_length() for b in range(k)] for a in range(k)])
      x = -depth[clusters] * 3.0 - 0.1 * np.arange(k) + 0.1 * np.random.default_rng(1).normal(size=(n, k))
      np.save("x.npy", x.astype("f4")); np.save("blocks.npy", clusters); np.save("one.npy", clusters * 0)
      """)
    _ = try await workspace.build("x.npy")
    let run = try await workspace.logitree("support", "out.logitree", "--blocks", "blocks.npy", "--json")
    #expect(run.status == 0 && run.errors.contains("in 16 of 16 clusters all rows are of one block"), "\(run.errors)")
    let summary = try jsonObject(run.output)
    #expect(try #require(summary["median_transfer_support"] as? Double) > 0.9, "\(summary)")
    let kept = try #require(summary["kept_clusters"] as? Int)
    #expect((400...800).contains(kept) && summary["indivisible_clusters"] as? Int == 16, "\(summary)")
    let one = try await workspace.logitree("support", "out.logitree", "--blocks", "one.npy")
    #expect(one.status == 65 && one.errors.contains("one.npy: all rows are in one block"), "\(one.errors)")
    let show = try await workspace.succeed("show", "out.logitree")
    #expect(String(decoding: show, as: UTF8.self).contains("of the 16 clusters, "))
  }

  @Test("Very many replicates take no more memory than is given")
  func memory() async throws {
    let workspace = try await Workspace("save('x.h5', blobs(500, 8).astype('f4'))")
    _ = try await workspace.build("x.h5")
    let replicates = Package.runsLargeTests ? "300000" : "20000"
    let summary = try jsonObject(
      await workspace.succeed(
        "support", "out.logitree", "--replicates", replicates, "--memory", "48MiB", "--json", "--quiet"))
    #expect(try #require(summary["peak_memory_bytes"] as? Int) < 64 << 20)
  }

  @Test("Many merges left open are warned of")
  func open() async throws {
    let workspace = try await Workspace("save('x.h5', np.random.default_rng(1).normal(size=(900, 30)).astype('f4'))")
    _ = try await workspace.build("x.h5", "--sketch-width", "1")
    let run = try await workspace.logitree("support", "out.logitree", "--replicates", "5")
    #expect(run.status == 0 && run.errors.contains("larger --sketch-width"), "\(run.errors)")
  }

  @Test("Noise has little support, groups far apart have much")
  func extremes() async throws {
    let workspace = try await Workspace(
      """
      random = np.random.default_rng(8)
      np.save('noise.npy', random.normal(size=(4000, 60)).astype('f4'))
      # A binary tree of 32 clusters: logits fall with the distance in the tree, at each fork of another length.
      k, n = 32, 8000
      depth = np.array([[(a ^ b).bit_length() for b in range(k)] for a in range(k)])
      place = np.arange(k)
      length = 2.0 + 0.6 * np.array([[(min(a, b) >> max((a ^ b).bit_length(), 1)) % 3 for b in range(k)] for a in range(k)])
      centre = -depth * length
      # Within a fork, unlike halves: so that each step has one best partner.
      centre -= 0.35 * np.abs(place[:, None] - place[None, :]) / k
      clusters = random.integers(0, k, n)
      np.save('tree.npy', (centre[clusters] + 0.2 * random.normal(size=(n, k))).astype('f4'))
      """)
    func median(_ file: String) async throws -> Double {
      try await workspace.succeed("build", file, "-o", "\(file).logitree", "--quiet")
      let summary = try await workspace.succeed(
        "support", "\(file).logitree", "--replicates", "40", "--json", "--quiet")
      return try #require(jsonObject(summary)["median_transfer_support"] as? Double)
    }
    let (noise, tree) = (try await median("noise.npy"), try await median("tree.npy"))
    #expect(noise < 0.5, "\(noise)")
    #expect(tree > 0.95, "\(tree)")
  }

  /// What is asked, the exit code, and what is said.
  static let mistakes: [(arguments: [String], status: Int32, says: String)] = [
    (["--replicates", "0"], 64, "--replicates must be from 1"),
    (["--replicates", "-1"], 64, "--replicates must be from 1"),
    (["--blocks", "none.npy"], 66, "none.npy"),
    (["--blocks", "short.npy"], 65, "has 7 blocks, where each of 3000 rows needs one"),
    (["--blocks", "gaps.npy"], 65, "row 5: has no block"),
    (["--memory", "16MiB"], 64, "of memory"),
  ]

  @Test("Mistakes are told of, and change nothing", arguments: mistakes.indices)
  func wrong(index: Int) async throws {
    let workspace = try await Workspace(
      Self.wide + "\nnp.save('short.npy', np.arange(7)); np.save('gaps.npy', np.where(np.arange(3000) == 5, -1, 1))")
    _ = try await workspace.build("x.h5")
    let before = try workspace.listing()
    let run = try await workspace.logitree(["support", "out.logitree"] + Self.mistakes[index].arguments)
    #expect(
      run.status == Self.mistakes[index].status && run.errors.contains(Self.mistakes[index].says), "\(run.errors)")
    #expect(try workspace.listing() == before)
  }

  @Test("A store without sketches takes them of its rows again, and can't tell without them")
  func noSketches() async throws {
    let workspace = try await Workspace(Self.wide + "\nnp.save('blocks.npy', np.arange(3000) // 3)")
    for (width, store) in [("32", "kept"), ("0", "none")] {
      for blocks in [[], ["--blocks", "blocks.npy"]] {
        _ = try await workspace.build(["a.h5", "b.h5", "--sketch-width", width], to: store)
        try await workspace.succeed(["support", store, "--replicates", "9", "--quiet"] + blocks)
        try await workspace.succeed("export", store, "--format", "json", "-o", "\(store)\(blocks.count).json")
        try FileManager.default.removeItem(atPath: workspace.path(store))
      }
    }
    try await workspace.python(
      """
      for blocks in (0, 2):
          kept, none = (json.load(open(f"{store}{blocks}.json"))["merges"] for store in ("kept", "none"))
          assert len(kept) == 29
          for a, b in zip(kept, none):
              for key in ("lowest", "partner", "transfer_support", "clade_support", "margin_error"):
                  assert a[key] == b[key], key
      """)
    _ = try await workspace.build(["a.h5", "b.h5", "--sketch-width", "0"], to: "gone")
    try await workspace.python("import os; os.rename('b.h5', 'elsewhere.h5')")
    let run = try await workspace.logitree("support", "gone")
    #expect(
      run.status == 66 && run.errors.contains("keeps no sketches") && run.errors.contains("b.h5"), "\(run.errors)")
    try await workspace.python("x = h5py.File('elsewhere.h5')['logits'][:]; x[700, 3] += 1; save('b.h5', x)")
    let changed = try await workspace.logitree("support", "gone")
    #expect(changed.status == 65, "\(changed.errors)")
  }

  @Test("Exports have support and heights, and other programs read them")
  func exports() async throws {
    let workspace = try await Workspace("save('x.h5', blobs(900, 14))")
    _ = try await workspace.build("x.h5", "--support", "20")
    for scale in ["step", "share", "margin"] {
      for (format, name) in [("json", "j"), ("newick", "n"), ("linkage", "l"), ("svg", "s.svg"), ("html", "h.html")] {
        try await workspace.succeed(
          "export", "out.logitree", "--format", format, "--height", scale, "-o", "\(scale).\(name)")
      }
    }
    try await workspace.succeed(
      "export", "out.logitree", "--format", "newick", "--support-as", "comment", "-o", "comment.n")
    try await workspace.succeed("export", "out.logitree", "--format", "newick", "--support-as", "none", "-o", "none.n")
    try await workspace.python(
      """
      import scipy.cluster.hierarchy as h, dendropy
      k = 14
      for scale in ("step", "share", "margin"):
          tree = json.load(open(f"{scale}.j"))
          merges = tree["merges"]
          heights = dict.fromkeys(range(k), 0.0)
          for m in merges:
              own = m["step"] if scale == "step" else 1 - m[scale]
              heights[m["node"]] = max(own, heights[m["lowest"]], heights[m["partner"]])
          def check(node):
              assert abs(node["height"] - heights[node["node"]]) < 1e-12
              for child in node.get("children", []): check(child)
          check(tree["tree"])
          z = np.load(f"{scale}.l")
          assert h.is_valid_linkage(z) and h.is_monotonic(z)
          np.testing.assert_allclose(sorted(z[:, 2]), sorted(heights[m["node"]] for m in merges))
          # The cophenetic distance of two clusters is the height of the node where they meet.
          below = {c: {c} for c in range(k)}
          d = np.zeros((k, k))
          for m in merges:
              for a in below[m["lowest"]]:
                  for b in below[m["partner"]]: d[a, b] = d[b, a] = heights[m["node"]]
              below[m["node"]] = below[m["lowest"]] | below[m["partner"]]
          np.testing.assert_allclose(h.cophenet(z), d[np.triu_indices(k, 1)])
          for name in (f"{scale}.n", "comment.n", "none.n"):
              t = dendropy.Tree.get(path=name, schema="newick", extract_comment_metadata=True, preserve_underscores=True)
              inner = [n for n in t.preorder_internal_node_iter()]
              by = {frozenset(int(l.taxon.label) for l in n.leaf_iter()): n for n in inner}
              for m in merges:
                  n = by[frozenset(below[m["node"]])]
                  if name == "comment.n":
                      assert int(n.label) == m["node"] and float(n.annotations["support"].value) == m["transfer_support"]
                  elif name == "none.n":
                      assert n.label is None
                  else:
                      assert float(n.label) == m["transfer_support"] and int(n.annotations["node"].value) == m["node"]
      assert json.load(open("step.j"))["support"] == {"replicates": 20, "seed": 0, "blocks": None, "estimated_merges": 0}
      """)
    let svg = try workspace.text("step.s.svg")
    #expect(svg.contains("Figures on branches: transfer bootstrap support in percent, of 20 trees"))
    let show = try await workspace.succeed("show", "out.logitree", "--node", "#20")
    #expect(String(decoding: show, as: UTF8.self).contains("the same clade in"))
  }

  @Test("build --support takes blocks and a seed, and finds what support finds; blocks from a pipe are called so")
  func blocks() async throws {
    let workspace = try await Workspace(
      Self.wide + "\nb = np.arange(3000) // 4; np.save('b.npy', b); open('b.txt', 'w').write('\\n'.join(map(str, b)))")
    let expected = try await workspace.build("x.h5", "--support", "6", "--seed", "4", "--blocks", "b.npy")
    _ = try await workspace.build("x.h5")
    try await workspace.succeed(
      "support", "out.logitree", "--replicates", "6", "--seed", "4", "--blocks", "b.npy", "--quiet")
    #expect(try await merges("out.logitree", workspace) == expected)
    for replicates in ["3", "6"] {
      // Each time the pipe has another name.
      try await workspace.python(
        """
        import subprocess
        subprocess.run(["bash", "-c", \"\"\"exec \(replicates)<&0 7< <(cat b.txt); "$1" support out.logitree --quiet \\
          --replicates \(replicates) --seed 4 --blocks /dev/fd/7 --json > out.json\"\"\", "bash", "\(Package.binary())"], check=True)
        assert json.load(open("out.json"))["blocks"] == "a pipe"
        """)
    }
    #expect(try workspace.listing().count { $0.contains("/support-") } == 2)
    #expect(try await merges("out.logitree", workspace) == expected)
    let show = try await workspace.succeed("show", "out.logitree", "--node", "#40")
    #expect(String(decoding: show, as: UTF8.self).contains("trees from blocks of rows drawn anew"))
    // What is wrong with blocks is told before rows are read.
    let wrong = try await workspace.logitree(
      "build", "x.h5", "-o", "new.logitree", "--support", "5", "--blocks", "none.npy")
    #expect(
      wrong.status == 66 && wrong.errors.contains("none.npy") && !wrong.errors.contains("scan"), "\(wrong.errors)")
    #expect(try !workspace.listing().contains("new.logitree"))
  }

  @Test("JSON of build and support has the same figures, all of them always, null where there is none")
  func json() async throws {
    let workspace = try await Workspace(Self.wide + "\nsave('two.h5', blobs(50, 2))")
    let built = try await jsonObject(
      workspace.succeed("build", "x.h5", "-o", "out.logitree", "--support", "5", "--json", "--quiet"))
    var found = try await jsonObject(
      workspace.succeed("support", "out.logitree", "--replicates", "5", "--json", "--quiet"))
    #expect(found.removeValue(forKey: "store") as? String == "out.logitree")
    #expect(found.removeValue(forKey: "peak_memory_bytes") is Int)
    #expect(found as NSDictionary == built["support"] as? NSDictionary)
    let keys = [
      "blocks", "estimated_merges", "indivisible_clusters", "kept_clusters", "mean_clade_support",
      "median_transfer_support", "nodes", "replicate_merges",
      "replicates", "seed",
    ]
    #expect(found.keys.sorted() == keys && found["blocks"] is NSNull)
    let without = try await jsonObject(workspace.succeed("build", "two.h5", "-o", "two.logitree", "--json", "--quiet"))
    #expect(without["support"] == nil)
    let root = try await jsonObject(
      workspace.succeed("support", "two.logitree", "--replicates", "5", "--json", "--quiet"))
    #expect(root.keys.sorted() == (keys + ["peak_memory_bytes", "store"]).sorted())
    #expect(root["nodes"] as? Int == 0 && root["median_transfer_support"] is NSNull)
  }

  @Test(
    "build --support, interrupted while it finds support, says that the hierarchy is there, and how to go on",
    arguments: [SIGINT, SIGTERM])
  func interrupted(signal: Int32) async throws {
    let workspace = try await Workspace(Self.wide)
    let expected = try await workspace.build("x.h5", "--support", "8", "--seed", "2")
    let run = try workspace.start([
      "build", "x.h5", "-o", "y.logitree", "--support", "1000000", "--seed", "2", "--quiet",
    ])
    try await run.wait { FileManager.default.fileExists(atPath: workspace.path("y.logitree/manifest.json")) }
    run.send(signal)
    let end = try await run.finish()
    let command = "logitree support y.logitree --replicates 1000000 --seed 2"
    #expect(
      end.status == 75
        && end.errors
          == "logitree: error: interrupted; y.logitree has the hierarchy, which is complete. Its support goes on with \(command)\n",
      "\(end.errors)")
    try await workspace.succeed("support", "y.logitree", "--replicates", "8", "--seed", "2", "--quiet")
    #expect(try await merges("y.logitree", workspace) == expected)
  }

  @Test("A store that can't be written to is told of, and is left as it is", .enabled(if: SmallDisk.canBeMade))
  func readOnly() async throws {
    let workspace = try await Workspace("save('x.h5', blobs(300, 6)); os.mkdir('disk')")
    let disk = try SmallDisk(at: workspace.path("disk"))
    try disk.enlarge()
    let before = try await workspace.build(["x.h5", "--support", "3"], to: "disk/out.logitree")
    try disk.makeReadOnly()
    for command in [["support", "--replicates", "9"], ["update"]] {
      let run = try await workspace.logitree([command[0], "disk/out.logitree"] + command.dropFirst())
      #expect(
        run.status == 73 && run.errors.contains("out.logitree: can't be changed: Read-only file system; copy it"),
        "\(run.errors)")
    }
    #expect(try await merges("disk/out.logitree", workspace) == before)
  }
}
