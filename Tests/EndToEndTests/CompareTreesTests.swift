import Foundation
import TestSupport
import Testing

/// What `compare` takes beside a store and one reference.
@Suite("Comparing any trees", .byTurns)
struct CompareTreesTests {
  private func comparison(_ workspace: Workspace, _ arguments: String...) async throws -> NSDictionary {
    let report = try await jsonObject(workspace.succeed(["compare", "--json"] + arguments))
    return try #require(report["comparison"] as? NSDictionary)
  }

  @Test("A store, its Newick and its linkage matrix are the same tree, on either side")
  func forms() async throws {
    // Two clusters are empty.
    let workspace = try await Workspace(
      """
      x = blobs(500, 20); x[:, [3, 11]] = -100
      save("x.h5", x)
      open("names.txt", "w").write("".join(f"class {i}\\n" for i in range(20)))
      open("other.csv", "w").write("class,group\\n" + "".join(f"class {i},{i % 4}\\n" for i in range(20)))
      """)
    _ = try await workspace.build(["x.h5", "--names", "names.txt"])
    try await workspace.succeed("export", "out.logitree", "--format", "newick", "-o", "tree.nwk")
    try await workspace.succeed("export", "out.logitree", "--format", "linkage", "-o", "tree.npy")
    try await workspace.python(
      """
      leaves = [f"class {i}\\n" for i in range(20) if i not in (3, 11)]
      open("leaves.txt", "w").write("".join(leaves))
      z = np.load("tree.npy")
      np.save("fortran.npy", np.asfortranarray(z)); np.save("small.npy", z.astype("f4"))
      """)
    let expected = try await comparison(workspace, "tree.nwk", "other.csv", "--top", "0")
    for file in ["out.logitree", "tree.npy", "fortran.npy", "small.npy"] {
      let found = try await comparison(workspace, file, "other.csv", "--names", "leaves.txt", "--top", "0")
      #expect(found == expected, "\(file)")
    }
    let backwards = try await comparison(workspace, "other.csv", "tree.nwk", "--top", "0")
    for file in ["out.logitree", "tree.npy"] {
      let found = try await comparison(workspace, "other.csv", file, "--names", "leaves.txt", "--top", "0")
      #expect(found == backwards, "\(file)")
    }
  }

  @Test("Trees of any shape have dendropy's distances, and triplets counted one by one", arguments: seeds(2))
  func dendropy(seed: UInt64) async throws {
    let workspace = try await Workspace(
      """
      import random
      random.seed(\(seed))
      for i in range(12):
          for name, most in [("a", random.randint(2, 6)), ("b", random.randint(2, 6))]:
              parts = [f"n{c}" for c in range(14)]
              while len(parts) > 1:
                  random.shuffle(parts)
                  k = random.randint(2, most)
                  parts = parts[k:] + ["(" + ",".join(parts[:k]) + ")"]
              open(f"{name}{i}.nwk", "w").write(parts[0] + ";\\n")
      """)
    for index in 0..<12 {
      try await workspace.succeed("compare", "a\(index).nwk", "b\(index).nwk", "--json", "-o", "\(index).json")
    }
    try await workspace.python(
      """
      import itertools, dendropy
      from dendropy.calculate import treecompare
      def closest(tree, names):
          sets = [{l.taxon.label for l in n.leaf_iter()} & names for n in tree.internal_nodes()]
          return next((frozenset(s) for s in sets if len(s) == 2), None)
      for i in range(12):
          found = json.load(open(f"{i}.json"))["comparison"]
          for rooting in ["rooted", "unrooted"]:
              space = dendropy.TaxonNamespace()
              trees = [dendropy.Tree.get(path=f"{n}{i}.nwk", schema="newick", rooting=f"force-{rooting}",
                                         taxon_namespace=space) for n in "ab"]
              for t in trees:
                  t.update_bipartitions()
              assert found["clades"][rooting]["distance"] == treecompare.symmetric_difference(*trees), (i, rooting)
              if rooting == "rooted":
                  pairs = [[closest(t, set(names)) for t in trees]
                           for names in itertools.combinations([t.label for t in space], 3)]
          triplets = found["triplets"]
          assert triplets["resolved"] == sum(b is not None for a, b in pairs)
          assert triplets["agreeing"] == sum(b is not None and a == b for a, b in pairs)
          assert triplets["resolved_by_tree"] == sum(a is not None and b is not None for a, b in pairs)
      """)
  }

  @Test("Several trees are in one table, on the clusters that all of them have, triplets first")
  func table() async throws {
    let workspace = try await Workspace("save('x.h5', blobs(300, 6))")
    _ = try await workspace.build(["x.h5"])
    try workspace.write("((0,1),(2,(3,4)));", to: "same.nwk")
    try workspace.write("(0,1,2,3,4,5);", to: "star.nwk")
    try workspace.write("child,parent\n0,a\n1,a\na,b\n2,b\n3,c\n4,c\n5,c\n", to: "edges.csv")
    try workspace.write("((0,1),(2,(3,4)),5,6);", to: "reference.nwk")
    let arguments = ["compare", "out.logitree", "same.nwk", "star.nwk", "edges.csv", "reference.nwk"]
    let text = String(decoding: try await workspace.succeed(arguments), as: UTF8.self)
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    #expect(lines[0] == "4 trees against reference.nwk (newick)")
    #expect(lines[1] == "5 clusters in common, the others left out")
    #expect(
      lines[3].split(separator: " ", omittingEmptySubsequences: true).joined(separator: " ")
        == "tree triplets resolved clades shared at most Robinson–Foulds at least at most")
    #expect(lines[5].contains("100.0 %") && lines[5].hasPrefix("same.nwk (newick)"))
    #expect(lines[6].hasPrefix("star.nwk (newick)") && lines[6].contains("0.0 %"))
    let json = try await jsonObject(workspace.succeed(arguments + ["--json"]))
    let comparisons = try #require(json["comparisons"] as? [[String: Any]])
    #expect(comparisons.map { $0["tree_kind"] as? String } == ["store", "newick", "newick", "edges"])
    #expect(comparisons.map { $0["tree"] as? String } == ["out.logitree", "same.nwk", "star.nwk", "edges.csv"])
  }

  @Test("Columns that are not nested are compared one by one")
  func columns() async throws {
    let workspace = try await Workspace("save('x.h5', blobs(300, 8))")
    _ = try await workspace.build(["x.h5"])
    try workspace.write(
      "class,origin,use\n" + (0..<8).map { "\($0),o\($0 / 3),u\($0 % 2)\n" }.joined(), to: "two.csv")
    for column in [1, 2] {
      try workspace.write(
        "class,group\n" + (0..<8).map { "\($0),\(column == 1 ? $0 / 3 : $0 % 2)\n" }.joined(), to: "\(column).csv")
    }
    let run = try await workspace.logitree("compare", "out.logitree", "two.csv")
    #expect(run.status == 0)
    #expect(run.errors.contains("two.csv, line 3: origin 'o0' lies in 'u1' here, but in 'u0' in line 2; so each"))
    let text = String(decoding: run.output, as: UTF8.self)
    #expect(text.contains("out.logitree against the columns of two.csv\n"))
    #expect(text.contains("out.logitree against two.csv, column origin (taxonomy)\n"))
    let report = try await jsonObject(workspace.succeed("compare", "out.logitree", "two.csv", "--json"))
    let comparisons = try #require(report["comparisons"] as? [[String: Any]])
    #expect(comparisons.map { $0["reference_column"] as? String } == ["origin", "use"])
    for (index, found) in comparisons.enumerated() {
      let expected = try await comparison(workspace, "out.logitree", "\(index + 1).csv")
      let found = try #require(found["comparison"] as? NSDictionary)
      for key in ["clades", "triplets"] { #expect(found[key] as? NSDictionary == expected[key] as? NSDictionary) }
    }
  }

  @Test("What is no linkage matrix, or has no names, is an error that says so; inputs are not overwritten")
  func mistakes() async throws {
    let workspace = try await Workspace(
      """
      from scipy.cluster.hierarchy import linkage
      z = linkage(np.random.default_rng(1).random(10), "average")
      np.save("good.npy", z)
      np.save("five.npy", np.hstack([z, z[:, :1]]))
      np.save("flat.npy", z.ravel())
      np.save("whole.npy", z.astype("i4")); np.save("none.npy", z[:0])
      twice = z.copy(); twice[2, 0] = twice[0, 0]; np.save("twice.npy", twice)
      late = z.copy(); late[0, 1] = 7; np.save("late.npy", late)
      nan = z.copy(); nan[1, 1] = np.nan; np.save("nan.npy", nan)
      size = z.copy(); size[3, 3] = 4; np.save("size.npy", size)
      open("cut.npy", "wb").write(open("good.npy", "rb").read()[:-9])
      open("names.txt", "w").write("a\\nb\\nc\\nd\\ne\\n"); open("four.txt", "w").write("a\\nb\\nc\\nd\\n")
      open("tree.nwk", "w").write("((a,b),(c,(d,e)));")
      """)
    let before = try workspace.listing()
    for (arguments, status, says) in [
      (["good.npy", "tree.nwk"], Int32(64), "--names"),
      (["good.npy", "tree.nwk", "--names", "four.txt"], 65, "5 leaves"),
      (["good.npy", "tree.nwk", "--names", "none.txt"], 66, "none.txt"),
      (["five.npy", "tree.nwk", "--names", "names.txt"], 65, "four columns"),
      (["flat.npy", "tree.nwk", "--names", "names.txt"], 65, "flat.npy: is of shape [16], and a linkage matrix"),
      (
        ["whole.npy", "tree.nwk", "--names", "names.txt"], 65, "whole.npy: holds integers (int32), and a linkage matrix"
      ),
      (["none.npy", "tree.nwk", "--names", "names.txt"], 65, "none.npy: has no rows, and a linkage matrix"),
      (["twice.npy", "tree.nwk", "--names", "names.txt"], 65, "row 2: joins node"),
      (["late.npy", "tree.nwk", "--names", "names.txt"], 65, "row 0: joins node 7"),
      (["nan.npy", "tree.nwk", "--names", "names.txt"], 65, "row 1: joins node nan"),
      (["size.npy", "tree.nwk", "--names", "names.txt"], 65, "row 3: makes a node of 5 leaves"),
      (["cut.npy", "tree.nwk", "--names", "names.txt"], 65, "cut.npy"),
      (["tree.nwk", "tree.nwk", "-o", "tree.nwk"], 73, "tree.nwk"),
      (["good.npy", "tree.nwk", "--names", "names.txt", "-o", "names.txt"], 73, "names.txt"),
      (["tree.nwk"], 64, "reference"),
    ] {
      let run = try await workspace.logitree(["compare"] + arguments)
      #expect(run.status == status && run.errors.contains(says), "\(arguments): \(run.status) \(run.errors)")
      #expect(run.output.isEmpty)
    }
    #expect(try workspace.listing() == before)
    try await workspace.succeed("compare", "good.npy", "tree.nwk", "--names", "names.txt")
  }
}
