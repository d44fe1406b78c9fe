import Foundation
import Testing

@Suite("Updates, and what stands in their way", .byTurns)
struct UpdateTests {
  private static let data = """
    x = blobs(3000, 40)
    save("all.h5", x)
    save("a.h5", x[:2000])
    save("b.h5", x[2000:])
    """

  @Test("An input that is gone is no matter as long as its rows need not be read again")
  func goneUnneeded() async throws {
    let workspace = try await Workspace(Self.data)
    _ = try await workspace.build("a.h5", "--sketch-width", "40")
    try await workspace.python("os.remove('a.h5')")
    try await workspace.succeed("update", "out.logitree", "b.h5", "--quiet")
    let expected = try await workspace.build(["all.h5", "--sketch-width", "40"], to: "all.logitree")
    #expect(try await workspace.succeed("export", "out.logitree", "--format", "merges") == expected)
    let check = try await workspace.logitree("check", "out.logitree")
    #expect(check.status == 66 && check.errors.contains("a.h5: no such file"), "\(check.errors)")
  }

  @Test("If they must be, the merges that need it are named, and estimates are taken only if allowed")
  func goneNeeded() async throws {
    let workspace = try await Workspace(Self.data)
    let before = try await workspace.build("a.h5", "--sketch-width", "2")
    try await workspace.python("os.remove('a.h5')")
    let refused = try await workspace.logitree("update", "out.logitree", "b.h5")
    #expect(refused.status == 66)
    #expect(refused.errors.contains("a.h5: no such file") && refused.errors.contains("merge"), "\(refused.errors)")
    #expect(try await workspace.succeed("export", "out.logitree", "--format", "merges") == before)

    let allowed = try await workspace.logitree("update", "out.logitree", "b.h5", "--allow-estimates", "--json")
    #expect(allowed.status == 0, "\(allowed.errors)")
    let estimates = try #require(jsonObject(allowed.output)["estimated_merges"] as? Int)
    #expect(estimates > 0 && allowed.errors.contains("estimate"))
    let merges = try await MergeRow.table(workspace.succeed("export", "out.logitree", "--format", "merges"))
    #expect(merges.count { $0.evidence == "estimate" } == estimates)
  }

  @Test("An unchanged store updates to itself, and reads next to nothing of its inputs")
  func nothingNew() async throws {
    let workspace = try await Workspace("save('big.h5', blobs(\(Package.isFullSpeed ? 200_000 : 20_000), 100))")
    let merges = try await workspace.build("big.h5")
    // What the process reads is looked at until it is gone; the last look is near the end.
    let read = try await workspace.python(
      """
      import subprocess
      command = ["\(Package.binary())", "update", "out.logitree", "--quiet"]
      process = subprocess.Popen(command)
      read = 0
      while process.poll() is None:
          try:
              read = max(read, int(open(f"/proc/{process.pid}/io").read().split()[1]))
          except (OSError, IndexError):
              pass
      assert process.returncode == 0
      store = sum(os.path.getsize("out.logitree/" + name) for name in os.listdir("out.logitree"))
      print(json.dumps([read, store, os.path.getsize("big.h5")]))
      """)
    let sizes = try JSONDecoder().decode([Int].self, from: Data(read.utf8))
    // The store is read for its checksums, and again where merges need it.
    #expect(
      sizes[0] <= 6 * sizes[1] + 4_000_000, "read \(sizes[0]) bytes; the store has \(sizes[1]), the input \(sizes[2])")
    #expect(try await workspace.succeed("export", "out.logitree", "--format", "merges") == merges)
  }

  @Test(
    "Inputs that are no longer what they were are refused by name",
    arguments: [
      ("with h5py.File('a.h5', 'a') as f: f['logits'][1999, 0] += 1", 65),
      ("os.remove('a.h5'); save('a.h5', x[:1500])", 65),
      ("os.remove('a.h5'); save('a.h5', x[:2000].astype('f8'))", 65),
      ("os.remove('a.h5'); save('a.h5', x[:2000, :39])", 65),
      ("open('a.h5', 'w').write('text')", 65),
    ])
  func changed(script: String, status: Int32) async throws {
    let workspace = try await Workspace(Self.data)
    let merges = try await workspace.build("a.h5")
    try await workspace.python(Self.data.split(separator: "\n")[0] + "\n" + script)
    let run = try await workspace.logitree("update", "out.logitree", "b.h5")
    #expect(run.status == status && run.errors.contains("a.h5"), "\(run.errors)")
    #expect(try await workspace.succeed("export", "out.logitree", "--format", "merges") == merges)
  }

  @Test("--rescan takes a changed file in anew; a file that is no input is a mistake")
  func rescan() async throws {
    let workspace = try await Workspace(Self.data)
    _ = try await workspace.build("b.h5", "a.h5")
    try await workspace.python(Self.data.split(separator: "\n")[0] + "\nos.remove('a.h5'); save('a.h5', x[:1200])")
    #expect(try await workspace.logitree("update", "out.logitree", "--rescan", "all.h5").status == 64)
    try await workspace.succeed("update", "out.logitree", "--rescan", "a.h5", "--quiet")
    let expected = try await workspace.build(["a.h5", "b.h5"], to: "fresh.logitree")
    #expect(try await workspace.succeed("export", "out.logitree", "--format", "merges") == expected)
  }

  @Test("While one process writes, a second writer is told so, and readers are served")
  func twoWriters() async throws {
    let workspace = try await Workspace(LongBuildTests.endless + Self.data)
    let merges = try await workspace.build(["a.h5"], to: "out/x.logitree")
    let long = try workspace.start(LongBuildTests.build + ["--replace"])
    try await long.wait { try workspace.listing().contains { $0.contains("building.json") } }
    // Halted, it is not done before the others have looked.
    long.send(SIGSTOP)
    #expect(long.isRunning, "the first was done too soon for this test to tell anything")
    let second = try await workspace.logitree("update", "out/x.logitree", "b.h5")
    #expect(second.status == 75 && second.errors.contains("another logitree"), "\(second.errors)")
    #expect(try await workspace.succeed("export", "out/x.logitree", "--format", "merges") == merges)
    long.send(SIGTERM)
    long.send(SIGCONT)
    #expect(try await long.finish().status == 75)
  }

  @Test(
    "The affinity matrix is R of single clusters",
    arguments: [["affinity.npy"], ["affinity.h5"], ["affinity.h5", "--sparse"]])
  func affinity(output: [String]) async throws {
    let workspace = try await Workspace(Self.data)
    _ = try await workspace.build("a.h5", "b.h5", "--memory", "40MiB")
    try await workspace.succeed(["export", "out.logitree", "--format", "affinity", "-o"] + output)
    try await workspace.python(
      """
      x = blobs(3000, 40).astype("f8")
      a = x.argmax(1)
      masked = x.copy()
      masked[np.arange(3000), a] = -np.inf
      r = masked.argmax(1)
      q = 1 / np.exp(masked - masked.max(1, keepdims=True)).sum(1)
      expected = np.zeros((40, 40))
      np.add.at(expected, (a, r), q)
      if os.path.exists("affinity.npy"):
          found = np.load("affinity.npy")
      else:
          file = h5py.File("affinity.h5")
          if "affinity" in file:
              found = file["affinity"][:]
          else:
              import scipy.sparse
              entries = file["data"][:], file["indices"][:], file["indptr"][:]
              matrix = scipy.sparse.csr_array(entries, file["shape"][:])
              matrix.check_format()
              assert matrix.nnz == np.count_nonzero(expected)
              found = matrix.toarray()
      assert found.shape == (40, 40) and found.dtype == np.float64
      np.testing.assert_allclose(found, expected, rtol=1e-6, atol=1e-9)
      """)
    #expect(try await workspace.logitree("export", "out.logitree", "--format", "affinity").status == 64)
    #expect(
      try await workspace.logitree("export", "out.logitree", "--format", "affinity", "--sparse", "-o", "a.npy").status
        == 64)
  }
}
