import Foundation
import TestSupport
import Testing

@Suite("Assigning goes on where it was", .anytime, .serialized)
struct AssignResumeTests {
  private static var kills: Int {
    ProcessInfo.processInfo.environment["LOGITREE_KILLS"].flatMap { Int($0) }
      ?? (Package.runsLargeTests ? 20 : 3)
  }

  /// Several pieces, in two files.
  private static let data = """
    x = blobs(3000, 10)
    save("store.h5", x)
    rng = np.random.default_rng(3)
    for name, n in [("a", 900_000), ("b", 700_000)]:
        y = x[rng.integers(0, len(x), n)].astype("f2")
        save(f"{name}.h5", y, chunks=(5000, 10), compression="gzip", compression_opts=1)
    """
  private static let command = ["assign", "out.logitree", "a.h5", "b.h5", "-k", "4", "-o", "x.h5", "--json"]

  private let workspace: Workspace
  /// What the command gives if nothing comes between.
  private let expected: Data

  /// The files and the store, made once, and what the command gives of them.
  private static let made = Task {
    let workspace = try await Workspace(data)
    _ = try await workspace.build("store.h5")
    try await workspace.succeed(command)
    return workspace
  }

  init() async throws {
    let made = try await Self.made.value
    workspace = try Workspace()
    for name in ["store.h5", "a.h5", "b.h5", "out.logitree"] {
      try FileManager.default.copyItem(atPath: made.path(name), toPath: workspace.path(name))
    }
    expected = try Data(contentsOf: made.url.appending(path: "x.h5"))
  }

  private var result: Data { get throws { try Data(contentsOf: workspace.url.appending(path: "x.h5")) } }

  private func pieces() throws -> Int { try workspace.listing().count { $0.contains("x.h5.partial/piece-") } }

  /// Starts the command and ends it by a signal once so many pieces are there. Should it be done before that is seen, on a
  /// busy machine, it is started again.
  private func interrupt(_ signal: Int32, after count: Int = 1) async throws -> Finished {
    for _ in 0..<10 {
      let run = try workspace.start(Self.command)
      try await run.wait { try pieces() >= count }
      run.send(signal)
      let finished = try await run.finish()
      guard finished.status == 0 else { return finished }
      try FileManager.default.removeItem(atPath: workspace.path("x.h5"))
    }
    throw Workspace.Failure(description: "done ten times before it could be interrupted")
  }

  @Test("Interrupted, it says so, and keeps what it has", arguments: [SIGINT, SIGTERM])
  func interrupted(signal: Int32) async throws {
    let run = try await interrupt(signal)
    #expect(run.status == 75)
    #expect(run.errors.contains("Run the same again"), "\(run.errors)")
    #expect(try pieces() > 0)
    #expect(!FileManager.default.fileExists(atPath: workspace.path("x.h5")))
    let summary = try await jsonObject(workspace.succeed(Self.command))
    #expect(try #require(summary["resumed_rows"] as? Int) >= 524_288)
    #expect(summary["rows"] as? Int == 1_600_000)
    #expect(try result == expected)
    #expect(try workspace.listing().allSatisfy { !$0.contains("partial") && !$0.contains(".tmp") })
  }

  @Test("Killed at any moment, it goes on when run again, and the result is the same")
  func killed() async throws {
    let seed = seeds(1)[0]
    print("kills: LOGITREE_SEED=\(seed) LOGITREE_KILLS=\(Self.kills)")
    var random = SeededGenerator(seed: seed)
    let start = ContinuousClock.now
    try await workspace.succeed(Self.command)
    let seconds = (ContinuousClock.now - start) / .seconds(1) + 0.02
    for kill in 0..<Self.kills {
      try FileManager.default.removeItem(atPath: workspace.path("x.h5"))
      for _ in 0..<random.int(1...3) {
        let run = try workspace.start(Self.command)
        try await Task.sleep(for: .seconds(Double.random(in: 0...seconds, using: &random)))
        run.send(SIGKILL)
        _ = try await run.finish()
        // The whole result or none.
        if let found = try? result { #expect(found == expected, "kill \(kill)") }
      }
      let finished = try await workspace.logitree(Self.command)
      #expect(finished.status == 0, "kill \(kill): \(finished.errors)")
      #expect(try result == expected, "kill \(kill)")
      #expect(try workspace.listing().allSatisfy { !$0.contains("partial") && !$0.contains(".tmp") }, "kill \(kill)")
    }
  }

  @Test(
    "Not for other options, rows, inputs or trees", arguments: ["groups", "rows", "input", "content", "tree", "kind"])
  func others(change: String) async throws {
    _ = try await interrupt(SIGKILL)
    #expect(try pieces() > 0)
    var command = Self.command
    switch change {
    case "groups": command[5] = "5"
    case "rows": command += ["--rows", "1..<1600000"]
    case "input": command.swapAt(2, 3)
    case "kind": command += ["--temperature", "2"]
    case "content": try await workspace.python("with h5py.File('a.h5', 'a') as f: f['logits'][700_000] = 3")
    default: _ = try await workspace.build("store.h5", "--score", "mean", "--rows", "0..<2000")
    }
    let summary = try await jsonObject(workspace.succeed(command))
    #expect(summary["resumed_rows"] as? Int == 0)
    let output = try result
    #expect(output != expected)
    try await workspace.succeed(command)
    #expect(try result == output)
  }

  @Test("But with other threads and memory; and what is damaged is done again")
  func resources() async throws {
    _ = try await interrupt(SIGKILL, after: 2)
    let piece = workspace.url.appending(path: "x.h5.partial/piece-0")
    var bytes = try Data(contentsOf: piece)
    bytes[bytes.count / 2] ^= 1
    try bytes.write(to: piece)
    let summary = try await jsonObject(workspace.succeed(Self.command + ["--threads", "3", "--memory", "80MiB"]))
    #expect(try [524_288, 2 * 524_288, 3 * 524_288].contains(#require(summary["resumed_rows"] as? Int)))
    #expect(try result == expected)
  }

  @Test("Two at once don't mix: the second is refused")
  func locked() async throws {
    let first = try workspace.start(Self.command)
    try await first.wait { try pieces() > 0 }
    first.send(SIGSTOP)
    let second = try await workspace.logitree(Self.command)
    first.send(SIGCONT)
    #expect(second.status == 75)
    #expect(second.errors.contains("another logitree"), "\(second.errors)")
    #expect(try await first.finish().status == 0)
    #expect(try result == expected)
  }
}
