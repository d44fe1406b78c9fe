import Foundation
import TestSupport
import Testing

@Suite("Rows that come through a pipe, and files without a header", .byTurns)
struct StreamTests {
  /// Rows in HDF5 and as bare numbers, of which sketches certify not all.
  private static let data = """
    x = blobs(6000, 30)
    save("x.h5", x)
    x.tofile("x.bin")
    x.astype(">f4").tofile("big.bin")
    x.astype("f8").tofile("double.bin")
    """

  private static let form = "--type float32 --clusters 30"

  private func merges(_ workspace: Workspace, _ store: String = "out.logitree") async throws -> Data {
    try await workspace.succeed("export", store, "--format", "merges")
  }

  @Test(
    "A tree of rows from a pipe is that of the file, however they come",
    arguments: [
      "p.write(open('x.bin', 'rb').read())",
      "for part in np.array_split(np.fromfile('x.bin', 'u1'), 777): p.write(part.tobytes())",
      "for byte in x[:5].tobytes(): p.write(bytes([byte]))\ntime.sleep(0.3)\np.write(x[5:].tobytes())",
    ])
  func same(script: String) async throws {
    let workspace = try await Workspace(Self.data)
    let expected = try await workspace.build(["x.h5", "--sketch-width", "4"], to: "file.logitree")
    let script = "x = np.fromfile('x.bin', 'f4').reshape(-1, 30)\n" + script
    let result = try await workspace.pipe("build - \(Self.form) --sketch-width 4 -o out.logitree", script)
    #expect(result.status == 0, "\(result.errors)")
    #expect(try await merges(workspace) == expected)
    try await workspace.succeed("check", "out.logitree")
  }

  @Test("Files without a header give the tree of the same numbers in HDF5; named pipes are read as standard input is")
  func raw() async throws {
    let workspace = try await Workspace(Self.data)
    let expected = try await workspace.build(["x.h5"], to: "file.logitree")
    for (file, type) in [("x.bin", "float32"), ("big.bin", "float32-be"), ("double.bin", "float64")] {
      let found = try await workspace.build(file, "--raw", type, "--clusters", "30")
      #expect(found == expected || type == "float64", "\(file)")
    }
    try await workspace.succeed("update", "out.logitree")
    let inspected = try await workspace.logitree("inspect", "x.bin", "--raw", "float32", "--clusters", "30")
    #expect(inspected.status == 0 && inspected.outputText.contains("6,000 × 30"), "\(inspected.errors)")
    try await workspace.python("np.save('header.npy', blobs(600, 32))")
    let form = ["--clusters", "32", "-o", "odd"]
    let header = try await workspace.logitree(["build", "header.npy", "--raw", "float32"] + form)
    #expect(header.status == 65 && header.errors.contains("leave --raw away"), "\(header.errors)")
    let sent = try await workspace.pipe(
      "build - --type float32 --clusters 32 -o odd", "p.write(open('header.npy', 'rb').read())")
    #expect(sent.status == 65 && sent.errors.contains("begins as .npy does"), "\(sent)")
    let odd = try await workspace.logitree("build", "x.bin", "--raw", "float32", "--clusters", "31", "-o", "odd")
    #expect(odd.status == 65 && odd.errors.contains("no multiple of the 124 bytes"), "\(odd.errors)")

    try await workspace.python(
      """
      import subprocess
      os.mkfifo("pipe")
      command = ["\(Package.binary())", "build", "pipe", "--type", "float32", "--clusters", "30", "-o", "fifo.logitree"]
      process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
      open("pipe", "wb").write(open("x.bin", "rb").read())
      assert process.wait() == 0
      """)
    #expect(try await merges(workspace, "fifo.logitree") == expected)
  }

  @Test("A writer that is gone half-way, or sends nothing, leaves no store; nor does a build that is stopped")
  func gone() async throws {
    let workspace = try await Workspace(Self.data)
    let build = "build - \(Self.form) -o out.logitree --quiet"
    let half = try await workspace.pipe(build, "p.write(open('x.bin', 'rb').read()[:120 * 100 + 7])")
    #expect(half.status == 65 && half.errors.contains("row 100") && half.errors.contains("7 have come"), "\(half)")
    let none = try await workspace.pipe(build, "pass")
    #expect(none.status == 65 && none.errors.contains("has no rows"), "\(none)")
    let stopped = try await workspace.pipe(
      build,
      "p.write(open('x.bin', 'rb').read()[:1000])\ntime.sleep(0.5)\nprocess.terminate()\nprocess.wait()")
    #expect(stopped.status == 75, "\(stopped)")
    #expect(try !workspace.listing().contains { $0.hasPrefix("out.logitree") })
  }

  @Test("With --spool a run that was killed goes on, if the same rows come; the file is gone in the end")
  func spool() async throws {
    let workspace = try await Workspace(
      "x = blobs(120_000, 30)\nsave('x.h5', x)\nx.tofile('x.bin')\nos.mkdir('spool')")
    let expected = try await workspace.build(["x.h5", "--sketch-width", "2"], to: "file.logitree")
    let build = "build - \(Self.form) --sketch-width 2 --spool spool -o out.logitree --quiet"
    let killed = try await workspace.pipe(
      build,
      """
      p.write(open('x.bin', 'rb').read()[:120 * 100_000])
      for wait in range(600):
          time.sleep(0.05)
          if os.path.exists('out.logitree') and any(n.startswith('segment') for n in os.listdir('out.logitree')): break
      process.kill()
      process.wait()
      """)
    #expect(killed.status == -9)
    #expect(try workspace.listing().contains { $0.hasPrefix("spool/") })
    for rows in [500, 60_000] {
      let fewer = try await workspace.pipe(build, "p.write(open('x.bin', 'rb').read()[:120 * \(rows)])")
      #expect(fewer.status == 65 && fewer.errors.contains("ends after \(rows) rows, of which"), "\(fewer)")
      #expect(try workspace.listing().contains { $0.hasPrefix("spool/") })
    }
    for _ in 0..<2 {
      let others = try await workspace.pipe(build, "p.write(bytes(1200))")
      #expect(others.status == 65 && others.errors.contains("row 0 is not the one"), "\(others)")
      #expect(others.errors.contains("rm "), "\(others)")
    }
    for again in ["", " --replace"] {
      let done = try await workspace.pipe(build + again)
      #expect(done.status == 0, "\(done)")
      #expect(try await merges(workspace) == expected)
      #expect(try !workspace.listing().contains { $0.hasPrefix("spool/") })
    }
  }

  @Test("Rows are spooled a second after they came, however few; those of a writer that is gone half-way are kept too")
  func fewSpooled() async throws {
    let workspace = try await Workspace(Self.data + "\nos.mkdir('spool')")
    let expected = try await workspace.build(["x.h5"], to: "file.logitree")
    let build = "build - \(Self.form) --spool spool -o out.logitree --quiet"
    func spooled() throws -> Data {
      // The listing tells sizes too.
      let entry = try #require(try workspace.listing().first { $0.hasPrefix("spool/logitree-") })
      return try Data(contentsOf: workspace.url.appending(path: String(entry.prefix { $0 != " " })))
    }
    let killed = try await workspace.pipe(
      build,
      """
      p.write(open('x.bin', 'rb').read()[:120 * 100 + 7])
      p.flush()
      for wait in range(600):
          time.sleep(0.05)
          if any(e.stat().st_size for e in os.scandir('spool')): break
      process.kill()
      process.wait()
      """)
    #expect(killed.status == -9)
    #expect(try spooled().count == 12000)
    let others = try await workspace.pipe(build, "p.write(bytes(1200))")
    #expect(others.status == 65 && others.errors.contains("row 0 is not the one"), "\(others)")
    let half = try await workspace.pipe(build, "p.write(open('x.bin', 'rb').read()[:120 * 300 + 7])")
    #expect(half.status == 65 && half.errors.contains("ends within row 300"), "\(half)")
    let rows = try spooled()
    #expect(rows.count == 36000)
    try rows.write(to: workspace.url.appending(path: "before.bin"))
    let done = try await workspace.pipe(
      build, "p.write(open('before.bin', 'rb').read())\np.write(open('x.bin', 'rb').read()[36000:])")
    #expect(done.status == 0, "\(done)")
    #expect(try await merges(workspace) == expected)
    #expect(try !workspace.listing().contains { $0.hasPrefix("spool/") })
  }

  @Test("update takes rows from a pipe, into a store of a file or of a pipe")
  func update() async throws {
    let workspace = try await Workspace(Self.data + "\nx[:3500].tofile('a.bin')\nx[3500:].tofile('b.bin')")
    let expected = try await workspace.build(["x.h5"], to: "file.logitree")
    for first in ["a.bin --raw float32 --clusters 30", "-  \(Self.form)"] {
      let built = try await workspace.pipe(
        "build \(first) -o out.logitree --replace", "p.write(open('a.bin', 'rb').read())")
      #expect(built.status == 0, "\(built)")
      let updated = try await workspace.pipe(
        "update out.logitree -", "p.write(open('b.bin', 'rb').read())")
      #expect(updated.status == 0, "\(updated)")
      #expect(try await merges(workspace) == expected)
      try await workspace.succeed("update", "out.logitree")
    }
  }

  @Test("A type that is not that of the rows, or of those before, is an error unless it is said to be right")
  func types() async throws {
    let workspace = try await Workspace(Self.data + "\nx[:300].astype('f2').tofile('half.bin')")
    let write = "p.write(open('half.bin', 'rb').read())"
    for type in ["float64", "float16", "bfloat16", "float32-be"] {
      let build = ["build", "x.bin", "--raw", type, "--clusters", "30", "-o", "odd"]
      let wrong = try await workspace.logitree(build)
      #expect(wrong.status == 65 && wrong.errors.contains("say float32, or"), "\(type): \(wrong.errors)")
    }
    let sent = try await workspace.pipe("build - --type float64 --clusters 30 -o odd")
    #expect(sent.status == 65 && sent.errors.contains("would be as float32"), "\(sent)")
    #expect(try !workspace.listing().contains { $0.hasPrefix("odd") })
    try await workspace.succeed("build", "x.h5", "-o", "out.logitree")
    let unknown = try await workspace.pipe("update out.logitree -", write)
    #expect(unknown.status == 64 && unknown.errors.contains("--type float32"), "\(unknown)")
    try await workspace.succeed("update", "out.logitree", "x.bin", "--raw", "float32")
    let other = try await workspace.pipe("update out.logitree - --type float16", write)
    #expect(other.status == 64 && other.errors.contains("out.logitree has are float32"), "\(other)")
    let trusted = try await workspace.pipe("update out.logitree - --type float16 --trust-type", write)
    #expect(trusted.status == 0, "\(trusted)")
    #expect(try await workspace.pipe("update out.logitree -", write).status == 0)
    let shown = try jsonObject(try await workspace.succeed("update", "out.logitree", "--json", "--quiet"))
    #expect(shown["rows"] as? Int == 12_600)
  }

  @Test("What is still open is told and refused; update goes on without the rows, and says which merges are estimates")
  func estimates() async throws {
    let workspace = try await Workspace("x = blobs(60_000, 60)\nsave('x.h5', x)\nx.tofile('x.bin')")
    _ = try await workspace.build(["x.h5", "--sketch-width", "2"], to: "file.logitree")
    let build = "build - --type float32 --clusters 60 --sketch-width 2 --memory 40MiB -o out.logitree"
    let refused = try await workspace.pipe(build)
    #expect(refused.status == 66 && refused.errors.contains("--allow-estimates"), "\(refused)")
    let shown = try await workspace.logitree("show", "out.logitree")
    #expect(shown.status != 0)
    let summary = try jsonObject(
      try await workspace.succeed("update", "out.logitree", "--allow-estimates", "--json", "--quiet"))
    #expect(summary["rows"] as? Int == 60_000)
    let estimated = try #require(summary["estimated_merges"] as? Int)
    #expect(estimated > 0)
    // Up to the first estimate all is as in the file's tree.
    let mine = String(decoding: try await merges(workspace), as: UTF8.self).split(separator: "\n")
    let files = String(decoding: try await merges(workspace, "file.logitree"), as: UTF8.self).split(separator: "\n")
    let certain = mine.prefix { !$0.hasSuffix("estimate") }
    #expect(mine.count(where: { $0.hasSuffix("estimate") }) == estimated)
    for (line, other) in zip(certain, files) {
      #expect(line.split(separator: ",").prefix(8) == other.split(separator: ",").prefix(8))
    }
  }

  @Test("--rows takes the first rows of a pipe, and no fewer")
  func rows() async throws {
    let workspace = try await Workspace(Self.data)
    let expected = try await workspace.build(["x.h5", "--rows", "0:2000"], to: "file.logitree")
    let build = "build - \(Self.form) -o out.logitree --quiet"
    let fewer = try await workspace.pipe(build + " --rows 0:6001")
    #expect(fewer.status == 65 && fewer.errors.contains("after 6000 rows, of which there were to be 6001"), "\(fewer)")
    #expect(try !workspace.listing().contains { $0.hasPrefix("out.logitree") })
    #expect(try await workspace.pipe(build + " --rows 0:2000").status == 0)
    #expect(try await merges(workspace) == expected)
  }

  @Test("A run that fails does not wait for a writer that is slow; nor does it lose a store whose rows are gone")
  func prompt() async throws {
    let workspace = try await Workspace(Self.data + "\nx[50, 3] = np.nan\nx.tofile('nan.bin')")
    let build = "build - \(Self.form) -o out.logitree --quiet"
    // Blocks are as large as these rows, so that other workers wait for more.
    let failed = try await workspace.pipe(
      build,
      """
      for part in range(3): p.write(open('nan.bin', 'rb').read())
      start = time.time()
      process.wait(20)
      """)
    #expect(failed.status == 65 && failed.errors.contains("row 50, column 3 is nan"), "\(failed)")
    #expect(try await workspace.pipe(build).status == 0)
    let whole = try await merges(workspace)
    let others = try await workspace.pipe(build, "p.write(open('x.bin', 'rb').read()[:12000])")
    #expect(others.status == 73 && others.errors.contains("6000 rows of standard input"), "\(others)")
    #expect(try await merges(workspace) == whole)
  }

  @Test("A run without a spool removes the one that a killed run has left")
  func leftSpool() async throws {
    let workspace = try await Workspace(Self.data + "\nos.mkdir('spool')")
    let build = "build - \(Self.form) -o out.logitree --quiet"
    let killed = try await workspace.pipe(
      build + " --spool spool",
      "p.write(open('x.bin', 'rb').read())\ntime.sleep(0.5)\nprocess.kill()\nprocess.wait()")
    #expect(killed.status == -9)
    #expect(try workspace.listing().contains { $0.hasPrefix("spool/") })
    #expect(try await workspace.pipe(build).status == 0)
    #expect(try !workspace.listing().contains { $0.hasPrefix("spool/") })
  }

  @Test("What can't be done with rows that come once is refused at once")
  func refused() async throws {
    let workspace = try await Workspace(Self.data)
    for (arguments, says) in [
      ("build - --type float32 -o out", "takes --clusters too"), ("build - --clusters 30 -o out", "takes --type too"),
      ("build x.h5 --rows 5:2 -o out", "no rows are from 5 to before 2"), ("build x.h5 --trust-type -o out", "--raw"),
    ] {
      let finished = try await workspace.logitree(arguments.split(separator: " ").map(String.init))
      #expect(finished.status == 64 && finished.errors.contains(says), "\(arguments): \(finished.errors)")
    }
    for arguments in [
      "build - -o out", "build - - \(Self.form) -o out",
      "build - x.h5 \(Self.form) -o out", "scan - \(Self.form) --shard 1/4 -o out",
      "build - \(Self.form) --sketch-width 0 -o out", "build x.h5 --spool . -o out",
      "build x.h5 --allow-estimates -o out",
      "build x.bin --type float32 --clusters 30 -o out", "build - \(Self.form) --rows 1:5 -o out", "inspect -",
    ] {
      let finished = try await workspace.logitree(arguments.split(separator: " ").map(String.init))
      #expect(finished.status == 64, "\(arguments): \(finished.status) \(finished.errors)")
    }
    #expect(try !workspace.listing().contains { $0.hasPrefix("out") })
  }
}
