import Foundation
import TestSupport
import Testing

@Suite("Comparing with a reference", .byTurns)
struct CompareTests {
  /// A workspace with the language example's store, out.logitree.
  private func languages() async throws -> Workspace {
    let workspace = try Workspace()
    _ = try await workspace.build([Package.exampleLogits, "--names", Package.exampleNames])
    return workspace
  }

  private static let families = Package.path("docs/examples/language_families.csv")

  /// The object `comparison` of what the command writes as JSON.
  private func comparison(_ workspace: Workspace, _ arguments: String...) async throws -> [String: Any] {
    let report = try await jsonObject(workspace.succeed(["compare", "--json"] + arguments))
    return try #require(report["comparison"] as? [String: Any])
  }

  private func figure(_ comparison: [String: Any], _ path: String...) throws -> Double {
    var value: Any? = comparison
    for key in path { value = (value as? [String: Any])?[key] }
    return try #require(value as? Double ?? (value as? Int).map(Double.init), "\(path)")
  }

  /// Writes 25 random references over a random part of 40 clusters' names, and others, with nodes of two and of more
  /// children.
  private static let randomReferences = """
    import random, dendropy
    random.seed(SEED)
    for i in range(25):
        names = [f"{c}" for c in range(40) if random.random() < 0.9] + ["other", "it's another"]
        parts = ["'" + n.replace("'", "''") + "'" for n in names]
        while len(parts) > 1:
            random.shuffle(parts)
            k = 2 if i % 2 == 0 else random.randint(2, 6)
            parts = parts[k:] + ["(" + ", ".join(parts[:k]) + ")"]
        open(f"r{i}.nwk", "w").write(parts[0] + ";\\n")

    """

  @Test("Robinson–Foulds distances are dendropy's, with roots and without", arguments: seeds(4))
  func robinsonFoulds(seed: UInt64) async throws {
    let workspace = try await Workspace("save('x.h5', blobs(600, 40, seed=\(seed)))")
    _ = try await workspace.build(["x.h5"])
    try await workspace.succeed("export", "out.logitree", "--format", "newick", "-o", "tree.nwk")
    try await workspace.python(Self.randomReferences.replacing("SEED", with: "\(seed)"))
    for index in 0..<25 {
      try await workspace.succeed("compare", "out.logitree", "r\(index).nwk", "--json", "-o", "r\(index).json")
    }
    try await workspace.python(
      """
      import dendropy
      from dendropy.calculate import treecompare
      def read(path, rooting, space):
          return dendropy.Tree.get(path=path, schema="newick", rooting=rooting, taxon_namespace=space)
      for i in range(25):
          found = json.load(open(f"r{i}.json"))["comparison"]
          for rooting in ["rooted", "unrooted"]:
              space = dendropy.TaxonNamespace()
              trees = [read(p, f"force-{rooting}", space) for p in ["tree.nwk", f"r{i}.nwk"]]
              common = set.intersection(*({leaf.taxon.label for leaf in t.leaf_node_iter()} for t in trees))
              for t in trees:
                  t.retain_taxa_with_labels(common)
                  t.update_bipartitions()
              assert found["leaves"]["common"] == len(common)
              expected = treecompare.symmetric_difference(*trees)
              assert found["clades"][rooting]["distance"] == expected, (i, rooting, found["clades"], expected)
      """)
  }

  @Test("Fowlkes–Mallows indices are scikit-learn's", arguments: seeds(4))
  func fowlkesMallows(seed: UInt64) async throws {
    let workspace = try await Workspace("save('x.h5', blobs(600, 40, seed=\(seed)))")
    _ = try await workspace.build(["x.h5"])
    try await workspace.succeed(
      "cut", "out.logitree", "--levels", (2..<40).map(String.init).joined(separator: ","), "-o", "cuts.csv")
    try await workspace.python(
      """
      import random
      random.seed(\(seed))
      for i in range(10):
          fine = [random.randrange(12) for c in range(40)]
          with open(f"r{i}.csv", "w") as f:
              f.write("class,fine,coarse\\n")
              f.writelines(f"{c},f{fine[c]},c{fine[c] % 4}\\n" for c in range(40))
      """)
    for index in 0..<10 {
      try await workspace.succeed("compare", "out.logitree", "r\(index).csv", "--json", "-o", "r\(index).json")
    }
    try await workspace.python(
      """
      from sklearn.metrics import fowlkes_mallows_score
      cuts = list(csv.DictReader(open("cuts.csv")))
      for i in range(10):
          reference = list(csv.DictReader(open(f"r{i}.csv")))
          found = json.load(open(f"r{i}.json"))["comparison"]["cuts"]
          assert [c["level"] for c in found] == ["coarse", "fine"]
          for cut in found:
              labels = [row[cut["level"]] for row in reference]
              assert cut["groups"] == cut["same"]["groups"] == len(set(labels))
              for agreement in [cut["same"], cut["best"]]:
                  groups = [row[f"group_{agreement['groups']}"] for row in cuts]
                  assert abs(agreement["index"] - fowlkes_mallows_score(labels, groups)) < 1e-9
      """)
  }

  @Test("A tree and itself are the same, as a store and as Newick, whatever the names", arguments: [false, true])
  func same(newick: Bool) async throws {
    let workspace = try await Workspace("save('x.h5', blobs(400, \(ExportTests.awkwardNames.count)))")
    try workspace.write(ExportTests.awkwardNames.joined(separator: "\n") + "\n", to: "names.txt")
    _ = try await workspace.build(["x.h5", "--names", "names.txt"])
    if newick {
      try await workspace.succeed("export", "out.logitree", "--format", "newick", "-o", "tree.nwk")
      try await workspace.python(
        """
        import dendropy
        tree = dendropy.Tree.get(path="tree.nwk", schema="newick")
        names = open("names.txt", newline="\\n").read().split("\\n")[:-1]
        assert sorted(leaf.taxon.label for leaf in tree.leaf_node_iter()) == sorted(names)
        """)
    }
    let found = try await comparison(workspace, "out.logitree", newick ? "tree.nwk" : "out.logitree")
    let clusters = Double(ExportTests.awkwardNames.count)
    #expect(try figure(found, "leaves", "common") == clusters)
    #expect(try figure(found, "leaves", "nearly_same") == 0)
    #expect(try figure(found, "clades", "rooted", "distance") == 0)
    #expect(try figure(found, "clades", "rooted", "shared") == clusters - 2)
    #expect(try figure(found, "clades", "unrooted", "distance") == 0)
    #expect(try figure(found, "triplets", "agreement") == 1)
    #expect((found["cuts"] as? [Any])?.count == ExportTests.awkwardNames.count - 2)
    #expect((found["torn_groups"] as? [Any])?.isEmpty == true)
    #expect((found["far_clusters"] as? [Any])?.isEmpty == true)
  }

  @Test("A classification is the same reference as a taxonomy, as edges and as Newick")
  func kinds() async throws {
    let workspace = try await languages()
    try await workspace.python(
      """
      rows = list(csv.DictReader(open("\(Self.families)")))
      with open("edges.csv", "w") as f:
          out = csv.writer(f)
          out.writerow(["child", "parent"])
          for r in rows:
              out.writerow([r["class"], "branch " + r["branch"]])
              out.writerow(["branch " + r["branch"], "family " + r["family"]])
      quoted = lambda name: "'" + name.replace("'", "''") + "'"
      families = {}
      for r in rows:
          families.setdefault(r["family"], {}).setdefault(r["branch"], []).append(quoted(r["class"]))
      with open("tree.nwk", "w") as f:
          f.write("(" + ",\\n".join(
              "(" + ",".join("(" + ",".join(c) + ")" + quoted(b) for b, c in branches.items()) + ")" + quoted(family)
              for family, branches in families.items()) + ");")
      """)
    let taxonomy = try await comparison(workspace, "out.logitree", Self.families)
    for file in ["edges.csv", "tree.nwk"] {
      let other = try await comparison(workspace, "out.logitree", file)
      for key in ["clades", "triplets"] {
        #expect(try #require(other[key] as? NSDictionary) == #require(taxonomy[key] as? NSDictionary))
      }
      #expect((other["torn_groups"] as? [Any])?.count == 10)
    }
  }

  @Test("The language example: what is strange in it is found")
  func example() async throws {
    let workspace = try await languages()
    let text = String(
      decoding: try await workspace.succeed("compare", "out.logitree", Self.families), as: UTF8.self)
    for words in [
      "97 clusters in common: all", "Robinson–Foulds   111 of at most 117, normalized 0.949; at least 73",
      "3 of the reference's 22\n", "38.7 % of the reference's 78,328;", "family      18  0.170",
      "Slavic         branch        12       8        9", "Latin          Romance        German, English",
      "Vietnamese     Austroasiatic  Lao",
    ] {
      #expect(text.contains(words), "\(words)\n\(text)")
    }
    #expect(text.split(separator: "\n").allSatisfy { $0.count <= 100 })
    try await workspace.succeed("compare", "out.logitree", Self.families, "-o", "out.txt")
    #expect(try workspace.text("out.txt") == text)
    let short = try await comparison(workspace, "out.logitree", Self.families, "--top", "3")
    #expect((short["torn_groups"] as? [Any])?.count == 3)
    #expect((short["far_clusters"] as? [Any])?.count == 3)
  }

  @Test("What only one has, or several have, is left out and said")
  func leftOut() async throws {
    let workspace = try await Workspace("save('x.h5', blobs(300, 8))")
    try workspace.write("a\nb\nc\nd\ncrane\ncrane\nsnow_leopard\nhere\n", to: "names.txt")
    _ = try await workspace.build(["x.h5", "--names", "names.txt"])
    try workspace.write("((a,b),(c,crane),('d ',(snow_leopard,there)));", to: "tree.nwk")
    let text = String(decoding: try await workspace.succeed("compare", "out.logitree", "tree.nwk"), as: UTF8.self)
    for words in [
      "5 clusters in common\n", "1 only in the tree, left out: here\n", "1 only in the reference, left out: there\n",
      "1 name that several have, left out: crane\n", "2 names taken for the same",
    ] {
      #expect(text.contains(words), "\(text)")
    }
  }

  @Test("A reference that groups nothing is compared, and nothing is claimed")
  func star() async throws {
    let workspace = try await Workspace("save('x.h5', blobs(200, 5))")
    _ = try await workspace.build(["x.h5"])
    try workspace.write("class,group\n" + (0..<5).map { "\($0),all\n" }.joined(), to: "one.csv")
    try workspace.write("(0,1,2,3,4);", to: "star.nwk")
    for file in ["one.csv", "star.nwk"] {
      let text = String(decoding: try await workspace.succeed("compare", "out.logitree", file), as: UTF8.self)
      for words in ["3 of at most 3", "0 of the reference's 0", "0 of the tree's 3 clades", "resolves none"] {
        #expect(text.contains(words), "\(text)")
      }
    }
  }

  @Test("Mistakes have their exit codes and say where they are")
  func mistakes() async throws {
    let workspace = try await Workspace("save('x.h5', blobs(200, 5))")
    _ = try await workspace.build(["x.h5"], to: "x.logitree")
    for (name, text) in [
      ("open.nwk", "((0,1),\n(2,3);"), ("few.nwk", "(0,(1,z));"), ("none.csv", "class,group\na,b\nc,d\n"),
      ("text.txt", "hello\n"), ("two.csv", "class,group\n0,a\n1,a\n0,b\n"), ("cycle.csv", "child,parent\n0,1\n1,0\n"),
      ("good.nwk", "((0,1),(2,3));"),
    ] {
      try workspace.write(text, to: name)
    }
    try await workspace.python("save('y.h5', blobs(5, 3)); os.mkdir('empty')")
    let mistakes: [([String], Int32, [String])] = [
      (["x.logitree", "no.nwk"], 66, ["no.nwk: no such file"]),
      (["no.logitree", "good.nwk"], 66, ["no.logitree"]),
      (["x.logitree", "no.logitree", "--reference-kind", "store"], 66, ["no.logitree: no such store"]),
      (["x.logitree", "empty"], 65, ["empty"]),
      (["x.logitree", "open.nwk"], 65, ["open.nwk, line 1, column 1: this bracket is not closed"]),
      (
        ["x.logitree", "few.nwk"], 65,
        ["few.nwk: has only 2 of the tree's clusters", "the tree has", "the reference z"]
      ),
      (["x.logitree", "none.csv"], 65, ["none.csv: has none of the tree's clusters"]),
      (["x.logitree", "text.txt"], 65, ["text.txt, line 1: is neither Newick", "--reference-kind"]),
      (["x.logitree", "two.csv"], 65, ["two.csv, line 4: class '0' lies in 'b' here, but in 'a' in line 2"]),
      (["x.logitree", "cycle.csv"], 65, ["cycle.csv, line", "lies below itself"]),
      (["x.logitree", "y.h5"], 65, ["y.h5, line 1: is not UTF-8 text"]),
      (
        ["x.logitree", "good.nwk", "--reference-kind", "edges"], 65,
        ["good.nwk, line 1: a list of edges"]
      ),
      (["x.logitree", "good.nwk", "--reference-kind", "nexus"], 64, ["--reference-kind"]),
      (["x.logitree", "good.nwk", "--top=-1"], 64, ["--top"]),
      (["x.logitree"], 64, ["reference"]),
      (["x.logitree", "good.nwk", "-o", "no/out.txt"], 73, ["no/out.txt"]),
    ]
    let before = try workspace.listing()
    for (arguments, status, says) in mistakes {
      let run = try await workspace.logitree(["compare"] + arguments)
      #expect(run.status == status, "\(arguments): \(run.errors)")
      for words in says { #expect(run.errors.contains(words), "\(arguments): \(run.errors)") }
      #expect(run.output.isEmpty)
    }
    #expect(try workspace.listing() == before)
  }
}
