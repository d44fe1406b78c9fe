import Foundation
import Testing

@Suite("Rows that can't be assigned", .byTurns)
struct AssignErrorTests {
  private static let data = "x = blobs(9000, 20)\nsave('x.h5', x)\n"

  /// Builds a store of x.h5, and then runs a command that must fail and leave the disk as it was.
  private func check(
    after script: String = "", _ arguments: [String], status: Int32, says: String...,
    sourceLocation: SourceLocation = #_sourceLocation
  ) async throws {
    let workspace = try await Workspace(Self.data)
    _ = try await workspace.build("x.h5")
    if !script.isEmpty { try await workspace.python(script) }
    let before = try workspace.listing()
    let run = try await workspace.logitree(["assign"] + arguments)
    #expect(run.status == status, "\(run.errors)", sourceLocation: sourceLocation)
    for words in says { #expect(run.errors.contains(words), "\(run.errors)", sourceLocation: sourceLocation) }
    #expect(run.output.isEmpty, sourceLocation: sourceLocation)
    #expect(try workspace.listing() == before, sourceLocation: sourceLocation)
  }

  @Test("Usage")
  func usage() async throws {
    let inputs = ["out.logitree", "x.h5", "-o", "y.h5"]
    try await check(inputs, status: 64, says: "-k 20")
    try await check(inputs + ["-k", "3", "--confidence", "0.5"], status: 64, says: "-k 20")
    for confidence in ["0", "1.1", "nan"] {
      try await check(inputs + ["--confidence", confidence], status: 64, says: "--confidence must be")
    }
    try await check(inputs + ["-k", "3", "--temperature", "0"], status: 64, says: "--temperature")
    try await check(inputs + ["-k", "21"], status: 64, says: "can't cut into 21 groups")
    try await check(inputs + ["-k", "0"], status: 64, says: "can't cut into 0 groups")
    try await check(inputs + ["-k", "3", "--rows", "0..<10000"], status: 64, says: "there are no rows 0..<10000")
    try await check(inputs + ["-k", "3", "--memory", "10MiB"], status: 64, says: "--memory gives 10")
    try await check(["out.logitree", "-k", "3", "-o", "y.h5"], status: 64)
  }

  @Test("Inputs and stores")
  func inputs() async throws {
    try await check(["out.logitree", "no.h5", "-k", "3", "-o", "y.h5"], status: 66, says: "no.h5: no such file")
    try await check(["no.logitree", "x.h5", "-k", "3", "-o", "y.h5"], status: 66, says: "no.logitree: no such store")
    try await check(
      after: "save('z.h5', blobs(100, 21))", ["out.logitree", "z.h5", "-k", "3", "-o", "y.h5"], status: 65,
      says: "z.h5:/logits: has 21 columns", "out.logitree is of 20 clusters")
  }

  @Test("Outputs")
  func outputs() async throws {
    let inputs = ["out.logitree", "x.h5", "-k", "3", "-o"]
    try await check(inputs + ["x.h5"], status: 73, says: "x.h5: can't be created: it is an input")
    try await check(after: "os.symlink('x.h5', 'y.h5')", inputs + ["y.h5"], status: 73, says: "it is an input")
    try await check(inputs + ["no/y.h5"], status: 73, says: "no/y.h5: can't be created")
    try await check(after: "os.mkdir('taken')", inputs + ["taken"], status: 73, says: "taken: can't be created")
    try await check(inputs + ["/dev/null"], status: 73, says: "/dev/null: can't be created")
    try await check(
      after: "os.mkdir('y.h5.partial'); open('y.h5.partial/mine', 'w').write('mine')", inputs + ["y.h5"], status: 73,
      says: "y.h5.partial is in the way")
    try await check(
      after: "open('y.h5.partial', 'w').write('mine')", inputs + ["y.h5"], status: 73, says: "is in the way")
  }

  @Test("A file that is there is replaced as a whole, and stays if the run fails")
  func replaced() async throws {
    let workspace = try await Workspace(Self.data + "x[8999, 3] = np.nan; save('bad.h5', x)")
    _ = try await workspace.build("x.h5")
    try workspace.write("mine", to: "y.h5")
    let bad = try await workspace.logitree("assign", "out.logitree", "bad.h5", "-k", "3", "-o", "y.h5")
    #expect(bad.status == 65)
    #expect(try workspace.text("y.h5") == "mine")
    try await workspace.succeed("assign", "out.logitree", "x.h5", "-k", "3", "-o", "y.h5")
    #expect(try await workspace.python("print(len(h5py.File('y.h5')['group']))") == "9000\n")
  }

  @Test("Invalid rows are named, and left out if that is wanted", arguments: [["-k", "3"], ["--confidence", "0.9"]])
  func invalid(rule: [String]) async throws {
    try await check(
      after: "x = blobs(9000, 20); x[8000, 5] = x[6001, 1] = np.nan; save('bad.h5', x)",
      ["out.logitree", "bad.h5", "-o", "y.h5"] + rule, status: 65,
      says: "bad.h5:/logits: row 6001, column 1 is nan", "--on-invalid skip")
    let workspace = try await Workspace(
      Self.data
        + """
        x[0, 3] = np.nan; x[17, 0] = np.inf; x[5000] = -np.inf; x[8999, 19] = np.inf
        save("bad.h5", x)
        with h5py.File("unwritten.h5", "w") as f:
            f.create_dataset("logits", (9000, 20), "f4", chunks=(100, 20))[:200] = blobs(9000, 20)[:200]
        """)
    _ = try await workspace.build("x.h5")
    let assign = ["assign", "out.logitree", "--on-invalid", "skip", "--json"] + rule
    try await workspace.succeed(["assign", "out.logitree", "x.h5", "-o", "good.h5"] + rule)
    let run = try await workspace.logitree(assign + ["bad.h5", "-o", "bad-out.h5"])
    #expect(run.errors.contains("4 invalid rows were left out"), "\(run.errors)")
    let counts = try jsonObject(run.output)
    #expect(counts["skipped_rows"] as? Int == 4 && counts["unwritten_rows"] as? Int == 0)
    let unwritten = try await jsonObject(workspace.succeed(assign + ["unwritten.h5", "-o", "unwritten-out.h5"]))
    #expect(unwritten["skipped_rows"] as? Int == 8800 && unwritten["unwritten_rows"] as? Int == 8800)
    try await workspace.python(
      """
      name = "\(rule[0])" == "-k" and "group" or "node"
      good, bad, unwritten = (h5py.File(f) for f in ["good.h5", "bad-out.h5", "unwritten-out.h5"])
      skipped = np.zeros(9000, bool)
      skipped[[0, 17, 5000, 8999]] = True
      assert (bad[name][:][skipped] == -1).all() and np.isnan(bad["probability"][:][skipped]).all()
      for d in [name, "probability"]:
          assert (bad[d][:][~skipped] == good[d][:][~skipped]).all()
          assert (unwritten[d][:200] == good[d][:200]).all()
      assert (unwritten[name][200:] == -1).all() and np.isnan(unwritten["probability"][200:]).all()
      """)
    let refused = try await workspace.logitree(["assign", "out.logitree", "unwritten.h5", "-o", "z.h5"] + rule)
    #expect(refused.status == 65 && refused.errors.contains("were never written"), "\(refused.errors)")
  }

  @Test(
    "A full disk ends the run with nothing left", .enabled(if: SmallDisk.canBeMade, "mounting is not allowed here"))
  func fullDisk() async throws {
    let workspace = try await Workspace("save('x.h5', blobs(60_000, 20)); os.mkdir('disk')")
    _ = try await workspace.build("x.h5")
    let disk = try SmallDisk(at: workspace.path("disk"))
    let run = try await workspace.logitree("assign", "out.logitree", "x.h5", "-k", "3", "-o", "disk/y.h5")
    #expect(run.status == 73 || run.status == 74)
    #expect(run.errors.contains("y.h5") && run.errors.contains("No space left"), "\(run.errors)")
    #expect(try FileManager.default.contentsOfDirectory(atPath: disk.path).isEmpty)
  }
}
