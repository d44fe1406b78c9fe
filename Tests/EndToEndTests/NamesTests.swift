import Testing

@Suite("Names that hold more than letters", .byTurns)
struct NamesTests {
  private static let names = [
    "esc\u{1B}[31mred", "tab\there", "turn\u{202E}ed", "dup", "dup", "a,\"b\"", "日本語", "=cmd()",
  ]

  /// A store with these names, in which some clusters are empty, and labels by which none is pure.
  private func workspace() async throws -> Workspace {
    let workspace = try await Workspace(
      """
      save("x.h5", np.eye(8, dtype="f4")[np.arange(600) % 6] * 4 + blobs(600, 8) / 9)
      save("x.h5", np.arange(600) % 7, "labels")
      """)
    try workspace.write(Self.names.joined(separator: "\n") + "\n", to: "names.txt")
    return workspace
  }

  @Test("In a terminal they move no cursor and turn no line")
  func terminal() async throws {
    let workspace = try await workspace()
    try workspace.write(
      "class,group\n\(Self.names[0]),a\n\(Self.names[2]),b\n=cmd(),a\ntab\there,b\n", to: "groups.csv")
    for arguments in [
      ["build", "x.h5:/logits", "--names", "names.txt", "-o", "out.logitree"], ["show", "out.logitree"],
      ["show", "out.logitree", "--cut", "3"], ["show", "out.logitree", "--node", "0"],
      ["show", "out.logitree", "--node", "esc"], ["show", "out.logitree", "--node", "dup"],
      ["evaluate", "out.logitree", "--labels", "x.h5:/labels"], ["compare", "out.logitree", "groups.csv"],
      ["export", "out.logitree", "--format", "svg"],
    ] {
      let run = try await workspace.logitree(arguments)
      let text = run.outputText + run.errors
      #expect(!text.unicodeScalars.contains { ["\u{1B}", "\t", "\u{202E}"].contains($0) }, "\(arguments)\n\(text)")
    }
  }

  @Test("NumPy's strings name clusters as lines do; of its objects it is said how to save them")
  func npy() async throws {
    let workspace = try await workspace()
    try await workspace.python(
      """
      names = open("names.txt", newline="\\n").read().split("\\n")[:-1]
      np.save("names.npy", np.array(names))
      np.save("objects.npy", np.array(names, dtype=object))
      """)
    #expect(
      try await workspace.build("x.h5:/logits", "--names", "names.npy")
        == workspace.build("x.h5:/logits", "--names", "names.txt"))
    let refused = try await workspace.logitree("build", "x.h5:/logits", "--names", "objects.npy", "-o", "no.logitree")
    #expect(refused.status == 65 && refused.errors.contains(#"save it with .astype("U")"#), "\(refused.errors)")
  }

  @Test("In a table of groups they are as they were given")
  func table() async throws {
    let workspace = try await workspace()
    try await workspace.succeed("build", "x.h5:/logits", "--names", "names.txt", "-o", "out.logitree", "--quiet")
    try await workspace.succeed("cut", "out.logitree", "--levels", "1,3", "-o", "groups.csv")
    try await workspace.python(
      """
      names = open("names.txt", newline="\\n").read().split("\\n")[:-1]
      rows = list(csv.DictReader(open("groups.csv", newline="")))
      assert [row["name"] for row in rows] == names and [int(row["cluster"]) for row in rows] == list(range(8))
      """)
  }
}
