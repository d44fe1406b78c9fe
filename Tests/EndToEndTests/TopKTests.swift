import Foundation
import TestSupport
import Testing

@Suite("Dumps of the k largest logits of each row: build --top-k", .byTurns)
struct TopKTests {
  /// A dump of the largest log-probabilities of clusters that have near and far relatives: `whole.h5`, `topk.h5`.
  private static func dump(rows: Int = 1500, clusters: Int = 60, k: Int = 8) -> String {
    """
    import topk
    random = np.random.default_rng(7)
    whole, lse = topk.normalized(blobs(\(rows), \(clusters)).astype("f8"))
    whole = whole.astype("f4")
    save("whole.h5", whole)
    indices, values = topk.largest(whole, \(k), random)
    save("topk.h5", values, "values")
    save("topk.h5", indices.astype("i4"), "indices")

    """
  }

  private static let arguments = ["topk.h5", "--top-k", "indices,values", "--clusters", "60"]

  /// A dump that topk.py wrote; it has more facts than these.
  private struct Case: Sendable, Decodable {
    let name, kind: String
    let clusters, width: Int
    /// Whether its values were computed and rounded in single precision, and the merges are of the logits before that.
    let isRounded: Bool
  }

  @Test("What is certified is what the method makes of the whole rows; with all logits, everything is")
  func cases() async throws {
    let environment = ProcessInfo.processInfo.environment
    let seed = environment["LOGITREE_SEED"] ?? "1"
    let count = environment["LOGITREE_CASES"] ?? (Package.runsLargeTests ? "200" : "8")
    print("random dumps: LOGITREE_SEED=\(seed) LOGITREE_CASES=\(count)")
    let workspace = try Workspace()
    try await workspace.python(file: "Tests/Oracle/topk.py", ".", "--count", count, "--seed", seed)
    let cases = try JSONDecoder().decode([Case].self, from: Data(workspace.text("cases.json").utf8))
    let certified = try await withThrowingTaskGroup(of: (certified: Int, all: Int).self) { group in
      for one in cases { group.addTask { try await compare(one, in: workspace, seed: seed) } }
      return try await group.reduce(into: (certified: 0, all: 0)) {
        $0 = ($0.certified + $1.certified, $0.all + $1.all)
      }
    }
    print("\(certified.certified) of \(certified.all) merges are certified before the first estimate")
    #expect(Double(certified.certified) > 0.85 * Double(certified.all))
  }

  private func compare(_ one: Case, in workspace: Workspace, seed: String) async throws -> (certified: Int, all: Int) {
    let expected = try MergeRow.table(workspace.text("\(one.name).csv"))
    var arguments = ["\(one.name).h5", "--top-k", "indices,values", "--clusters", "\(one.clusters)"]
    if one.kind == "logits" { arguments += ["--normalizer", "lse"] }
    if one.kind == "probabilities" { arguments += ["--kind", one.kind] }
    try await workspace.succeed(
      ["build", "-o", "\(one.name).logitree", "--allow-estimates", "--quiet"] + arguments)
    let whole = try await StoreFacts("\(one.name).logitree", in: workspace)
    let found = whole.certified
    #expect(whole.merges.count == expected.count)
    let certain = Array(expected.prefix(found.merges.count))
    // Scores are as good as the numbers that the dump has.
    let comparison = Comparison.of(
      found, with: certain, tolerance: one.isRounded ? 5e-6 : 1e-6,
      gapsAreCertain: one.width < one.clusters || one.isRounded)
    if case .different(let difference) = comparison { Issue.record("seed \(seed), \(one): \(difference)") }
    #expect(whole.merges.dropFirst(found.merges.count).allSatisfy { $0.evidence == "estimate" }, "seed \(seed), \(one)")
    if one.width == one.clusters, !one.isRounded {
      #expect(found.merges.count == expected.count, "seed \(seed), \(one)")
    }
    return (found.merges.count, expected.count)
  }

  @Test("All containers, types, orders and shapes of the arrays give the same merges, and so do all processors")
  func sameness() async throws {
    let workspace = try await Workspace(
      Self.dump() + """
        import containers, torch_files, zarr_files
        order = random.permuted(np.tile(np.arange(8), (1500, 1)), axis=1)
        shuffled = [np.take_along_axis(array, order, 1) for array in (values, indices)]
        for name, type in {"u1": "u1", "i8": "i8", "big": ">i8"}.items():
            save(f"{name}.h5", shuffled[0], "values", chunks=(97, 3), compression="gzip")
            save(f"{name}.h5", shuffled[1].astype(type), "indices", chunks=(1000, 8), compression="lzf", shuffle=True)
        save("batches.h5", values.reshape(15, 100, 8), "values", chunks=(4, 70, 8))
        save("batches.h5", indices.reshape(15, 100, 8), "indices")
        np.savez("x.npz", values=values, indices=indices)
        np.savez_compressed("small.npz", values=values.astype("f8"), indices=indices.astype("u2"))
        tensor = torch_files.Tensor
        torch_files.write_torch("x.pt", dict(values=tensor(values), indices=tensor(indices.astype("i8"))))
        zarr_files.write_zarr("x.zarr/values", values, (97, 3), codecs=["zlib"])
        zarr_files.write_zarr("x.zarr/indices", indices.astype("i4"), (500, 8), version=3, fill=0)
        open("x.zarr/.zgroup", "w").write('{"zarr_format": 2}')
        np.save("x.npy", values)
        containers.write_safetensors("x.safetensors", {"values": ("F32", values), "indices": ("I64", indices)})
        """)
    let expected = try await workspace.build(Self.arguments + ["--allow-estimates"])
    for way in ["u1.h5", "i8.h5", "big.h5", "batches.h5", "x.npz", "small.npz", "x.safetensors", "x.pt", "x.zarr"] {
      let found = try await workspace.build([way] + Self.arguments.dropFirst() + ["--allow-estimates"])
      #expect(found == expected, "\(way)")
    }
    let single = try await workspace.logitree(["build", "x.npy", "-o", "n.logitree"] + Self.arguments.dropFirst())
    #expect(single.status == 65 && single.errors.contains("x.npy: holds one array"), "\(single.errors)")
    for kernel in ["baseline", "v3", "v4"] {
      let built = try await workspace.logitree(
        ["build", "-o", "\(kernel).logitree", "--allow-estimates"] + Self.arguments,
        environment: ["LOGITREE_KERNEL": kernel])
      #expect(built.status == 0, "\(built.errors)")
      #expect(try await workspace.succeed("export", "\(kernel).logitree", "--format", "merges") == expected)
      #expect(try segments("\(kernel).logitree", workspace) == segments("baseline.logitree", workspace))
    }
  }

  @Test("Rows without a header, in a file or through a pipe, give the merges of the arrays; with log-sum-exp too")
  func records() async throws {
    let workspace = try await Workspace(
      Self.dump() + """
        def record(file, type, **parts):
            fields = [(name, kind, part.shape[1:]) for (name, part), kind in zip(parts.items(), type.split())]
            rows = np.zeros(1500, np.dtype(fields))
            for name, part in parts.items():
                rows[name] = part
            rows.tofile(file)
        record("plain.bin", "f4 i4", values=values, indices=indices)
        shifted = values.astype("f8") + lse[:, None]
        record("sums.bin", ">f8 >u2 f4", values=shifted, indices=indices, sums=lse.astype("f4"))
        save("logits.h5", shifted, "values")
        save("logits.h5", indices.astype("i4"), "indices")
        save("logits.h5", lse.astype("f4"), "lse")
        """)
    let estimates = ["--allow-estimates", "--quiet", "-o"]
    func merges(_ store: String) async throws -> Data {
      try await workspace.succeed("export", store, "--format", "merges")
    }
    let forms = [
      "plain": (["topk.h5", "--top-k", "indices,values"], "float32", ["--top-k", "8", "--clusters", "60"]),
      "sums": (
        ["logits.h5", "--top-k", "indices,values", "--normalizer", "lse"], "float64-be",
        ["--top-k", "8", "--index-type", "uint16-be", "--normalizer", "float32", "--clusters", "60"]
      ),
    ]
    for (name, (arrays, type, form)) in forms {
      let stores = ["arrays", "file", "pipe", "spool", "shards", "grown"].map { "\($0)-\(name).logitree" }
      try await workspace.succeed(["build"] + arrays + ["--clusters", "60"] + estimates + [stores[0]])
      try await workspace.succeed(["build", "\(name).bin", "--raw", type] + form + estimates + [stores[1]])
      let pipe = ["--type", type] + form
      func send(_ rows: String, _ arguments: [String]) async throws {
        let script = "p.write(np.fromfile('\(name).bin', 'u1').reshape(1500, -1)\(rows).tobytes())"
        let sent = try await workspace.pipe(arguments.joined(separator: " "), script)
        #expect(sent.status == 0, "\(arguments): \(sent.errors)")
      }
      try await send("[:]", ["build", "-"] + pipe + estimates + [stores[2]])
      try await send("[:]", ["build", "-", "--spool", "."] + pipe + estimates + [stores[3]])
      for share in ["1/2", "2/2"] {
        try await workspace.succeed(
          ["scan", "\(name).bin", "--raw", type, "--shard", share, "--quiet", "-o", "shards-\(name)"] + form)
      }
      try await workspace.succeed(["combine", "shards-\(name)"] + estimates + [stores[4]])
      try await send("[:800]", ["build", "-"] + pipe + estimates + [stores[5]])
      try await send("[800:]", ["update", stores[5], "-", "--allow-estimates", "--quiet"] + pipe)
      let expected = try await merges(stores[0])
      for store in stores { #expect(try await merges(store) == expected, "\(store)") }
    }
    let odd = try await workspace.logitree(
      "build", "plain.bin", "--raw", "float32", "--top-k", "9", "--clusters", "60", "-o", "odd")
    #expect(odd.status == 65 && odd.errors.contains("no multiple of the 72 bytes of a row"), "\(odd.errors)")
    let narrow = try await workspace.pipe(
      "build - --type float32 --top-k 8 --clusters 6 -o odd", "p.write(open('plain.bin', 'rb').read())")
    #expect(narrow.status == 65 && narrow.errors.contains("standard input: has 8 values of each row"), "\(narrow)")
    let mixed = try await workspace.pipe(
      "update pipe-sums.logitree - --type float32 --trust-type --top-k 8 --clusters 60",
      "p.write(open('plain.bin', 'rb').read())")
    #expect(mixed.status == 65 && mixed.errors.contains("log-sum-exp"), "\(mixed)")
    for arguments in [["t.bin", "--raw", "float32", "--top-k", "a,b"], ["topk.h5", "--top-k", "8"]] {
      let refused = try await workspace.logitree(["build", "-o", "odd", "--clusters", "60"] + arguments)
      #expect(refused.status == 64, "\(arguments): \(refused.errors)")
    }
  }

  private func segments(_ store: String, _ workspace: Workspace) throws -> Data {
    try Data(contentsOf: workspace.url.appending(path: "\(store)/segment-000001.h5"))
  }

  @Test("What is not certified is refused, and taken as an estimate where that is allowed, and counted")
  func estimates() async throws {
    let workspace = try await Workspace(Self.dump(k: 4))
    let refused = try await workspace.logitree(["build", "-o", "x.logitree"] + Self.arguments)
    #expect(refused.status == 65)
    #expect(refused.errors.contains("merges can't be decided by the 4 largest logits of each row"), "\(refused.errors)")
    #expect(refused.errors.contains("--allow-estimates"), "\(refused.errors)")

    let built = try await workspace.logitree(
      ["build", "-o", "x.logitree", "--allow-estimates", "--json"] + Self.arguments)
    #expect(built.status == 0)
    let summary = try jsonObject(built.output)
    let estimated = try #require(summary["estimated_merges"] as? Int)
    #expect(estimated > 0)
    #expect(built.errors.contains("since only the 4 largest logits of each row are there"), "\(built.errors)")
    #expect(built.errors.contains("\(estimated) merge"), "\(built.errors)")
    #expect(built.errors.contains("from step \(60 - estimated) on"), "\(built.errors)")
    let merges = try await workspace.succeed("export", "x.logitree", "--format", "merges")
    #expect(try MergeRow.table(merges).count { $0.evidence == "estimate" } == estimated)
  }

  @Test("Rows that are appended, and shares of a scan, come to what one build does")
  func updatesAndShards() async throws {
    let workspace = try await Workspace(
      Self.dump() + """
        def part(file, rows):
            save(file, values[rows], "values", maxshape=(None, 8), chunks=(100, 8))
            save(file, indices[rows], "indices", maxshape=(None, 8), chunks=(100, 8))
        part("a.h5", slice(0, 700))
        part("b.h5", slice(1000, 1500))
        """)
    let expected = try await workspace.build(Self.arguments + ["--allow-estimates"])
    let options = Array(Self.arguments.dropFirst())
    try await workspace.succeed(["build", "a.h5", "-o", "a.logitree", "--quiet", "--allow-estimates"] + options)
    try await workspace.python(
      """
      with h5py.File("topk.h5") as whole, h5py.File("a.h5", "a") as file:
          for name in ["values", "indices"]:
              file[name].resize((1000, 8))
              file[name][700:] = whole[name][700:1000]
      """)
    try await workspace.succeed("update", "a.logitree", "b.h5", "--quiet", "--allow-estimates")
    #expect(try await workspace.succeed("export", "a.logitree", "--format", "merges") == expected)
    let check = try await workspace.logitree("check", "a.logitree")
    #expect(check.status == 0, "\(check.errors)")

    let shares = ["2/3", "1/3"]
    try await workspace.run(shares, ["scan"] + Self.arguments)
    let missing = try await workspace.logitree("combine", "shards", "-o", "s.logitree")
    let command = try #require(missing.errorLines.last).split(separator: " ").map(String.init)
    #expect(command.contains("--top-k") && command.contains("3/3"), "\(missing.errors)")
    try await workspace.succeed(Array(command.dropFirst()))
    let refused = try await workspace.logitree("combine", "shards", "-o", "s.logitree")
    #expect(refused.status == 65 && refused.errors.contains("can't be decided"), "\(refused.errors)")
    try await workspace.succeed("combine", "shards", "-o", "s.logitree", "--quiet", "--allow-estimates")
    #expect(try await workspace.succeed("export", "s.logitree", "--format", "merges") == expected)
  }

  @Test("A store of a dump is evaluated and resampled by what it holds; what takes whole rows is refused")
  func queries() async throws {
    let workspace = try await Workspace(Self.dump() + "np.save('labels.npy', whole.argmax(1))")
    _ = try await workspace.build(Self.arguments + ["--allow-estimates"])
    let evaluated = try await workspace.succeed("evaluate", "out.logitree", "--labels", "labels.npy", "--json")
    let labellings = try #require(try jsonObject(evaluated)["labellings"] as? [[String: Any]])
    #expect(labellings.first?["accuracy"] as? Double == 1)
    try await workspace.succeed("levels", "out.logitree")
    try await workspace.succeed("support", "out.logitree", "--replicates", "3", "--quiet")
    let refusals = [
      ["assign", "out.logitree", "topk.h5:values", "-k", "5", "-o", "x.h5"],
      ["evaluate", "out.logitree", "--labels", "labels.npy", "--fit-temperature"],
    ]
    for refused in refusals {
      let run = try await workspace.logitree(refused)
      #expect(run.status == 65, "\(refused)")
      #expect(run.errors.contains("has only the 8 largest logits of each row"), "\(run.errors)")
    }
  }

  @Test("Rows of fewer values end in −∞, or in clusters of −1; invalid ones are left out where that is wanted")
  func padding() async throws {
    let workspace = try await Workspace(
      """
      import topk
      x = np.where(np.random.default_rng(3).random((400, 30)) < 0.2, blobs(400, 30), -np.inf)
      x[np.isneginf(x).all(1), 0] = 0
      whole = topk.normalized(x.astype("f8"))[0].astype("f4")
      save("whole.h5", whole)
      k = int(np.isfinite(whole).sum(1).max()) + 1
      indices, values = topk.largest(whole, k, np.random.default_rng(1))
      indices = indices.astype("i4")
      for name, holes in {"infinite": (values, np.where(np.isneginf(values), 0, indices)),
                          "minus": (np.where(np.isneginf(values), 0, values), np.where(np.isneginf(values), -1, indices))}.items():
          save(f"{name}.h5", holes[0], "values")
          save(f"{name}.h5", holes[1], "indices")
      bad = values.copy()
      bad[7, 3], bad[9] = np.nan, np.log(0.5)
      save("bad.h5", bad, "values")
      save("bad.h5", indices, "indices")
      save("good.h5", np.delete(values, [7, 9], 0), "values")
      save("good.h5", np.delete(indices, [7, 9], 0), "indices")
      """)
    let options = ["--top-k", "indices,values", "--clusters", "30", "--allow-estimates"]
    let infinite = try await workspace.build(["infinite.h5"] + options)
    #expect(try await workspace.build(["minus.h5"] + options) == infinite)
    let merges = try MergeRow.table(infinite)
    let expected = try MergeRow.table(try await workspace.build("whole.h5", "--kind", "log-probabilities"))
    #expect(zip(merges, expected).allSatisfy { $0.lowest == $1.lowest && $0.partner == $1.partner })
    let bad = try await workspace.build(["bad.h5", "--on-invalid", "skip"] + options)
    #expect(try await workspace.build(["good.h5"] + options) == bad)
  }

  /// A dump of six rows with something wrong, built with some options.
  private static func mistake(
    _ what: String, _ change: String, _ options: [String] = ["--clusters", "9"], says: String...
  ) -> Mistake {
    Mistake(
      what: what,
      script: """
        import topk
        whole, lse = topk.normalized(blobs(6, 9).astype("f8"))
        indices, values = topk.largest(whole.astype("f4"), 4, np.random.default_rng(1))
        \(change)
        save("x.h5", values, "values")
        save("x.h5", indices, "indices")
        save("x.h5", lse, "lse")
        """,
      arguments: ["build", "x.h5", "-o", "out/x.logitree", "--allow-estimates", "--top-k", "indices,values"] + options,
      status: 65, says: says)
  }

  private static let mistakes: [Mistake] = [
    mistake(
      "a value that is none", "values[4, 2] = np.nan", says: "x.h5:/values: row 4: value 2 is nan", "--on-invalid"),
    mistake("a cluster beyond all", "indices[3, 1] = 9", says: "x.h5:/indices: row 3: index 1 is 9", "clusters 0 to 8"),
    mistake("a cluster below 0", "indices[3, 1] = -2", says: "x.h5:/indices: row 3: index 1 is -2"),
    mistake("a cluster twice", "indices[5, 3] = indices[5, 0]", says: "x.h5:/indices: row 5: index 3", "already"),
    mistake("nothing at all", "values[2] = -np.inf", says: "x.h5:/values: row 2: no value"),
    mistake("logits", "values[1:] += 3", says: "x.h5:/values: row 1:", "they are no log-probabilities", "--normalizer"),
    mistake("probabilities", "values = np.exp(values)", says: "row 0:", "no log-probabilities", "--kind probabilities"),
    mistake("low logits", "values -= 30", says: "row 0:", "more than the other 5 clusters can have"),
    mistake(
      "too few values", "values[1] = [np.log(0.5)] + [-np.inf] * 3", says: "row 1: it has only 1 value, "),
    mistake(
      "another log-sum-exp", "lse[2] -= 1", ["--clusters", "9", "--normalizer", "lse"],
      says: "row 0:", "more than the other 5 clusters can have"),
    mistake(
      "a log-sum-exp that is none", "values += lse[:, None]; lse[2] = np.inf",
      ["--clusters", "9", "--normalizer", "lse"], says: "x.h5:/lse: row 2: the log-sum-exp is inf"),
    mistake("arrays swapped", "values, indices = indices, values", says: "--top-k values,indices"),
    mistake("arrays of other shapes", "indices = indices[:, :3]", says: "x.h5:/indices: has shape (6 × 3)", "(6 × 4)"),
    mistake(
      "log-sum-exps of other rows", "lse = lse[:5]", ["--clusters", "9", "--normalizer", "lse"],
      says: "x.h5:/lse: has shape (5)"),
    mistake("no indices", "indices = indices.astype('f4')", says: "x.h5:/indices: holds float32", "integers"),
    mistake("one value", "indices, values = indices[:, :1], values[:, :1]", says: "has 1 value of each row"),
    mistake(
      "more values than clusters", "", ["--clusters", "3"], says: "4 values of each row, more than", "--clusters"),
    mistake(
      "rows nobody wrote", "values[3:], indices[3:] = 0, 0", says: "x.h5:/values: rows 3..<6 were never written"),
  ]

  @Test("What can't be a dump is an error that names array and row", arguments: mistakes)
  func refusal(mistake: Mistake) async throws { try await mistake.check() }

  @Test(
    "Options that don't go together are refused",
    arguments: [
      (["--top-k", "indices,values"], "--clusters, or --names"),
      (["--top-k", "values", "--clusters", "9"], "takes two names"),
      (["--top-k", "indices,values", "--clusters", "9", "--kind", "logits"], "--normalizer"),
      (["--top-k", "indices,values", "--clusters", "9", "--temperature", "2"], "--temperature"),
      (["--top-k", "indices,values", "--clusters", "9", "--sketch-width", "0"], "--sketch-width"),
      (["--top-k", "indices,values", "--clusters", "9", "--without", "3"], "--without"),
      (["--normalizer", "lse"], "--top-k"),
    ])
  func usage(options: [String], says: String) async throws {
    let workspace = try await Workspace(Self.dump(rows: 9, clusters: 9, k: 3))
    let run = try await workspace.logitree(["build", "topk.h5", "-o", "x.logitree"] + options)
    #expect(run.status == 64)
    #expect(run.errors.contains(says), "\(run.errors)")
  }

  @Test("inspect knows a dump, and says what builds it")
  func inspect() async throws {
    let workspace = try await Workspace(Self.dump() + "save('topk.h5', lse, 'lse')")
    let found = try await workspace.succeed("inspect", "topk.h5")
    #expect(
      String(decoding: found, as: UTF8.self).contains(
        "logitree build topk.h5 --top-k indices,values --normalizer lse --clusters K -o STORE"))
  }
}
