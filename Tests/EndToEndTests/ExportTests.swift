import Foundation
import Testing

@Suite("Other programs read the exports", .byTurns)
struct ExportTests {
  /// A built store out.logitree, its merges in merges.csv; Python then has `merges`, and `below`: the set of leaves
  /// below each node.
  private func languages() async throws -> Workspace {
    let workspace = try Workspace()
    try await workspace.write(
      workspace.build([Package.exampleLogits, "--names", Package.exampleNames]), to: "merges.csv")
    return workspace
  }

  private static let reading = """
    merges = [{k: v if k == "evidence" else json.loads(v) for k, v in row.items()}
              for row in csv.DictReader(open("merges.csv"))]
    k = merges[0]["node"]
    below = {c: frozenset([c]) for c in range(k)}
    for m in merges:
        below[m["node"]] = below[m["lowest"]] | below[m["partner"]]

    """

  @Test("SciPy takes the linkage matrix")
  func linkage() async throws {
    let workspace = try await languages()
    try await workspace.succeed("export", "out.logitree", "--format", "linkage", "-o", "linkage.npy")
    try await workspace.python(
      Self.reading + """
        from scipy.cluster.hierarchy import cut_tree, dendrogram, is_monotonic, is_valid_linkage
        z = np.load("linkage.npy")
        assert z.shape == (96, 4) and z.dtype == np.float64
        assert is_valid_linkage(z, throw=True) and is_monotonic(z)
        assert sorted(dendrogram(z, no_plot=True)["leaves"]) == list(range(97))
        for m, row in zip(merges, z):
            assert sorted([m["lowest"], m["partner"]]) == [row[0], row[1]]
            assert (m["step"], m["clusters"]) == (row[2], row[3])
        labels = cut_tree(z, 10).ravel()
        groups = {frozenset(np.flatnonzero(labels == g)) for g in range(10)}
        alive = set(range(k))
        for m in merges[:87]:
            alive = alive - {m["lowest"], m["partner"]} | {m["node"]}
        assert groups == {below[node] for node in alive}
        """)
  }

  @Test("Python's json takes the JSON: merges as in the CSV, and the tree that they make")
  func json() async throws {
    let workspace = try await languages()
    try await workspace.succeed("export", "out.logitree", "--format", "json", "-o", "tree.json")
    try await workspace.python(
      Self.reading + """
        names = open("\(Package.exampleNames)").read().splitlines()
        tree = json.load(open("tree.json"))
        assert tree["merges"] == merges and tree["empty"] == []
        with h5py.File("\(Package.exampleLogits)") as f:
            x = f["logits"][:].astype("f8")
        g = 1 / np.exp(x - x.max(1, keepdims=True)).sum(1)
        for c, cluster in enumerate(tree["clusters"]):
            mine = x.argmax(1) == c
            assert cluster["id"] == c and cluster["name"] == names[c] and cluster["samples"] == mine.sum()
            assert abs(cluster["mean_probability"] - g[mine].mean()) < 1e-6
        found = []
        def leaves(node):
            if "children" not in node:
                return frozenset([names.index(node["name"])])
            first, second = node["children"]
            found.append(leaves(first) | leaves(second))
            assert node["clusters"] == len(found[-1])
            return found[-1]
        assert leaves(tree["tree"]) == frozenset(range(97))
        assert sorted(map(sorted, found)) == sorted(sorted(below[m["node"]]) for m in merges)
        """)
  }

  static let awkwardNames = [
    "plain", "two words", "a, b", "it's", "rock 'n' roll", "double \"quotes\"", "(parentheses)", "[brackets]", "a:b",
    "semi;colon",
    "under_score", "back\\slash", "Größe", "日本語", "emoji 🐈", "n -> m", "{braces}", "#hash", "<b>", "50 %", "1.5e3",
    "digraph",
  ]

  /// A store whose clusters have awkward names, in names.txt.
  private func awkward() async throws -> Workspace {
    let workspace = try await Workspace("save('x.h5', blobs(4000, \(Self.awkwardNames.count)))")
    try workspace.write(Self.awkwardNames.joined(separator: "\n") + "\n", to: "names.txt")
    try await workspace.write(workspace.build("x.h5", "--names", "names.txt"), to: "merges.csv")
    return workspace
  }

  private static let names = "names = open(\"names.txt\").read().split(\"\\n\")[:-1]\n"

  @Test("Biopython takes the Newick: the names, however awkward, the merges' sets of leaves, the heights")
  func newick() async throws {
    let workspace = try await awkward()
    try await workspace.succeed("export", "out.logitree", "--format", "newick", "-o", "tree.nwk")
    try await workspace.python(
      Self.reading + Self.names + """
        from Bio import Phylo
        tree = Phylo.read("tree.nwk", "newick")
        found = [c.name for c in tree.get_terminals()]
        assert sorted(found) == sorted(names), set(found) ^ set(names)
        clades = {frozenset(names.index(leaf.name) for leaf in c.get_terminals()): c for c in tree.get_nonterminals()}
        assert set(clades) == {below[m["node"]] for m in merges}
        assert all(len(c.clades) == 2 for c in clades.values())
        # A node is as far above each of its leaves as its step says.
        for m in merges:
            clade = clades[below[m["node"]]]
            assert all(clade.distance(leaf) == m["step"] for leaf in clade.get_terminals())
        """)
  }

  @Test("A DOT parser takes the graph: the names, and the merges as edges")
  func dot() async throws {
    let workspace = try await awkward()
    try await workspace.succeed("export", "out.logitree", "--format", "dot", "-o", "tree.dot")
    try await workspace.python(
      Self.reading + Self.names + """
        import pydot
        [graph] = pydot.graph_from_dot_file("tree.dot")
        assert graph.get_type() == "digraph"
        unquoted = lambda label: label[1:-1].replace('\\\\"', '"').replace("\\\\\\\\", "\\\\")
        labels = {n.get_name(): unquoted(n.get_label()) for n in graph.get_nodes() if n.get_label()}
        assert labels == {f"n{c}": name for c, name in enumerate(names)}, labels
        edges = {(e.get_source(), e.get_destination()) for e in graph.get_edges()}
        assert edges == {(f"n{m['node']}", f"n{m[end]}") for m in merges for end in ("lowest", "partner")}
        """)
  }

  @Test("Graphviz shows names as they are, entities and escapes too", .enabled(if: Package.hasProgram("dot")))
  func graphviz() async throws {
    let workspace = try await Workspace(
      #"""
      names = ["&lt;s&gt;", "&nbsp;", "AT&amp;T", "R&D", "back\\N", 'q"x', "&#60;", "end\\", "\x1b[0m", "é"]
      save("x.h5", blobs(400, len(names)))
      open("names.txt", "w").write("".join(n + "\n" for n in names))
      """#)
    try await workspace.succeed("build", "x.h5", "--names", "names.txt", "-o", "out.logitree", "--quiet")
    try await workspace.succeed("export", "out.logitree", "--format", "dot", "-o", "tree.dot")
    try await workspace.python(
      #"""
      import subprocess, xml.etree.ElementTree as tree
      svg = subprocess.run(["dot", "-Tsvg", "tree.dot"], capture_output=True, check=True).stdout
      shown = {t.text for t in tree.fromstring(svg).iter("{http://www.w3.org/2000/svg}text")}
      names = open("names.txt").read().split("\n")[:-1]
      assert shown == {n.replace("\x1b", "\\u{1b}").replace("\xa0", " ") for n in names}, shown
      """#)
  }

  @Test("Names come through JSON")
  func names() async throws {
    let workspace = try await awkward()
    try await workspace.succeed("export", "out.logitree", "--format", "json", "-o", "tree.json")
    try await workspace.python(
      Self.names + "assert [c['name'] for c in json.load(open('tree.json'))['clusters']] == names")
  }

  @Test("A tree as deep as can be, a chain of merges, is built, shown and exported")
  func deep() async throws {
    // A row for each cluster, ever surer of it, and less likely the later the others come. So the lowest group is the
    // one made last, and its partner the next cluster.
    let clusters = Package.isFullSpeed ? 400 : 150
    let workspace = try await Workspace(
      """
      c = np.arange(\(clusters))
      x = np.tile(-0.01 * c, (len(c), 1))
      x[c, c] = 10 + 0.01 * c
      save("x.h5", x)
      """)
    let merges = try await MergeRow.table(workspace.build("x.h5", "--score", "mean"))
    #expect(merges.map(\.lowest) == [0] + (clusters..<2 * clusters - 2))
    #expect(merges.map(\.partner) == Array(1..<clusters))
    for format in ["json", "newick", "linkage", "dot"] {
      #expect(try await !workspace.succeed("export", "out.logitree", "--format", format).isEmpty)
    }
    #expect(try await !workspace.succeed("show", "out.logitree").isEmpty)
  }

  @Test(
    "-o writes what standard output gets, over an older file, and leaves nothing else", arguments: ["json", "linkage"])
  func file(format: String) async throws {
    let workspace = try await Workspace(
      "save('x.h5', blobs(500, 9)); open('old', 'w').write('something longer' * 9999)")
    _ = try await workspace.build("x.h5")
    let before = try workspace.listing().filter { !$0.hasPrefix("old") }
    let expected = try await workspace.succeed("export", "out.logitree", "--format", format)
    let output = try await workspace.succeed("export", "out.logitree", "--format", format, "-o", "old")
    #expect(output.isEmpty)
    #expect(try Data(contentsOf: workspace.url.appending(path: "old")) == expected)
    #expect(try workspace.listing().filter { !$0.hasPrefix("old") } == before)
  }
}
