import Foundation
import Testing

@Suite("A file that is written to while it is read", .byTurns)
struct ChangingFileTests {
  /// Two states of a file, whose trees differ, and that of each. `run` starts the program; `merges` is the export.
  private static func prelude() throws -> String {
    """
    import json, random, shutil, signal, subprocess, time
    random.seed(1)
    x = blobs(400000, 12)
    y = x.copy()
    # The rows by which a file is known are none of these.
    y[13000:200000] = y[13000:200000, ::-1]
    for i in range(31): y[399999 // 31 * i] = x[399999 // 31 * i]
    np.save("old.npy", x); np.save("new.npy", y)
    old, new = open("old.npy", "rb").read(), open("new.npy", "rb").read()
    program = "\(try Package.binary())"
    def start(*words): return subprocess.Popen([program, *words, "--quiet"], stderr=subprocess.PIPE, text=True)
    def run(*words):
        done = start(*words)
        errors = done.communicate()[1]
        return done.returncode, errors
    def merges(store): return subprocess.run([program, "export", store, "--format", "merges"], capture_output=True).stdout
    def write(content):
        with open("m.npy", "r+b" if os.path.exists("m.npy") else "wb") as f: f.write(content)
    assert run("build", "old.npy", "-o", "old") == run("build", "new.npy", "-o", "new") == (0, "")
    results = merges("old"), merges("new")
    assert results[0] != results[1]

    """
  }

  @Test("A build ends in an error, or in the result of one state; nothing of both is kept")
  func builds() async throws {
    let workspace = try await Workspace(
      try Self.prelude() + """
        errors = 0
        for i in range(8):
            write(old)
            shutil.rmtree("s", ignore_errors=True)
            build = start("build", "m.npy", "-o", "s")
            time.sleep(0.02 + 0.03 * i)
            if i % 4 == 3:
                # In its place, not over it.
                with open("other", "wb") as f: f.write(new)
                os.rename("other", "m.npy")
            else:
                write(new)
            said = build.communicate()[1]
            if build.returncode:
                errors += 1
                assert build.returncode == 65 and "m.npy: changed while it was being read" in said, said
                assert not os.path.exists("s"), os.listdir("s")
                assert run("build", "m.npy", "-o", "s") == (0, "")
                assert merges("s") == results[1]
            else:
                assert merges("s") in results
        assert errors > 0
        """)
    _ = workspace
  }

  @Test("A build that was killed goes on with nothing of a file that has changed since")
  func killed() async throws {
    _ = try await Workspace(
      try Self.prelude() + """
        write(old)
        build = start("build", "m.npy", "-o", "s", "--threads", "1", "--memory", "64MiB")
        while build.poll() is None and not (os.path.exists("s/building.json") and "segment-" in open("s/building.json").read()):
            time.sleep(0.002)
        assert build.poll() is None
        build.kill()
        build.wait()
        write(new)
        assert run("build", "m.npy", "-o", "s", "--threads", "1", "--memory", "64MiB") == (0, "")
        assert merges("s") == results[1]
        """)
  }

  @Test("A build over an earlier one takes nothing of a file that was written to since, wherever in it")
  func rebuilt() async throws {
    _ = try await Workspace(
      try Self.prelude() + """
        write(old)
        for content, tree in [(old, results[0]), (old, results[0]), (new, results[1]), (old, results[0])]:
            write(content)
            assert run("build", "m.npy", "-o", "s") == (0, "")
            assert merges("s") == tree
        figures = lambda: json.loads(subprocess.run([program, "build", "m.npy", "-o", "s", "--json", "--quiet"], capture_output=True).stdout)
        assert figures()["passes"] == figures()["passes"] == 0
        """)
  }

  @Test("An assignment likewise")
  func assigns() async throws {
    _ = try await Workspace(
      try Self.prelude() + """
        def content(file):
            with h5py.File(file) as f: return f["group"][...].tobytes(), f["probability"][...].tobytes()
        expected = []
        for name in "old", "new":
            assert run("assign", "old", name + ".npy", "-k", "4", "-o", name + ".h5") == (0, "")
            expected.append(content(name + ".h5"))
        for i in range(5):
            write(old)
            assign = start("assign", "old", "m.npy", "-k", "4", "-o", "g.h5")
            time.sleep(0.02 + 0.03 * i)
            write(new)
            said = assign.communicate()[1]
            if assign.returncode:
                assert assign.returncode == 65 and "m.npy: changed while it was being read" in said, said
                assert not os.path.exists("g.h5") and not os.path.exists("g.h5.partial")
            else:
                assert content("g.h5") in expected
                os.remove("g.h5")
        """)
  }
}
