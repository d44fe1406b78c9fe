import Foundation
import Testing

@Suite("Pictures of the tree", .byTurns)
struct PictureTests {
  private func languages() async throws -> Workspace {
    let workspace = try Workspace()
    try await workspace.succeed(
      "build", Package.exampleLogits, "--names", Package.exampleNames, "-o", "out.logitree", "--quiet")
    return workspace
  }

  private static let reading = """
    import xml.etree.ElementTree as etree
    SVG = "{http://www.w3.org/2000/svg}"
    def texts(file):
        root = etree.parse(file).getroot()
        assert root.tag == SVG + "svg" and len(root.get("viewBox").split()) == 4
        found = []
        for text in root.iter(SVG + "text"):
            spans = [s.text for s in text.findall(SVG + "tspan")]
            found.append((text.text or "") + "".join(spans))
        return found

    """

  @Test(
    "SVG takes all options, and a parser reads it",
    arguments: [
      [], ["--circular"], ["--scale", "clusters"], ["--scale", "step", "--circular"], ["--colours", "0"],
      ["--colors", "4", "--circular"], ["--name-width", "30", "--circular"], ["--title", "Languages & <scripts>"],
      ["--scale", "clusters", "--circular", "--title", "日本語", "--colours", "500"],
    ])
  func options(options: [String]) async throws {
    let workspace = try await languages()
    try await workspace.succeed(["export", "out.logitree", "--format", "svg", "-o", "tree.svg"] + options)
    try await workspace.python(
      Self.reading + """
        names = open("\(Package.exampleNames)").read().splitlines()
        found = texts("tree.svg")
        assert sorted(set(found) & set(names)) == sorted(names), set(names) - set(found)
        options = \(options)
        if "--title" in options:
            assert options[options.index("--title") + 1] in found
        """)
    let again = try await workspace.succeed(["export", "out.logitree", "--format", "svg"] + options)
    #expect(try again == Data(contentsOf: workspace.url.appending(path: "tree.svg")))
  }

  @Test("A cut's leaves are the groups that cut lists", arguments: [["--circular"], ["--scale", "clusters"], []])
  func cut(options: [String]) async throws {
    let workspace = try await languages()
    try await workspace.succeed(
      ["export", "out.logitree", "--format", "svg", "--cut", "12", "--name-width", "60", "-o", "tree.svg"] + options)
    try await workspace.succeed("cut", "out.logitree", "-k", "12", "-o", "cut.csv")
    try await workspace.python(
      Self.reading + """
        groups = {}
        for row in csv.DictReader(open("cut.csv")):
            groups.setdefault(row["label"], []).append(row["cluster"])
        assert len(groups) == 12
        found = " ".join(t.replace("\\u200e", "") for t in texts("tree.svg"))
        for label in groups: assert label in found, (label, found)
        """)
  }

  @Test("Annotations of a table, of a taxonomy and of labels are beside the tree, and what they say nothing of is told")
  func annotations() async throws {
    let workspace = try await languages()
    try workspace.write(
      "child,parent\nDanish,Nordic\nSwedish,Nordic\nNordic,Germanic\nGerman,Germanic\nGermanic,all\n"
        + "Italian,Romance\nFrench,Romance\nRomance,all\n", to: "edges.csv")
    let run = try await workspace.logitree([
      "export", "out.logitree", "--format", "svg", "-o", "tree.svg", "--annotations",
      Package.path("docs/examples/language_families.csv") + ":family", "--annotations", "edges.csv:2,Nordic",
      "--annotations", "accuracy", "--annotations", "samples", "--labels", Package.exampleLogits + ":/labels",
    ])
    try #require(run.status == 0, "\(run.errors)")
    #expect(run.errors.contains("edges.csv: says nothing of 92 clusters"))
    try await workspace.python(
      Self.reading + """
        import numpy as np
        found = texts("tree.svg")
        for title in ["1 · family", "2 · 2 groups of edges", "3 · groups of edges", "4 · accuracy: bars from 0 to 1",
                      "5 · samples: bars from 0 to 319", "Indo-European", "Germanic", "Nordic", "Romance"]:
            assert title in found, (title, found)
        titles = [t.text for t in etree.parse("tree.svg").getroot().iter(SVG + "title")]
        danish = next(t for t in titles if t.startswith("Danish\\n66 samples")).split("\\n")
        with h5py.File("\(Package.exampleLogits)") as f:
            right = (f["logits"][:].argmax(1) == f["labels"][:])[f["labels"][:] == 14].mean()
        assert danish[2:6] == ["family: Indo-European", "2 groups of edges: Germanic", "groups of edges: Nordic",
                               f"accuracy: {right:.3g}"], (danish, right)
        """)

    // The taxonomy that names groups, and numbers by a scale of colours.
    let options = ["--annotations", "taxonomy:2,Nordic", "--annotations", "samples", "--numbers-as", "colours"]
    let export = ["export", "out.logitree", "--format", "svg", "-o", "tree.svg"]
    let without = try await workspace.logitree(export + options)
    #expect(without.status == 66 && without.errors.contains("no taxonomy names groups"))
    try await workspace.succeed(export + options + ["--circular", "--taxonomy", "edges.csv"])
    try await workspace.succeed("annotate", "out.logitree", "--taxonomy", "edges.csv")
    try await workspace.succeed(
      ["export", "out.logitree", "--format", "html", "--no-matrix", "-o", "page.html", "--numbers-as", "bars"]
        + options.prefix(4))
    try await workspace.python(
      Self.reading + """
        import re
        found = texts("tree.svg")
        with h5py.File("\(Package.exampleLogits)") as f: counts = np.bincount(f["logits"][:].argmax(1), minlength=97)
        low, high = counts.min(), counts.max()
        for title in ["1 · 2 groups of taxonomy", "2 · groups of taxonomy", "3 · samples", "Germanic", "Nordic",
                      *[f"{low + part * (high - low) / 4:.3g}" for part in (0, 1, 2, 3, 4)]]:
            assert title in found, (title, found)
        strokes = [[path.get("stroke") for path in group] for group in etree.parse("tree.svg").getroot().iter(SVG + "g")]
        shades = next(group for group in strokes if "#0D2A55" in group)
        lightness = [sum(int(shade[i : i + 2], 16) for i in (1, 3, 5)) for shade in shades]
        assert lightness == sorted(lightness, reverse=True) and len(set(shades)) == len(shades), shades
        assert len(shades) == len(set(np.floor((counts - low) / (high - low) * 24 + 0.5)))
        data = json.loads(re.search(r'type="application/json">(.*?)</script>', open("page.html").read(), re.S)[1])
        assert [(a["name"], a.get("isBar")) for a in data["annotations"]] == [
            ("2 groups of taxonomy", None), ("groups of taxonomy", None), ("samples", True)]
        """)
  }

  @Test("Names that are markup, and clusters without rows, are text")
  func names() async throws {
    let workspace = try await Workspace(
      """
      x = blobs(3000, 13); x[:, [3, 7]] = -999; save("x.h5", x)
      names = ["<script>alert(1)</script>", "a & b", '"', "gone", "]]>", "\\x01\\x1b[31m", "日本語", "<lost>", "'", "é", "🐈", "turn\\u202eed", "שלום"]
      open("names.txt", "w").write("\\n".join(names))
      """)
    try await workspace.succeed("build", "x.h5", "-o", "out.logitree", "--names", "names.txt", "--quiet")
    for options in [[], ["--circular"]] {
      try await workspace.succeed(["export", "out.logitree", "--format", "svg", "-o", "tree.svg"] + options)
      try await workspace.python(
        Self.reading + """
          found = texts("tree.svg")
          for name in ["<script>alert(1)</script>", "a & b", '"', "]]>", "\\\\u{1}\\\\u{1b}[31m", "日本語", "'", "é", "🐈", "turn\\\\u{202e}ed", "שלום"]:
              assert name in found, (name, found)
          assert "gone" not in found and "<lost>" not in found
          assert "Not drawn: 2 clusters without samples: gone, <lost>" in found
          assert "<script" not in open("tree.svg").read()
          """)
    }
  }

  @Test("Groups are named by a taxonomy's terms, in the place of clusters too")
  func terms() async throws {
    let workspace = try await languages()
    let families = Package.path("docs/examples/language_families.csv")
    try await workspace.succeed("annotate", "out.logitree", "--taxonomy", families)
    for options in [["--cut", "12"], ["--cut", "12", "--circular"], ["--name-groups", "12"], []] {
      try await workspace.succeed(["export", "out.logitree", "--format", "svg", "-o", "tree.svg"] + options)
      try await workspace.succeed("cut", "out.logitree", "-k", options.isEmpty ? "9" : "12", "-o", "cut.csv")
      try await workspace.python(
        Self.reading + """
          found = texts("tree.svg")
          names = open("\(Package.exampleNames)").read().splitlines()
          rows = {row["group"]: row for row in csv.DictReader(open("cut.csv"))}
          sizes = {g: sum(r["group"] == g for r in csv.DictReader(open("cut.csv"))) for g in rows}
          for group, row in rows.items():
              fit = f'{row["term_leaves"]} of {sizes[group]}'
              if \(options.isEmpty ? "True" : "False"):
                  assert f'{row["term"]}, {fit}' in found, (row, found)
              else:
                  at = [i for i, t in enumerate(found) if t == row["term"]]
                  assert any(found[i + 1].startswith(fit) for i in at), (row, found)
          assert (set(names) <= set(found)) == \(options.isEmpty ? "True" : "False")
          """)
    }
  }

  @Test("A thousand leaves make less than a megabyte", .enabled(if: Package.isFullSpeed))
  func large() async throws {
    let workspace = try await Workspace("save('x.h5', blobs(20000, 1000))")
    try await workspace.succeed("build", "x.h5", "-o", "out.logitree", "--quiet")
    for options in [[], ["--circular"]] {
      #expect(try await workspace.succeed(["export", "out.logitree", "--format", "svg"] + options).count < 1_000_000)
    }
  }

  @Test(
    "Wrong options of pictures are usage errors, and write nothing",
    arguments: [
      ["--format", "svg", "--scale", "height"], ["--format", "svg", "--cut", "0"], ["--format", "svg", "--cut", "98"],
      ["--format", "svg", "--cut", "many"], ["--format", "svg", "--colours=-1"], ["--format", "json", "--circular"],
      ["--format", "newick", "--cut", "5"], ["--format", "dot", "--scale", "step"],
      ["--format", "merges", "--title", "x"],
      ["--format", "json", "--colours", "3"], ["--format", "json", "--annotations", "samples"],
      ["--format", "svg", "--cut", "5", "--name-groups", "5"], ["--format", "svg", "--name-groups", "98"],
      ["--format", "svg", "--name-width", "3"], ["--format", "html", "--name-groups", "5"],
      ["--format", "svg", "--annotations", "accuracy"], ["--format", "svg", "--labels", "x.npy"],
      ["--format", "svg", "--numbers-as", "bars"],
    ])
  func usage(options: [String]) async throws {
    let workspace = try await languages()
    let before = try workspace.listing()
    let run = try await workspace.logitree(["export", "out.logitree", "-o", "tree.svg"] + options)
    #expect(run.status == 64)
    #expect(run.output.isEmpty && !run.errors.isEmpty)
    #expect(try workspace.listing() == before)
  }
}
