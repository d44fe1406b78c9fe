import Foundation
import Testing

@Suite("Standard output and standard error", .byTurns)
struct OutputStreamTests {
  @Test("--quiet prints nothing, for data that would bring warnings too")
  func quiet() async throws {
    let workspace = try await Workspace("x = blobs(500, 9); x[:, 4] = -99; save('x.h5', x)")
    let run = try await workspace.logitree("build", "x.h5", "-o", "out.logitree", "--quiet")
    #expect(run.status == 0)
    #expect(run.errors.isEmpty, "\(run.errors)")
    #expect(run.output.isEmpty)
    let failure = try await workspace.logitree("build", "no.h5", "-o", "out.logitree", "--quiet")
    #expect(failure.status == 66)
    #expect(failure.errorLines.count == 1, "errors are printed all the same: \(failure.errors)")
  }

  @Test("--json prints one object with the run's figures, alone with --quiet")
  func json() async throws {
    let workspace = try await Workspace("x = blobs(500, 9); x[:, 4] = -99; save('x.h5', x)")
    for flags in [["--json"], ["--json", "--quiet"]] {
      let run = try await workspace.logitree(["build", "x.h5", "-o", "out.logitree"] + flags)
      #expect(run.status == 0)
      #expect(run.errors.isEmpty == flags.contains("--quiet"))
      let summary = try jsonObject(run.output)
      #expect(
        summary.keys.sorted() == [
          "clusters", "empty_clusters", "estimated_merges", "exact_merges", "excluded_clusters", "irregular_rows",
          "merges", "near_ties", "passes", "peak_memory_bytes", "rows", "seconds", "sketch_merges", "sketch_width",
          "skipped_rows",
          "store", "unwritten_rows",
        ])
      #expect(summary["store"] as? String == "out.logitree")
      #expect(summary["rows"] as? Int == 500)
      #expect(summary["clusters"] as? Int == 9)
      #expect(summary["empty_clusters"] as? [Int] == [4])
      #expect(summary["merges"] as? Int == 7)
      #expect(summary["skipped_rows"] as? Int == 0 && summary["unwritten_rows"] as? Int == 0)
      let facts = try await StoreFacts("out.logitree", in: workspace)
      #expect(summary["near_ties"] as? Int == facts.nearTies.count(where: \.self))
      #expect(try #require(summary["seconds"] as? Double) > 0)
    }
  }

  @Test("Without them, a summary goes to standard error, and show prints it with the tree")
  func summary() async throws {
    let workspace = try Workspace()
    let run = try await workspace.logitree(
      "build", Package.exampleLogits, "--names", Package.exampleNames, "-o", "out.logitree")
    #expect(run.status == 0)
    #expect(run.output.isEmpty)
    let figures = "out.logitree: 6,033 rows, 97 clusters (0 empty), 96 merges, "
    #expect(run.errors.contains(figures), "\(run.errors)")
    let shown = try await workspace.logitree("show", "out.logitree")
    #expect(shown.status == 0)
    #expect(shown.errors.isEmpty)
    #expect(shown.outputText.contains(figures))
    let names = try String(contentsOfFile: Package.exampleNames, encoding: .utf8).split(separator: "\n")
    let lines = shown.outputText.split(separator: "\n")
    for name in names { #expect(lines.contains { $0.contains(name) }, "\(name)") }
  }
}

@Suite("Data with clusters that have no rows", .byTurns)
struct EmptyClusterTests {
  /// What every format makes of a tree, as Python finds it.
  private func exports(_ workspace: Workspace) async throws {
    for (format, file) in [
      ("json", "t.json"), ("newick", "t.nwk"), ("linkage", "t.npy"), ("merges", "t.csv"), ("dot", "t.dot"),
    ] {
      try await workspace.succeed("export", "out.logitree", "--format", format, "-o", file)
    }
  }

  @Test("All rows in one cluster make a tree of a single leaf, with a warning")
  func oneCluster() async throws {
    let workspace = try await Workspace(
      """
      x = blobs(500, 9); x[:, 3] = 99; save("x.h5", x)
      open("names.txt", "w").write("\\n".join("abcdefghi"))
      """)
    let run = try await workspace.logitree("build", "x.h5", "-o", "out.logitree", "--names", "names.txt", "--json")
    #expect(run.status == 0)
    #expect(run.errors.contains("warning: all rows are assigned to one cluster"), "\(run.errors)")
    #expect(run.errors.contains("warning: 8 clusters have no rows and are not in the tree"), "\(run.errors)")
    let summary = try jsonObject(run.output)
    #expect(summary["merges"] as? Int == 0)
    #expect(summary["empty_clusters"] as? [Int] == [0, 1, 2, 4, 5, 6, 7, 8])
    #expect(try await String(decoding: workspace.succeed("show", "out.logitree"), as: UTF8.self).contains("d"))

    try await exports(workspace)
    try await workspace.python(
      """
      import pydot
      from Bio import Phylo
      tree = json.load(open("t.json"))
      assert tree["tree"]["name"] == "d" and "children" not in tree["tree"], tree
      assert tree["merges"] == [] and tree["empty"] == [0, 1, 2, 4, 5, 6, 7, 8], tree
      assert [c.name for c in Phylo.read("t.nwk", "newick").get_terminals()] == ["d"]
      assert np.load("t.npy").shape == (0, 4)
      assert open("t.csv").read() == ",".join(oracle.COLUMNS) + ",evidence\\n"
      [graph] = pydot.graph_from_dot_file("t.dot")
      assert [n.get_label() for n in graph.get_nodes() if n.get_label()] == ['"d"'] and not graph.get_edges()
      """)
  }

  @Test("Some empty clusters are listed with a warning, and left out of the tree")
  func someEmpty() async throws {
    let workspace = try await Workspace(
      """
      x = blobs(3000, 20); x[:, [0, 7, 19]] = -999; save("x.h5", x)
      open("names.txt", "w").write("\\n".join(f"name {i}" for i in range(20)))
      """)
    let run = try await workspace.logitree("build", "x.h5", "-o", "out.logitree", "--names", "names.txt", "--json")
    #expect(run.status == 0)
    #expect(
      run.errors.contains("warning: 3 clusters have no rows and are not in the tree: name 0, name 7, name 19"),
      "\(run.errors)")
    #expect(try jsonObject(run.output)["empty_clusters"] as? [Int] == [0, 7, 19])
    let shown = try await String(decoding: workspace.succeed("show", "out.logitree"), as: UTF8.self)
    #expect(shown.contains("name 0, name 7, name 19"))

    try await exports(workspace)
    try await workspace.python(
      """
      from scipy.cluster.hierarchy import dendrogram, is_valid_linkage
      from Bio import Phylo
      expected = {f"name {i}" for i in range(20)} - {"name 0", "name 7", "name 19"}
      tree = json.load(open("t.json"))
      assert tree["empty"] == [0, 7, 19]
      assert [c["samples"] for c in tree["clusters"] if c["id"] in (0, 7, 19)] == [0, 0, 0]
      assert [c["mean_probability"] for c in tree["clusters"] if c["id"] in (0, 7, 19)] == [None] * 3
      assert {c.name for c in Phylo.read("t.nwk", "newick").get_terminals()} == expected
      linkage = np.load("t.npy")
      assert linkage.shape == (16, 4) and is_valid_linkage(linkage, throw=True)
      assert len(dendrogram(linkage, no_plot=True)["leaves"]) == 17
      # SciPy's leaf i is the i-th cluster in the tree; its leaf sets are the merges'.
      leaves = [i for i in range(20) if i not in (0, 7, 19)]
      mine = {c: frozenset([c]) for c in leaves}
      theirs = dict(enumerate(frozenset([c]) for c in leaves))
      for t, (row, pair) in enumerate(zip(csv.DictReader(open("t.csv")), linkage)):
          mine[int(row["node"])] = mine[int(row["lowest"])] | mine[int(row["partner"])]
          theirs[17 + t] = theirs[int(pair[0])] | theirs[int(pair[1])]
          assert int(row["node"]) == 20 + t
          assert mine[20 + t] == theirs[17 + t] and len(mine[20 + t]) == pair[3] and pair[2] == t + 1
      assert t == 15
      """)
  }
}
