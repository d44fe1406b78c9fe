import Foundation
import TestSupport
import Testing

@Suite("Long builds", .anytime, .serialized)
struct LongBuildTests {
  /// Python that writes long.h5, 300 clusters wide, of rows that a virtual dataset repeats: long to read, quick to write.
  static func data(repeats: Int) -> String {
    """
    save("block.h5", blobs(20_000, 300))
    layout = h5py.VirtualLayout((20_000 * \(repeats), 300), "f4")
    for i in range(\(repeats)):
        layout[i * 20_000 : (i + 1) * 20_000] = h5py.VirtualSource("block.h5", "logits", (20_000, 300))
    with h5py.File("long.h5", "w") as f:
        f.create_virtual_dataset("logits", layout)
    os.mkdir("out")

    """
  }

  /// So long that no machine is through before the signal comes.
  static let endless = data(repeats: 500)
  /// Some seconds.
  static let long = data(repeats: Package.isFullSpeed ? 20 : 1)
  static let longRows = Package.isFullSpeed ? "400,000" : "20,000"

  static let build = ["build", "long.h5", "-o", "out/x.logitree", "--threads", "1"]

  /// Sends a signal when the build has begun to write, or a moment later, and waits for the end.
  private func interrupt(
    _ build: Command, with signal: Int32, in workspace: Workspace, after seconds: Double
  ) async throws -> Finished {
    let before = try workspace.listing()
    try await build.wait { try workspace.listing() != before }
    try await Task.sleep(for: .seconds(seconds))
    build.send(signal)
    return try await build.finish()
  }

  @Test(
    "A signal ends them soon, and what is left is nothing, or goes on when run again", arguments: [SIGINT, SIGTERM],
    [0, 0.3])
  func interrupted(signal: Int32, after seconds: Double) async throws {
    let repeats = Package.isFullSpeed ? 60 : 2
    let workspace = try await Workspace(Self.data(repeats: repeats))
    let before = try workspace.listing()
    let build = try workspace.start(Self.build + ["--json"])
    // The temporary store is the first thing there is to see, and the signal handler is in place by then.
    let run = try await interrupt(build, with: signal, in: workspace, after: seconds)
    #expect(run.status == 75, "\(run.errors)")
    #expect(run.errors.contains("interrupted"), "\(run.errors)")
    #expect(run.output.isEmpty)
    let keepsWork = try workspace.listing() != before
    #expect(run.errors.contains("what was finished is kept") == keepsWork, "\(run.errors)")
    if keepsWork {
      let shown = try await workspace.logitree("show", "out/x.logitree")
      #expect(shown.status == 75 && shown.errors.contains("interrupted"), "\(shown.errors)")
      let finished = try await workspace.logitree(Self.build + ["--json"])
      #expect(finished.status == 0, "\(finished.errors)")
      #expect(try jsonObject(finished.output)["rows"] as? Int == 20_000 * repeats)
      // What was finished is not scanned again.
      #expect(finished.errors.contains("scan: ") && !finished.errors.contains("scan: 1,200,000 rows"))
    }
  }

  @Test("SIGTERM may come again and again, as batch systems send it")
  func terminatedTwice() async throws {
    let workspace = try await Workspace(Self.endless)
    let before = try workspace.listing()
    let build = try workspace.start(Self.build)
    try await build.wait { try workspace.listing() != before }
    for _ in 0..<20 {
      build.send(SIGTERM)
      try await Task.sleep(for: .microseconds(200))
    }
    let run = try await build.finish()
    #expect(run.status == 75 && run.errors.contains("interrupted"), "\(run.errors)")
  }

  @Test("A signal while the inputs are still being opened, which takes long if they are many")
  func interruptedOpening() async throws {
    let workspace = try await Workspace(Self.endless + "os.mkdir('out/shards')")
    let before = try workspace.listing()
    for command in [Self.build, ["scan", "long.h5", "--shard", "1/1", "-o", "out/shards"]] {
      let run = try workspace.start(command)
      try await run.waitUntilItCatches(SIGTERM)
      run.send(SIGTERM)
      let finished = try await run.finish()
      #expect(finished.status == 75 && finished.errors.contains("interrupted"), "\(finished.errors)")
      #expect(try workspace.listing() == before)
    }
  }

  @Test("A signal leaves the store that was there", arguments: [0, 0.3])
  func interruptedRebuild(after seconds: Double) async throws {
    let workspace = try await Workspace(Self.endless + "save('x.h5', blobs(500, 9))")
    let expected = try await workspace.build(["x.h5"], to: "out/x.logitree")
    let before = try workspace.listing()
    let build = try workspace.start(Self.build + ["--replace"])
    let run = try await interrupt(build, with: SIGINT, in: workspace, after: seconds)
    #expect(run.status == 75, "\(run.errors)")
    #expect(try Set(workspace.listing()).isSuperset(of: before))
    #expect(try await workspace.succeed("export", "out/x.logitree", "--format", "merges") == expected)
  }

  @Test("Progress on standard error: a line for each pass, where that is no terminal")
  func lines() async throws {
    let workspace = try await Workspace(Self.long)
    let run = try await workspace.logitree(Self.build + ["--json", "--sketch-width", "0"])
    #expect(run.status == 0)
    let passes = try #require(jsonObject(run.output)["passes"] as? Int)
    #expect(passes >= 2, "without sketches there are several")
    for pass in 1...passes {
      // Later passes are not over those rows that stay in memory.
      let rows = pass == 1 ? "\(Self.longRows)" : ""
      let lines = run.errorLines.filter { $0.hasPrefix("pass \(pass), ") && $0.contains("\(rows) rows in ") }
      #expect(lines.count == 1, "\(run.errors)")
    }
    #expect(!run.errors.contains("\r") && !run.errors.contains("\u{1B}"))
  }

  @Test("Progress on a terminal: a line that renews itself")
  func terminal() async throws {
    let workspace = try await Workspace(Self.long)
    let seen = try await workspace.python(
      """
      import pty, subprocess
      master, slave = pty.openpty()
      build = subprocess.Popen(["\(Package.binary())"] + \(Self.build), stdout=subprocess.PIPE, stderr=slave)
      os.close(slave)
      seen = b""
      try:
          while part := os.read(master, 65536):
              seen += part
      except OSError:  # how Linux says that the other end is closed
          pass
      output = build.stdout.read()
      assert build.wait() == 0, seen
      assert output == b"", output
      print(json.dumps(seen.decode()))
      """)
    let text = try JSONDecoder().decode(String.self, from: Data(seen.utf8))
    let renewals = text.matches(of: /\r\u{1B}\[Kpass \d+, [a-z0-9 ]+: [\d,]+ of [\d,]+ rows \(\d+ %\), [^\r\n]* left/)
    #expect(renewals.count >= 2, "\(seen)")
    // Each pass still leaves its line, and nothing unfinished is left at the end.
    #expect(text.contains("\r\u{1B}[Kpass 1, scan: \(Self.longRows) rows in "), "\(seen)")
    #expect(text.hasSuffix("\r\n"), "\(seen)")
  }
}
