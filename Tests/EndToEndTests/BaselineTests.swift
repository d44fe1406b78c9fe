import Foundation
import TestSupport
import Testing

@Suite("Trees of other methods", .byTurns)
struct BaselineTests {
  /// Rows in two files, some of them confident, labels for most of them, and names.
  private static func data(_ seed: UInt64) -> String {
    """
    random = np.random.default_rng(\(seed))
    k = int(random.integers(3, 40))
    n = int(random.integers(k, 20 * k))
    x = (make_cases.blobs(random, n, k, random.uniform(0.3, 2)) * random.uniform(0.5, 3)).astype("f4")
    labels = np.where(random.random(n) < 0.7, x.argmax(1), random.integers(-1, k, n))
    names = [f"name {c}" for c in range(k)]

    """
  }

  private static let files = """
    save("a.h5", x[:n // 2 + 1]); save("b.h5", x[n // 2 + 1:]) if n > 2 else None
    np.save("labels.npy", labels)
    open("names.txt", "w").write("\\n".join(names))
    """

  private func workspace(_ seed: UInt64) async throws -> Workspace {
    let workspace = try await Workspace(Self.data(seed) + Self.files)
    _ = try await workspace.build(["a.h5", "b.h5", "--names", "names.txt"])
    return workspace
  }

  private static let methods = [
    ("affinity", ["--method", "average-affinity"]), ("correlation", ["--method", "correlation"]),
    ("confusion", ["--method", "confusion", "--labels", "labels.npy"]),
  ]

  /// The distances by their definition.
  private static let oracle = """
    from scipy.cluster.hierarchy import linkage, cophenet
    from scipy.spatial.distance import squareform
    import dendropy
    assigned = x.argmax(1)
    counts = np.bincount(assigned, minlength=k)
    leaves = np.flatnonzero(counts)
    expected = {}
    share = np.load("affinity.npy") / np.maximum(counts, 1)[:, None]
    expected["affinity"] = 1 - (share + share.T) / 2
    logits = x.astype("f8")
    mean = np.zeros((k, k))
    for c in leaves:
        mean[c] = logits[assigned == c].mean(0)
    above = mean[np.ix_(leaves, leaves)]
    correlation = np.zeros((k, k))
    correlation[np.ix_(leaves, leaves)] = np.corrcoef(above - above.mean(0))
    expected["correlation"] = 1 - correlation
    table = np.zeros((k, k))
    np.add.at(table, (labels[labels >= 0], assigned[labels >= 0]), 1)
    part = table / np.maximum(table.sum(1, keepdims=True), 1)
    expected["confusion"] = 1 - (part + part.T) / 2
    for method, distances in expected.items():
        condensed = distances[np.ix_(leaves, leaves)][np.triu_indices(len(leaves), 1)]
        found = np.load(f"{method}-distances.npy")
        assert found.shape == condensed.shape
        np.testing.assert_allclose(found, condensed, rtol=0, atol=1e-8 if method == "correlation" else 1e-15)
        # SciPy gives the same tree, to the bit, of the same distances.
        tree = linkage(found, method="average")
        assert np.array_equal(np.load(f"{method}-linkage.npy"), tree), method
        newick = dendropy.Tree.get(path=f"{method}.nwk", schema="newick", preserve_underscores=True)
        pairs = newick.phylogenetic_distance_matrix()
        taxa = {t.label: t for t in newick.taxon_namespace}
        assert sorted(taxa) == sorted(names[c] for c in leaves)
        heights = [pairs(taxa[names[a]], taxa[names[b]]) / 2 for i, a in enumerate(leaves) for b in leaves[i + 1:]]
        np.testing.assert_allclose(heights, cophenet(tree), atol=1e-9)
    """

  @Test("Distances are those of the definition, and trees are SciPy's average linkage of them", arguments: seeds(6))
  func oracle(seed: UInt64) async throws {
    let workspace = try await workspace(seed)
    try await workspace.succeed("export", "out.logitree", "--format", "affinity", "-o", "affinity.npy")
    for (name, method) in Self.methods {
      try await workspace.succeed(
        ["baseline", "out.logitree", "-o", "\(name).nwk", "--distances", "\(name)-distances.npy", "--quiet"] + method)
      try await workspace.succeed(["baseline", "out.logitree", "-o", "\(name)-linkage.npy", "--quiet"] + method)
    }
    try await workspace.python(Self.data(seed) + Self.oracle)
  }

  @Test("Threads, memory, kernels and how rows came together make no difference")
  func same() async throws {
    let workspace = try await workspace(7)
    _ = try await workspace.build(["a.h5", "--names", "names.txt"], to: "grown.logitree")
    try await workspace.succeed("update", "grown.logitree", "b.h5", "--quiet")
    for (_, method) in Self.methods {
      let expected = try await workspace.succeed(["baseline", "out.logitree", "--quiet"] + method)
      #expect(!expected.isEmpty)
      for more in [["--threads", "1"], ["--threads", "7"], ["--memory", "48MiB"]] {
        #expect(try await workspace.succeed(["baseline", "out.logitree", "--quiet"] + method + more) == expected)
      }
      #expect(try await workspace.succeed(["baseline", "grown.logitree", "--quiet"] + method) == expected)
      let plain = try await workspace.logitree(
        ["baseline", "out.logitree", "--quiet"] + method, environment: ["LOGITREE_KERNEL": "baseline"])
      #expect(plain.output == expected)
    }
  }

  @Test("Rows left out stay out, in probabilities too, and −∞ is no obstacle")
  func kinds() async throws {
    let workspace = try await Workspace(
      """
      x = blobs(300, 9).astype("f8")
      p = np.exp(x - x.max(1, keepdims=True)); p /= p.sum(1, keepdims=True)
      p[p < 1e-3] = 0
      save("x.h5", x)
      y = x.copy(); y[5, 3] = np.nan; y[299] = np.inf
      save("y.h5", y)
      save("z.h5", np.delete(x, [5, 299], axis=0))
      save("p.h5", p)
      with np.errstate(divide="ignore"):
          save("l.h5", np.log(p))
      """)
    func tree(_ arguments: [String]) async throws -> String {
      _ = try await workspace.build(arguments, to: "s.logitree")
      return String(
        decoding: try await workspace.succeed("baseline", "s.logitree", "--method", "correlation", "--quiet"),
        as: UTF8.self)
    }
    #expect(try await tree(["y.h5", "--on-invalid", "skip"]) == tree(["z.h5"]))
    let shape = { (text: String) in text.replacing(#/:[0-9.e-]+/#, with: "") }
    let probabilities = try await tree(["p.h5", "--kind", "probabilities"])
    #expect(try await shape(probabilities) == shape(tree(["l.h5", "--kind", "log-probabilities"])))
  }

  @Test("Mistakes have their exit codes and leave nothing")
  func mistakes() async throws {
    let workspace = try await workspace(3)
    try workspace.write("class,group\n", to: "no.csv")
    try workspace.write(String(repeating: "nothing\n", count: 10_000), to: "long.txt")
    try await workspace.python(Self.data(3) + "open('other.txt', 'w').write('nobody\\n' * n)")
    let before = try workspace.listing()
    for (arguments, status, says) in [
      (["out.logitree"], Int32(64), "--method"),
      (["out.logitree", "--method", "ward"], 64, "average-affinity"),
      (["out.logitree", "--method", "confusion"], 64, "--labels"),
      (["out.logitree", "--method", "correlation", "--labels", "labels.npy"], 64, "--method confusion"),
      (["out.logitree", "--method", "correlation", "--json"], 64, "-o FILE"),
      (["out.logitree", "--method", "correlation", "-o", "t.npy", "--distances", "t.npy"], 64, "two files"),
      (["out.logitree", "--method", "confusion", "--labels", "other.txt"], 65, "other.txt"),
      (["out.logitree", "--method", "confusion", "--labels", "long.txt"], 65, "long.txt"),
      (["none.logitree", "--method", "correlation"], 66, "none.logitree"),
      (["out.logitree", "--method", "correlation", "--memory", "1MiB"], 64, "--memory"),
      (["out.logitree", "--method", "average-affinity", "-o", "a.h5"], 73, "a.h5"),
      (["out.logitree", "--method", "average-affinity", "--distances", "b.h5"], 73, "b.h5"),
      (["out.logitree", "--method", "average-affinity", "-o", "no/t.nwk"], 73, "no/t.nwk"),
    ] {
      let run = try await workspace.logitree(["baseline"] + arguments)
      #expect(run.status == status && run.errors.contains(says), "\(arguments): \(run.status) \(run.errors)")
      #expect(run.output.isEmpty)
    }
    #expect(try workspace.listing() == before)
    // Rows that are not those that were scanned, or gone.
    try await workspace.python("os.rename('b.h5', 'c.h5')")
    let gone = try await workspace.logitree("baseline", "out.logitree", "--method", "correlation")
    #expect(gone.status == 66 && gone.errors.contains("b.h5"), "\(gone.errors)")
    try await workspace.python(Self.data(3) + "save('b.h5', x[:n - n // 2 - 1][::-1] + 1)")
    let changed = try await workspace.logitree("baseline", "out.logitree", "--method", "correlation")
    #expect(changed.status == 65 && changed.errors.contains("b.h5"), "\(changed.errors)")
    try await workspace.succeed("baseline", "out.logitree", "--method", "average-affinity")
  }
}
