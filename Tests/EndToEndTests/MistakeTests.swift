import Foundation
import Testing

@Suite("Mistakes are weighed by the tree and by taxonomies", .byTurns)
struct MistakeTests {
  /// Rows of 20 clusters, of which one has none; labels that mostly are the argmax; a taxonomy that lacks two clusters.
  private static let data = """
    x = blobs(3000, 20)
    x[:, 19] = -50
    random = np.random.default_rng(5)
    labels = np.where(random.random(3000) < 0.3, random.integers(0, 20, 3000), x.argmax(1))
    labels[random.integers(0, 3000, 50)] = -1

    """
  private static let files = """
    save("x.h5", x); save("a.h5", x[:1300]); save("b.h5", x[1300:]); np.save("labels.npy", labels)
    open("names.txt", "w").write("".join(f"c{i}\\n" for i in range(20)))
    open("named.txt", "w").write("".join(f"c{l}\\n" if l >= 0 else "\\n" for l in labels))
    with open("taxonomy.csv", "w") as file:
        print("class,genus,family", file=file)
        for i in range(18): print(f"c{i},g{i // 3},f{i // 9}", file=file)
        print("x1,g0,f0\\nx2,g9,f3", file=file)
    """

  private func evaluate(_ workspace: Workspace, _ arguments: String...) async throws -> Data {
    try await workspace.succeed("export", "out.logitree", "--format", "json", "-o", "tree.json")
    let found = try await workspace.succeed(["evaluate", "out.logitree", "--json"] + arguments)
    try workspace.write(found, to: "found.json")
    return found
  }

  /// Whether `found.json` is what the oracle gives.
  private static let check = """
    import mistakes
    found = json.load(open("found.json"))["mistakes"]
    tree = json.load(open("tree.json"))
    samples = [c["samples"] for c in tree["clusters"]]
    merges = [[m["lowest"], m["partner"]] for m in tree["merges"]]
    names = [f"c{i}" for i in range(20)]
    known = labels >= 0
    ranked = np.argsort(-x, axis=1, kind="stable")[known][:, :5].tolist()
    truth = labels[known].tolist()
    def close(a, b, what): assert (a is None) == (b is None) and (a is None or abs(a - b) < 1e-9), (what, a, b)
    def same(mine, his, what):
        for name, other in [("accuracy", "accuracy"), ("mean_height", "meanHeight"), ("mean_clusters", "meanClusters"),
                            ("mean_height_of_mistakes", "meanHeightOfMistakes"), ("hierarchical_precision", "precision"),
                            ("hierarchical_recall", "recall"), ("hierarchical_f1", "f1")]:
            if name in mine: close(mine[name], his[other], (what, name))
        if "mean_step" in mine: close(mine["mean_step"], his["meanCutHeight"], (what, "step"))
    def check(found, tree, heights):
        expected = mistakes.figures(tree, [[tree.leaf_of_cluster[c]] for c in range(20)], truth, ranked, heights)
        assert found["rows"] == expected["first"]["count"] and found["unknown_rows"] == 0
        same(found["top"], expected["first"], "top")
        if found["ranks"] is not None:
            same(found["nearest_of_ranked"], expected["nearest"], "nearest")
            same(found["ranked"], expected["ranked"], "ranked")
        for level, one, two in zip(found["levels"], expected["first"]["levels"], expected["nearest"]["levels"], strict=True):
            close(level["accuracy"], one, level)
            if found["ranks"] is not None: close(level["nearest_accuracy"], two, level)
        order = [entry["label"] for entry in found["classes"]]
        assert order == [names[entry["label"]] for entry in expected["classes"]], order
        for mine, his in zip(found["classes"], expected["classes"]):
            same(mine, his, mine["label"])
            wrong = his["mistakenFor"]
            assert mine.get("mistaken_for") == (None if wrong is None else names[wrong]), mine

    """
  private static let checkOwn =
    check + """
      own = mistakes.of_merges(20, samples, merges)
      assert found[0]["taxonomy"] is None and found[0]["clusters_not_in_tree"] == [n for n, s in zip(names, samples) if s == 0]
      groups = [level["groups"] for level in found[0]["levels"]]
      assert groups == [2, 5, 10]
      check(found[0], own, [len(merges) + 1 - k for k in groups])

      """
  private static let checkBoth =
    checkOwn + """
      taxonomy, leaves = mistakes.of_taxonomy("taxonomy.csv", names)
      assert [(l["name"], l["groups"]) for l in found[1]["levels"]] == [("genus", 6), ("family", 2)]
      assert found[1]["clusters_not_in_tree"] == ["c18", "c19"]
      check(found[1], taxonomy, [1, 2])
      """

  @Test("As NumPy has them, for numbers and names, whatever segments and inputs there are")
  func oracle() async throws {
    let workspace = try await Workspace(Self.data + Self.files)
    var results: [Data] = []
    for (arguments, labels) in [
      (["x.h5"], "labels.npy"), (["a.h5", "b.h5", "--memory", "40MiB"], "named.txt"),
      (["x.h5", "--sketch-width", "5"], "labels.npy"),
    ] {
      _ = try await workspace.build(arguments + ["--names", "names.txt"])
      results.append(try await evaluate(workspace, "--labels", labels, "--taxonomy", "taxonomy.csv"))
      try await workspace.python(Self.data + Self.checkBoth)
    }
    #expect(results[0] == results[2])
  }

  @Test(
    "Without sketches, or with narrow ones, it is the first cluster alone, and that is said", arguments: ["0", "4"])
  func narrow(width: String) async throws {
    let workspace = try await Workspace(Self.data + Self.files)
    _ = try await workspace.build(["x.h5", "--names", "names.txt", "--sketch-width", width])
    _ = try await evaluate(workspace, "--labels", "labels.npy", "--taxonomy", "taxonomy.csv")
    try await workspace.python(Self.data + Self.checkBoth + "\nassert found[0]['ranks'] is None")
    let run = try await workspace.logitree("evaluate", "out.logitree", "--labels", "labels.npy")
    #expect(run.errors.contains("mistakes are weighed for the top 1 alone") && !run.outputText.contains("nearest of 5"))
  }

  @Test("The tables name the tree, levels and the worst labels; clusters without rows are told")
  func tables() async throws {
    let workspace = try await Workspace(Self.data + Self.files)
    _ = try await workspace.build(["x.h5", "--names", "names.txt"])
    let run = try await workspace.logitree(
      "evaluate", "out.logitree", "--labels", "labels.npy", "--taxonomy", "taxonomy.csv", "--levels", "3,7")
    let lines = run.outputText.split(separator: "\n")
    for beginning in [
      "Mistakes weighed by the tree", "Mistakes weighed by taxonomy.csv", "in 3 groups ", "in 7 groups ", "in genus ",
      "in family ", "precision ", "worst mistakes ", "step ",
      "not listed: 1 label of clusters that are not in the tree",
    ] { #expect(lines.contains { $0.hasPrefix(beginning) }, "\(beginning) in \(run.outputText)") }
    #expect(
      run.errors.contains("2 clusters are not in taxonomy.csv, and meet others at its root: c18, c19"), "\(run.errors)")
  }

  @Test("Labels that are no clusters' are weighed by a taxonomy that has them, and by nothing else")
  func otherLabels() async throws {
    let workspace = try await Workspace(
      Self.data + Self.files
        + """

        open("other.txt", "w").write("".join(f"x{1 + i % 2}\\n" if i % 10 else "strange\\n" for i in range(3000)))
        """)
    _ = try await workspace.build(["x.h5", "--names", "names.txt"])
    let without = try jsonObject(await evaluate(workspace, "--labels", "other.txt"))
    #expect((without["mistakes"] as? [Any])?.isEmpty == true)
    let found = try jsonObject(await evaluate(workspace, "--labels", "other.txt", "--taxonomy", "taxonomy.csv"))
    let weighed = try #require((found["mistakes"] as? [[String: Any]])?.first)
    #expect(weighed["rows"] as? Int == 2700 && weighed["unknown_rows"] as? Int == 300)
    try await workspace.python(
      """
      found = json.load(open("found.json"))["mistakes"][0]
      with h5py.File("x.h5") as f: a = f["logits"][:].argmax(1)
      label = 1 + np.arange(3000) % 2
      heights = [1 if c < 3 and l == 1 else 2 if c < 9 and l == 1 else 3 for c, l, i in zip(a, label, range(3000)) if i % 10]
      assert abs(found["top"]["mean_height"] - np.mean(heights)) < 1e-9 and found["top"]["accuracy"] == 0
      """)
  }

  @Test("A store, a linkage matrix and columns that are not nested are trees to weigh by, too")
  func otherTrees() async throws {
    let workspace = try await Workspace(
      Self.data + Self.files
        + """

        with open("apart.csv", "w") as file:
            print("class,parity,third", file=file)
            for i in range(20): print(f"c{i},p{i % 2},t{i % 3}", file=file)
        from scipy.cluster.hierarchy import linkage
        np.save("linkage.npy", linkage(x.T[:, :200], "average"))
        """)
    _ = try await workspace.build(["x.h5", "--names", "names.txt"])
    let own = try jsonObject(await evaluate(workspace, "--labels", "labels.npy", "--taxonomy", "out.logitree"))
    let weighed = try #require(own["mistakes"] as? [[String: Any]])
    #expect(weighed.count == 2 && weighed[0]["top"] as? [String: Any] != nil)
    for name in ["mean_height", "mean_clusters", "hierarchical_precision", "hierarchical_recall"] {
      let values = weighed.map { ($0["top"] as? [String: Any])?[name] as? Double }
      #expect(values[0] == values[1] && values[0] != nil, "\(name)")
    }
    _ = try await evaluate(workspace, "--labels", "labels.npy", "--taxonomy", "apart.csv")
    try await workspace.python(
      Self.data
        + """
        found = json.load(open("found.json"))["mistakes"]
        assert [f.get("column") for f in found] == [None, "parity", "third"]
        known = labels >= 0
        a, l = x.argmax(1)[known], labels[known]
        for f, n in [(found[1], 2), (found[2], 3)]:
            heights = np.where(a == l, 0, np.where(a % n == l % n, 1, 2))
            assert abs(f["top"]["mean_height"] - heights.mean()) < 1e-12
            assert f["levels"] == [{"accuracy": np.mean(a % n == l % n), "groups": n, "name": f["column"],
                                    "nearest_accuracy": f["levels"][0]["nearest_accuracy"]}]
        """)
    let linkage = try jsonObject(await evaluate(workspace, "--labels", "labels.npy", "--taxonomy", "linkage.npy"))
    let levels = ((linkage["mistakes"] as? [[String: Any]])?.last)?["levels"] as? [[String: Any]]
    #expect(levels?.count == 18)
  }

  @Test(
    "What can't be weighed is an error with a reason and a code",
    arguments: [
      (["--taxonomy", "nothing.csv"], 66, "nothing.csv: no such file"),
      (["--taxonomy", "strange.csv"], 65, "has none of the clusters: these are c0, c1, c2"),
      (["--levels", "3,40"], 64, "can't cut into 40 groups"),
      (["--reference-kind", "edges"], 64, "--reference-kind goes with --taxonomy"),
      (["--taxonomy", "taxonomy.csv", "-o", "taxonomy.csv"], 73, "it is an input"),
    ])
  func errors(arguments: [String], status: Int32, message: String) async throws {
    let workspace = try await Workspace(
      Self.data + Self.files + "\nopen('strange.csv', 'w').write('class,group\\na,b\\nc,d\\n')")
    _ = try await workspace.build(["x.h5", "--names", "names.txt"])
    let run = try await workspace.logitree(["evaluate", "out.logitree", "--labels", "labels.npy"] + arguments)
    #expect(run.status == status && run.errors.contains(message), "\(run.status): \(run.errors)")
  }
}
