import Testing

@Suite("Names of files that are no UTF-8, or look like others", .byTurns)
struct FileNameTests {
  /// Python, since a string of Swift's has no such names. `run` runs the program, which must succeed.
  private static func prelude() throws -> String {
    """
    import subprocess
    program = os.fsencode("\(try Package.binary())")
    def run(*words, status=0):
        done = subprocess.run([program, *words], capture_output=True)
        assert done.returncode == status, (words, done.returncode, done.stderr)
        return done
    def array(name, rows, seed):
        with open(name, "wb") as f: np.save(f, blobs(rows, 8, seed))

    """
  }

  @Test("That file is opened and no other, that name is made and no other, and the store knows it again")
  func bytes() async throws {
    _ = try await Workspace(
      try Self.prelude() + #"""
        odd, repaired = b"\xff.npy", "\ufffd.npy".encode()
        array(odd, 300, 1), array(repaired, 600, 2)
        rows = lambda done: json.loads(done.stdout)["rows"]
        assert rows(run(b"build", odd, b"-o", b"s\xff", b"--quiet", b"--json")) == 300
        assert rows(run(b"build", repaired, b"-o", b"t", b"--quiet", b"--json")) == 600
        assert sorted(n for n in os.listdir(b".")) == sorted([odd, repaired, b"s\xff", b"t"])
        run(b"check", b"s\xff")
        assert rows(run(b"update", b"s\xff", b"--quiet", b"--json")) == 300
        assert rows(run(b"update", b"s\xff", repaired, b"--quiet", b"--json")) == 900
        run(b"export", b"s\xff", b"--format", b"newick", b"-o", b"\xfe.nwk")
        run(b"assign", b"s\xff", odd, b"-k", b"3", b"-o", b"\xfd.h5", b"--quiet")
        run(b"scan", odd, b"--shard", b"1/1", b"-o", b"\xfc", b"--quiet")
        run(b"combine", b"\xfc", b"-o", b"u\xff", b"--quiet")
        with h5py.File("x.h5", "w") as f: f["x"] = blobs(300, 8, 1)
        os.rename("x.h5", b"\xc3.h5")
        assert rows(run(b"build", b"\xc3.h5:/x", b"-o", b"v", b"--quiet", b"--json")) == 300
        assert b"\\xff.npy: no such file" in run(b"build", b"no\xff.npy", b"-o", b"w", status=66).stderr
        assert {b"\xfe.nwk", b"\xfd.h5", b"\xfc", b"u\xff"} <= set(os.listdir(b".")), os.listdir(b".")
        """#)
  }

  @Test("A command that is printed does in a shell what it says, with any name in it")
  func commands() async throws {
    _ = try await Workspace(
      try Self.prelude() + #"""
        for index, name in enumerate([b"caf\xe9.npy", b"a\\xe9 it's.npy", b"\x1b\\u{1b}.npy"]):
            array(name, 300, 1)
            shards, store = b"shards%d" % index, b"s%d" % index
            run(b"scan", name, b"--shard", b"1/2", b"-o", shards, b"--quiet")
            errors = run(b"combine", shards, b"-o", store, status=66).stderr
            command = next(line for line in errors.splitlines() if line.startswith(b"  logitree scan"))
            subprocess.run(["bash", "-ec", command.strip().replace(b"logitree", program, 1)], check=True)
            run(b"combine", shards, b"-o", store, b"--quiet")
        """#)
  }

  @Test("Names that are canonically equivalent are those of different files")
  func equivalent() async throws {
    _ = try await Workspace(
      try Self.prelude() + #"""
        composed, decomposed = "\u00e9.npy", "e\u0301.npy"
        array(composed, 300, 1), array(decomposed, 600, 2)
        run("build", composed, "-o", "s", "--quiet")
        done = run("update", "s", decomposed, "--quiet", "--json")
        assert json.loads(done.stdout)["rows"] == 900
        """#)
  }
}
