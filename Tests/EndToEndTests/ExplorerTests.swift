import Foundation
import Hierarchy
import Report
import TestSupport
import Testing

@Suite(
  "The page of export --format html, in a browser", .anytime, .serialized,
  .enabled(if: Browser.isInstalled, "no chromedriver and Chromium on the PATH; tools/setup --python installs them"))
struct ExplorerTests {
  /// Plays a scenario of Tests/Browser/explorer.py, and returns what it prints.
  @discardableResult
  private func play(_ scenario: String, in workspace: Workspace, _ arguments: String...) async throws -> String {
    try await Browser.play("explorer.py", scenario, in: workspace, arguments)
  }

  private func write(_ page: ExplorerPage) throws -> Workspace {
    let workspace = try Workspace()
    try workspace.write(page.html(), to: "page.html")
    return workspace
  }

  @Test("Shows the groups that cut does and the figures of the merges; search, mouse and keys work")
  func languages() async throws {
    let workspace = try Workspace()
    try await workspace.write(
      workspace.build([Package.exampleLogits, "--names", Package.exampleNames]), to: "merges.csv")
    try await workspace.succeed("cut", "out.logitree", "-k", "20", "-o", "groups.csv")
    try await workspace.succeed("export", "out.logitree", "--format", "html", "-o", "page.html")
    try await play("languages", in: workspace, "merges.csv", "groups.csv")
  }

  @Test("The curve of levels shows what stands out, and cuts the tree where it is clicked")
  func levels() async throws {
    let workspace = try Workspace()
    _ = try await workspace.build([Package.exampleLogits, "--names", Package.exampleNames])
    try await workspace.succeed("export", "out.logitree", "--format", "html", "-o", "page.html")
    try await play("levels", in: workspace, "21")
  }

  @Test("Support is shown as figures and colours, and the node's panel holds all figures at any width")
  func support() async throws {
    let workspace = try Workspace()
    _ = try await workspace.build([
      Package.exampleLogits, "--names", Package.exampleNames, "--support", Package.isFullSpeed ? "30" : "3",
    ])
    try await workspace.succeed("export", "out.logitree", "--format", "json", "-o", "tree.json")
    for height in ["step", "share"] {
      try await workspace.succeed(
        "export", "out.logitree", "--format", "html", "--height", height, "-o", "page.html")
      try await play("support", in: workspace, "tree.json", height)
    }
  }

  @Test("Names that look like markup, would end the script, or turn what is beside them, are text")
  func awkward() async throws {
    let names =
      ExportTests.awkwardNames + [
        "<script>window.broken = 1</script>", "</script><script>window.broken = 2</script>", "<!-- comment",
        "<img src=x onerror='window.broken = 3'>", "{{data}}", "&lt;b&gt;",
        "]]>", "--></script>", "\"'`${0}\\", "line\u{2028}end", "\u{1}\u{7F}", "turn\u{202E}ed", "\u{2069}\u{2067}out",
        "שלום",
      ]
    let workspace = try await Workspace("save('x.h5', blobs(4000, \(names.count)))")
    try workspace.write(names.joined(separator: "\n") + "\n", to: "names.txt")
    try workspace.write(names.map(Text.shown).joined(separator: "\n") + "\n", to: "shown.txt")
    _ = try await workspace.build(["x.h5", "--names", "names.txt"], to: "<b>&.logitree")
    try await workspace.succeed("export", "<b>&.logitree", "--format", "html", "-o", "page.html")
    try await play("awkward", in: workspace, "shown.txt")
  }

  @Test("A chain of 20,000 leaves opens, is cut and searched")
  func chain() async throws {
    let page = ExplorerPage(try .chain(20_000), run: .init(store: "chain", rows: 1, skippedRows: 0, score: "sum"))
    try await play("chain", in: write(page), "20000")
  }

  @Test("Figures against labels are shown with the tree and with its nodes")
  func evaluated() async throws {
    let figures = ExplorerPage.Figures(
      name: "letters", figures: [.init(name: "Dendrogram purity", value: 0.625, explanation: "Made up.")],
      purity: [1, nil, 0.5, 1, 0.5, 1, 0.75], majority: ["a", nil, "b", "a", "b", "a", "<b>vowel</b>"])
    let page = ExplorerPage(
      try .four(), run: .init(store: "four", rows: 40, skippedRows: 0, score: "sum"), figures: [figures])
    try await play("evaluated", in: write(page))
  }

  @Test("With --labels and --coarse, it shows what evaluate finds")
  func labels() async throws {
    let workspace = try Workspace()
    _ = try await workspace.build([Package.exampleLogits, "--names", Package.exampleNames])
    let labels = [
      "--labels", "\(Package.exampleLogits):/labels", "--coarse", Package.path("docs/examples/language_families.csv"),
    ]
    try await workspace.succeed(["export", "out.logitree", "--format", "html", "-o", "page.html"] + labels)
    try await workspace.succeed(["evaluate", "out.logitree", "--json", "-o", "evaluation.json"] + labels)
    try await play("labels", in: workspace, "evaluation.json")
  }

  /// A page of `clusters` clusters, from random logits.
  private func large(_ clusters: Int, rows: Int) async throws -> Workspace {
    let workspace = try Workspace()
    try await workspace.python(file: "tools/make-logits", "x.h5", "-n", "\(rows)", "-k", "\(clusters)")
    try await workspace.succeed("build", "x.h5", "-o", "out.logitree", "--quiet", "--memory", "2GiB")
    try await workspace.succeed("export", "out.logitree", "--format", "html", "-o", "page.html")
    return workspace
  }

  @Test(
    "Many clusters: first view within a second, slider and search answer within 100 ms",
    .enabled(if: Package.runsLargeTests, "set LOGITREE_LARGE to run it"),
    arguments: [1000, 5000])
  func fast(clusters: Int) async throws {
    print(clusters, try await play("times", in: large(clusters, rows: 40_000), "100"))
  }
}

@Suite("The page of export --format html", .byTurns)
struct ExplorerFileTests {
  @Test("Is the same each time, smaller without the matrix, and asks for nothing from elsewhere")
  func bytes() async throws {
    let workspace = try await Workspace("save('x.h5', blobs(3000, 40))")
    _ = try await workspace.build("x.h5")
    let page = try await workspace.succeed("export", "out.logitree", "--format", "html")
    #expect(try await workspace.succeed("export", "out.logitree", "--format", "html") == page)
    let smaller = try await workspace.succeed("export", "out.logitree", "--format", "html", "--no-matrix")
    #expect(smaller.count < page.count)
    let text = String(decoding: page, as: UTF8.self)
    #expect(!text.contains("http://") && !text.contains("https://") && !text.contains("src="))
    let refused = try await workspace.logitree("export", "out.logitree", "--format", "json", "--no-matrix")
    #expect(refused.status == 64 && refused.errors.contains("--no-matrix is for --format html"))
  }

  @Test(
    "The matrix is each cluster's reassigned probability by its samples, means over bands of many, as NumPy has it",
    arguments: [40, 300])
  func matrix(clusters: Int) async throws {
    let workspace = try await Workspace("save('x.h5', blobs(9000, \(clusters)))")
    _ = try await workspace.build("x.h5")
    try await workspace.succeed("export", "out.logitree", "--format", "html", "-o", "page.html")
    try await workspace.python(
      #"""
      import base64, re
      data = json.loads(re.search(r'type="application/json">(.*?)</script>', open("page.html").read(), re.S)[1])
      tree, highest, decades = data["merges"], data["affinity"]["highest"], data["affinity"]["decades"]
      samples = data["clusters"]["samples"]
      k = len(samples)
      children = {k + t: sorted(pair) for t, pair in enumerate(zip(tree["lowest"], tree["partner"]))}
      stack, order = [max(children)], []
      while stack:
          node = stack.pop()
          if node in children: stack += children[node][::-1]
          else: order.append(node)
      x = h5py.File("x.h5")["logits"][:].astype("f8")
      expected = np.zeros((k, k))
      for row in x:
          c = row.argmax()
          rest = row.copy(); rest[c] = -np.inf
          d = rest.argmax()
          expected[c, d] += 1 / np.exp(rest - rest[d]).sum()
      expected = (expected / np.maximum(samples, 1)[:, None])[np.ix_(order, order)]
      levels = np.frombuffer(base64.b64decode(data["affinity"]["cells"]), "u1").reshape(data["affinity"]["size"], -1)
      starts = np.arange(len(levels)) * len(order) // len(levels)
      assert len(levels) == min(len(order), 256)
      sizes = np.diff(np.append(starts, len(order)))
      expected = np.add.reduceat(np.add.reduceat(expected, starts, 0), starts, 1) / np.outer(sizes, sizes)
      shown = np.where(levels > 0, highest * 10 ** (decades * ((levels - 1.0) / 254 - 1)), 0)
      seen = levels > 0
      assert abs(highest - expected.max()) < 1e-6 and seen.sum() > len(levels)
      assert np.allclose(shown[seen], expected[seen], rtol=0.03) and (expected[~seen] <= highest * 1.01e-5).all()
      """#)
  }

  @Test(
    "Labels are for html, and their names and coarser ones go with labels",
    arguments: [
      ("json", ["--labels", "x.npy"], "--labels is for --format html"),
      ("svg", ["--labels", "x.npy", "--coarse", "x.csv", "--label-names", "x.txt"], "--labels is for --format html"),
      ("newick", ["--label-names", "x.txt"], "go with --labels"), ("dot", ["--coarse", "x.csv"], "go with --labels"),
      ("html", ["--label-names", "x.txt"], "go with --labels"), ("html", ["--coarse", "x.csv"], "go with --labels"),
    ])
  func refused(format: String, options: [String], message: String) async throws {
    let refused = try await Workspace().logitree(["export", "out.logitree", "--format", format] + options)
    #expect(refused.status == 64 && refused.errors.contains(message), "\(refused.errors)")
  }

  @Test("1000 clusters fit in 2 MB without the matrix")
  func size() throws {
    var generator = SeededGenerator(seed: 1)
    let random = try ClusterHierarchy.random(1000, &generator)
    let page = ExplorerPage(random, run: .init(store: "s", rows: 1, skippedRows: 0, score: "sum"))
    #expect(try page.html().utf8.count < 2_000_000)
  }
}
