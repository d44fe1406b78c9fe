import Foundation
import Testing

@Suite("Names, labels and references as text", .byTurns)
struct TextInputTests {
  /// 120 rows of six clusters in turn, and labels, names and a reference for them.
  private func workspace(_ names: [String] = ["a", "b", "c", "d", "e", "f"]) async throws -> Workspace {
    let workspace = try await Workspace(
      """
      x = np.random.default_rng(7).normal(0, 0.5, (120, 6)); x[np.arange(120), np.arange(120) % 6] += 5
      np.save("x.npy", x.astype("f4"))
      """)
    try workspace.write(names.joined(separator: "\n") + "\n", to: "names.txt")
    try workspace.write((0..<120).map { names[$0 % 6] + "\n" }.joined(), to: "labels.txt")
    return workspace
  }

  private func build(_ workspace: Workspace) async throws {
    try await workspace.succeed("build", "x.npy", "--names", "names.txt", "-o", "out.logitree", "--quiet")
  }

  private func labelling(_ workspace: Workspace, _ labels: String, _ more: String...) async throws -> [String: Any] {
    let output = try await workspace.succeed(["evaluate", "out.logitree", "--labels", labels, "--json"] + more)
    return try #require((jsonObject(output)["labellings"] as? [[String: Any]])?.first)
  }

  @Test("Names that Swift's strings take for the same are different clusters, labels, classes and leaves")
  func alike() async throws {
    let names = ["\u{C5}", "\u{212B}", "e\u{301}", "\u{E9}", "\u{90CE}", "\u{F92C}"]
    let workspace = try await workspace(names)
    let built = try await workspace.logitree("build", "x.npy", "--names", "names.txt", "-o", "out.logitree")
    #expect(built.status == 0 && !built.errors.contains("several clusters"), "\(built.errors)")
    try workspace.write(
      "label,g\n" + names.enumerated().map { "\($1),\($0 % 2 == 0 ? "x" : "y")\n" }.joined(), to: "coarse.csv")
    let found = try await labelling(workspace, "labels.txt", "--coarse", "coarse.csv")
    #expect((found["labels"] as? [String])?.count == 6 && found["top_accuracy"] as? Double == 1)
    let compared = try await workspace.succeed("compare", "out.logitree", "coarse.csv", "--json")
    let comparison = try #require(jsonObject(compared)["comparison"] as? [String: Any])
    #expect((comparison["leaves"] as? [String: Any])?["common"] as? Int == 6)
    let shown = try await workspace.logitree("show", "out.logitree", "--node", "\u{212B}")
    #expect(shown.status == 0 && shown.outputText.contains("#1 "), "\(shown.errors)")
  }

  @Test("Names come from HDF5 and JSON too, and blanks are names")
  func forms() async throws {
    let names = [" ", "\u{A0}", "\u{3000}", "\u{200B}", "the", " the"]
    let workspace = try await workspace(names)
    try await build(workspace)
    let expected = try await workspace.succeed("export", "out.logitree", "--format", "json")
    try await workspace.python(
      """
      names = open("names.txt", newline="").read().split("\\n")[:-1]
      with h5py.File("n.h5", "w") as f: f["classes"] = names
      json.dump({"id2label": {str(i): n for i, n in enumerate(names)}}, open("config.json", "w"))
      """)
    for file in ["n.h5:/classes", "n.h5", "config.json"] {
      try await workspace.succeed(
        "build", "x.npy", "--names", file, "-o", "\(file.prefix(4)).logitree", "--replace", "--quiet")
      let found = try await workspace.succeed("export", "\(file.prefix(4)).logitree", "--format", "json")
      #expect(found == expected, "\(file)")
    }
    #expect(try await labelling(workspace, "labels.txt")["top_accuracy"] as? Double == 1)
  }

  @Test("All text may come from a pipe, read once; what has no end is refused")
  func pipes() async throws {
    let workspace = try await workspace()
    try await build(workspace)
    try workspace.write("((a,b),(c,d),(e,f));", to: "tree.nwk")
    let program = try Package.binary()
    try await workspace.python(
      """
      import subprocess
      program = "\(program)"
      def run(command):
          done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, timeout=60)
          return done.returncode, done.stderr
      for command in ["build x.npy --names <(cat names.txt) -o s --quiet", "evaluate out.logitree --labels <(cat labels.txt)",
                      "evaluate out.logitree --labels /dev/stdin < <(cat labels.txt)", "compare out.logitree <(cat tree.nwk)",
                      "evaluate out.logitree --labels /dev/stdin < labels.txt"]:
          code, errors = run(f"{program} {command}")
          assert code == 0, (command, errors)
      for command, says in [("build x.npy --names <(yes) -o t", "many more lines"), ("build x.npy --names /dev/zero -o t", "device"),
                            ("build x.npy --names <(cat /dev/zero) -o t", "more than 64.0 KiB"), ("evaluate out.logitree --labels <(yes)", "more labels"),
                            ("build x.npy --names <(tr '\\\\0' x < /dev/zero) -o t", "more than 64.0 KiB")]:
          code, errors = run(f"{program} {command}")
          assert code == 65 and says in errors, (command, code, errors)
      """)
  }

  @Test("What labels were taken for is said, and what is probably not as wanted")
  func remarks() async throws {
    let workspace = try await workspace(["NA", "crane", "crane", "d", "e", "f"])
    let built = try await workspace.logitree("build", "x.npy", "--names", "names.txt", "-o", "out.logitree", "--quiet")
    #expect(built.status == 0)
    let again = try await workspace.logitree(
      "build", "x.npy", "--names", "names.txt", "-o", "again.logitree")
    #expect(again.errors.contains("1 name stands for several clusters: crane (1, 2)"), "\(again.errors)")
    try workspace.write(
      "id;label\n"
        + (0..<120).map { "\($0);\($0 < 12 ? "null" : ["NA", "crane", "crane", "d", "e", "f"][$0 % 6])\n" }.joined(),
      to: "labels.csv")
    try workspace.write((0..<120).map { "\($0 % 6 + 1)\n" }.joined(), to: "one.txt")
    try workspace.write((0..<120).map { "\($0 % 6)\n" }.joined(), to: "numbers.txt")
    try workspace.write((0..<120).map { $0 == 17 ? "?\n" : "\($0 % 6)\n" }.joined(), to: "odd.txt")
    for (labels, says) in [
      (
        "labels.csv:label",
        [
          "labels: 5 names of clusters, from a table with semicolons", "labels: null (12) taken for no label",
          "labels: NA taken for the cluster of that name", "1 label is the name of several clusters",
        ]
      ),
      ("one.txt", ["labels: 6 numbers 1…6, not those of columns, 0…5", "labels go from 1 to 6"]),
      ("numbers.txt", ["labels: column numbers 0…5"]),
      ("odd.txt", ["labels: row 17 holds ?, which is no integer as the others are, and makes names of them all"]),
    ] {
      let run = try await workspace.logitree("evaluate", "out.logitree", "--labels", labels)
      for words in says { #expect(run.errors.contains(words), "\(run.errors)") }
      #expect(run.outputText.contains("top-1 accuracy") == !["one.txt", "odd.txt"].contains(labels))
    }
  }

  @Test("What is printed shows what names of files and words of the command line hide")
  func escapes() async throws {
    let workspace = try await Workspace(#"save("d.h5", blobs(20, 4), "\x1b[31mred\x07\u202e\nfake line")"#)
    for arguments in [
      ["inspect", "d.h5"], ["build", "\u{1B}[31mno\n.h5", "-o", "s"], ["\u{1B}[31m"],
      ["build", "x", "-o", "s", "--\u{1B}[31m"],
      ["show", "\u{202E}x\nerror: all is lost"], ["export", "s", "--format", "\u{1B}c"],
      ["build", "-\u{7}x.h5", "-o", "s"],
      ["evaluate", "s\r", "--labels", "\u{9B}x"], ["compare", "\u{1B}", "y"], ["cut", "s", "--levels", "\u{1B}"],
    ] {
      let run = try await workspace.logitree(arguments)
      let text = run.outputText + run.errors
      #expect(!text.unicodeScalars.contains { $0 != "\n" && $0.properties.generalCategory == .control }, "\(arguments)")
      #expect(!text.unicodeScalars.contains { $0.properties.generalCategory == .format }, "\(arguments)")
      #expect(!text.split(separator: "\n").contains { $0.hasPrefix("error: all") || $0.hasPrefix("fake") }, "\(text)")
    }
  }

  @Test("The same labels give the same bytes, whatever the order of hashed collections")
  func deterministic() async throws {
    let workspace = try await Workspace(
      """
      r = np.random.default_rng(5); e = r.normal(size=(50, 12)); y = r.integers(0, 50, 20000)
      save("x.h5", ((e[y] + r.normal(size=(20000, 12))) @ e.T).astype("f4")); save("x.h5", r.integers(0, 50, 20000), "labels")
      """)
    _ = try await workspace.build("x.h5:/logits")
    var outputs: Set<Data> = []
    for _ in 0..<6 {
      outputs.insert(try await workspace.succeed("evaluate", "out.logitree", "--labels", "x.h5:/labels", "--json"))
    }
    #expect(outputs.count == 1)
  }
}
