import Foundation
import Testing

@Suite("The code in docs/ runs", .byTurns)
struct DocumentationTests {
  /// A workspace with the example data, in which a page's commands were run. What the page shows of their output must be
  /// what they print.
  private func run(_ page: DocumentationPage) async throws -> (workspace: Workspace, output: String) {
    let workspace = try Workspace()
    for file in try FileManager.default.contentsOfDirectory(atPath: Package.path("docs/examples")) {
      try FileManager.default.copyItem(
        atPath: Package.path("docs/examples/\(file)"), toPath: workspace.path(file))
    }
    let script = page.blocks("sh").joined(separator: "\n")
    let directory = (try Package.binary() as NSString).deletingLastPathComponent
    let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
    let finished = try await Command.run(
      "/bin/sh", ["-euc", script], in: workspace.url, environment: ["PATH": "\(directory):\(path)"]
    )
    try #require(finished.status == 0, "\(page.name): \(finished.errors)")
    for shown in page.blocks("text") {
      #expect(finished.outputText.contains(shown), "\(page.name) shows what is not printed")
    }
    return (workspace, finished.outputText)
  }

  @Test("docs/python.md")
  func python() async throws {
    let page = try DocumentationPage("docs/python.md")
    let (workspace, _) = try await run(page)
    let code = page.blocks("python")
    #expect(code.count > 8)
    let directory = (try Package.binary() as NSString).deletingLastPathComponent
    let package = """
      sys.path.insert(0, "\(Package.path("Sources/Python"))")
      os.environ["LOGITREE_PROGRAM"] = "\(try Package.binary())"
      os.environ["PATH"] = "\(directory):" + os.environ["PATH"]

      """
    try await workspace.python(
      package + code.joined(separator: "\n") + """


        # The dendrogram has the leaves from the top down, as show has them.
        dendrogram = plt.figure(1).axes[0]
        shown = [t.get_text() for t in sorted(dendrogram.get_yticklabels(), key=lambda t: t.get_position()[1])]
        assert dendrogram.yaxis_inverted() and shown == order
        tree_text = subprocess.run("logitree show languages.logitree --width 400".split(), capture_output=True, text=True).stdout
        assert [n for line in tree_text.splitlines()[:97] for n in [line.split("─ ", 1)[-1]]] == order
        assert len(set(twenty)) == 20 and len(order) == 97 and len(distance) == 97 * 96 // 2
        assert os.path.getsize("dendrogram.png") > 10_000 and os.path.getsize("affinity.png") > 10_000
        assert sizes.samples.sum() == 6033 and len(sizes) == 20
        # The groups are those that SciPy cuts the linkage matrix into.
        pairs = set(zip(twenty, groups.group_20))
        assert len(pairs) == 20
        assert {leaf.name for leaf in ancestor.get_terminals()} == smallest
        step = merges[merges.node.map(lambda n: below[n] == smallest)].step.item()
        assert phylogeny.distance("Danish", "Swedish") == 2 * step
        danish = next(str(n) for n, clusters in below.items() if clusters == smallest)
        assert 0 < norse.confidence <= 1 and f"&node={danish}," in norse.comment
        assert meeting.label == danish and float(meeting.annotations.get_value("support")) == norse.confidence
        assert len(set(hierarchy.fcluster(weak, t=5, criterion="maxclust"))) == 1
        assert len(set(hierarchy.cut_tree(weak, n_clusters=5).ravel())) == 5
        assert len(rows) == 6033 and (rows.probability > 0).all()
        with h5py.File("languages.h5") as f:
            x = f["logits"][:].astype("f8")
        p = np.exp(x - x.max(1, keepdims=True))
        p /= p.sum(1, keepdims=True)
        confidence = np.array([p[i, [c for c in range(97) if tree["clusters"][c]["name"] in below[n]]].sum()
                               for i, n in enumerate(node)])
        assert (confidence >= 0.9 - 1e-6).all()
        subprocess.run("logitree export piped.logitree --format merges -o piped.csv".split(), check=True)
        assert open("piped.csv").read() == open("merges.csv").read()

        """)
  }

  @Test(
    "docs/jupyter.md and docs/huggingface.md, with stand-ins for the libraries that are too large",
    arguments: ["jupyter", "huggingface"])
  func libraries(name: String) async throws {
    let page = try DocumentationPage("docs/\(name).md")
    let (workspace, _) = try await run(page)
    let checks =
      name == "jupyter"
      ? """
      assert "<svg" in figure and "organism" not in hierarchy._repr_html_()[:20] and 0.3 < same < 1
      assert open("imagenet.html").read().startswith("<!DOCTYPE html>") and len(weak) < len(merges)
      """
      : """
      from_file = logitree.build("imagenet.h5", names="imagenet.txt")
      assert hierarchy.newick() == from_file.newick() and hierarchy.names == from_file.names
      assert np.load(out.labels_path).tolist()[:3] == [0, 1, 2] and len(words.names) == 50
      """
    try await workspace.python(
      """
      sys.path[:0] = ["\(Package.path("Sources/Python"))", "\(Package.path("Tests/Python/stubs"))"]
      os.environ["LOGITREE_PROGRAM"] = "\(try Package.binary())"
      import warnings
      warnings.simplefilter("ignore")                                  # of clusters without rows

      """ + page.blocks("python").joined(separator: "\n") + "\n\n" + checks)
  }

  @Test("docs/scale.md, with the tables that its model prints")
  func scale() async throws {
    let page = try DocumentationPage("docs/scale.md")
    let printed = try await Workspace().python(page.blocks("python").joined(separator: "\n"))
    #expect(page.blocks("text").count == 1)
    for table in page.blocks("text") { #expect(printed.contains(table), "the table is not what the model prints") }
  }

  @Test("docs/guide.md and docs/imagenet.md, with their pictures, and what the README shows of them")
  func guide() async throws {
    let page = try DocumentationPage("docs/guide.md")
    let (workspace, guideOutput) = try await run(page)
    let (pictures, imagenetOutput) = try await run(DocumentationPage("docs/imagenet.md"))
    for shown in try DocumentationPage("README.md").blocks("text") {
      for line in shown.split(separator: "\n") {
        #expect((guideOutput + imagenetOutput).contains(line), "README.md shows what is not printed")
      }
    }
    // PyTorch is a thousand times the size of what is tested here.
    let code = page.blocks("python").filter { !$0.hasPrefix("# Needs PyTorch") }
    try await workspace.python(code.joined(separator: "\n") + "\nassert 0.5 < np.mean(sure == 1) < 1\n")
    for picture in try FileManager.default.contentsOfDirectory(atPath: Package.path("docs/pictures")) {
      // To draw them anew: run the pages' commands, and copy what they write.
      let kept = try String(contentsOfFile: Package.path("docs/pictures/\(picture)"), encoding: .utf8)
      let drawn = try (picture.hasPrefix("imagenet") ? pictures : workspace).text(picture)
      #expect(drawn == kept, "docs/pictures/\(picture) is not what the page's command draws")
    }
  }
}
