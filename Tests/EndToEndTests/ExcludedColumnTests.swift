import Foundation
import Testing

@Suite("Columns that are no classes are left out", .byTurns)
struct ExcludedColumnTests {
  /// Logits whose columns 0, 7 and 19 are no classes, with numbers that would change everything; the same with −∞ there; and
  /// without these columns.
  private static let data = """
    out, kept = [0, 7, 19], [c for c in range(20) if c not in (0, 7, 19)]
    x = blobs(3000, 20).astype("f4")
    x[:, 0] = 30; x[::3, 7] = np.nan; x[1::2, 19] = np.inf
    masked = x.copy(); masked[:, out] = -np.inf
    for name, type in (("f4", "f4"), ("f2", "f2"), ("f8", "f8"), ("be", ">f4")):
        save(f"{name}.h5", x.astype(type)); save(f"{name}-masked.h5", masked.astype(type))
    rest = np.delete(x, out, axis=1)
    save("rest.h5", rest)
    p = np.exp(np.delete(masked, out, axis=1).astype("f8"))
    q = np.zeros(x.shape); q[:, kept] = p * 0.3 / p.sum(1, keepdims=True); q[:, 0] = 0.7
    save("p.h5", q); save("p-rest.h5", p / p.sum(1, keepdims=True))
    names = [f"class {c}" for c in range(20)]
    names[0], names[7], names[19] = "<blank>", "pad", "pad"
    open("names.txt", "w").write("\\n".join(names) + "\\n")
    open("rest.txt", "w").write("\\n".join(names[c] for c in kept) + "\\n")
    open("out.txt", "w").write("<blank>\\npad\\n")
    np.save("labels.npy", np.delete(masked, out, axis=1).argmax(1)); np.save("own.npy", masked.argmax(1))
    """

  @Test("As if their logits were −∞, in each type", arguments: ["f4", "f2", "f8", "be"])
  func types(type: String) async throws {
    let workspace = try await Workspace(Self.data)
    let masked = try await workspace.build("\(type)-masked.h5", "--names", "names.txt")
    #expect(try await workspace.build("\(type).h5", "--names", "names.txt", "--without", "<blank>,pad") == masked)
    #expect(
      try await workspace.build("\(type).h5", "--names", "names.txt", "--sketch-width", "0", "--without", "0,7,#19")
        .count > 0)
  }

  @Test("As if they were not in the file: the same tree, by names; of probabilities too")
  func deleted() async throws {
    let workspace = try await Workspace(Self.data)
    for (file, rest, kind) in [("f4.h5", "rest.h5", "logits"), ("p.h5", "p-rest.h5", "probabilities")] {
      var trees: [Data] = []
      for arguments in [[file, "--names", "names.txt", "--without", "out.txt"], [rest, "--names", "rest.txt"]] {
        _ = try await workspace.build(arguments + ["--kind", kind])
        try await workspace.succeed("check", "out.logitree")
        trees.append(
          try await workspace.succeed("export", "out.logitree", "--format", "newick", "--support-as", "none"))
        let run = try await workspace.logitree(
          ["build", "-o", "out.logitree", "--replace", "--kind", kind, "--json"] + arguments)
        #expect(!run.errors.contains("no rows") && !run.errors.contains("sum"), "\(run.errors)")
        let excluded = try #require(jsonObject(run.output)["excluded_clusters"] as? [Int])
        #expect(excluded == (file == arguments[0] ? [0, 7, 19] : []))
      }
      #expect(trees[0] == trees[1], "\(file)")
    }
  }

  @Test("update, assign, evaluate, support and shards leave them out as build did")
  func everywhere() async throws {
    let workspace = try await Workspace(
      Self.data + "\nsave('a.h5', x[:1800]); save('b.h5', x[1800:]); save('b-rest.h5', rest[1800:])")
    let whole = try await workspace.build("f4.h5", "--names", "names.txt", "--without", "pad", "--without", "#0")
    _ = try await workspace.build(["a.h5", "--names", "names.txt", "--without", "out.txt"], to: "u.logitree")
    try await workspace.succeed("update", "u.logitree", "b.h5", "--quiet")
    #expect(try await workspace.succeed("export", "u.logitree", "--format", "merges") == whole)
    for shard in ["1/2", "2/2"] {
      try await workspace.succeed(
        "scan", "a.h5", "b.h5", "--names", "names.txt", "--without", "<blank>", "--without", "pad", "--shard", shard,
        "-o", "shards", "--quiet")
    }
    try await workspace.succeed("combine", "shards", "-o", "s.logitree", "--quiet")
    #expect(try await workspace.succeed("export", "s.logitree", "--format", "merges") == whole)
    _ = try await workspace.build(["rest.h5", "--names", "rest.txt"], to: "r.logitree")
    for (store, file) in [("out.logitree", "b.h5"), ("r.logitree", "b-rest.h5")] {
      try await workspace.succeed("assign", store, file, "-k", "4", "-o", "\(store)-placed.h5", "--quiet")
      try await workspace.succeed("support", store, "--replicates", "5", "--quiet")
      try await workspace.succeed("export", store, "--format", "newick", "-o", "\(store).nwk")
    }
    try await workspace.python(
      """
      a, b = (h5py.File(f"{s}.logitree-placed.h5") for s in ("out", "r"))
      assert a.keys() == b.keys()
      pairs = set(zip(a["group"][:].tolist(), b["group"][:].tolist()))
      assert len(pairs) == len(set(p[0] for p in pairs)) == len(set(p[1] for p in pairs)) == 4, pairs
      np.testing.assert_allclose(a["probability"][:], b["probability"][:], atol=1e-6)
      """)
    let own = try await workspace.succeed("evaluate", "out.logitree", "--labels", "own.npy", "--json")
    let labellings = try #require(jsonObject(own)["labellings"] as? [[String: Any]])
    #expect(labellings.first?["accuracy"] as? Double == 1)
  }

  /// What is asked, and what is said.
  static let mistakes: [(arguments: [String], says: String)] = [
    (["--without", "blank"], "'blank' is neither the name of a column nor a number from 0 to 19"),
    (["--without", "20"], "'20' is neither"),
    (["--without", "0,,1"], "'' is neither"),
    (["--without", (0..<20).map(String.init).joined(separator: ",")], "--without leaves no column"),
  ]

  @Test("What is no column is a usage error", arguments: mistakes.indices)
  func wrong(index: Int) async throws {
    let workspace = try await Workspace(Self.data)
    let run = try await workspace.logitree(["build", "f4.h5", "-o", "out.logitree"] + Self.mistakes[index].arguments)
    #expect(run.status == 64 && run.errors.contains(Self.mistakes[index].says), "\(run.errors)")
    #expect(try !workspace.listing().contains { $0.hasPrefix("out.logitree") })
  }
}
