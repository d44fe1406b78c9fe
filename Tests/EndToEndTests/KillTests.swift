import Foundation
import TestSupport
import Testing

@Suite("Killed at any moment", .anytime, .serialized)
struct KillTests {
  /// A few kills, or as many as LOGITREE_KILLS says.
  private static var kills: Int {
    ProcessInfo.processInfo.environment["LOGITREE_KILLS"].flatMap { Int($0) }
      ?? (Package.runsLargeTests ? 20 : 3)
  }

  /// Rows enough for several segments, few logits kept so that there is something to sweep for.
  private static let data = """
    x = blobs(\(Package.isFullSpeed ? 60_000 : 4_000), 100)
    save("a.h5", x[:len(x) // 2], chunks=(500, 100), compression="gzip")
    save("b.h5", x[len(x) // 2:], chunks=(500, 100), compression="gzip")
    """
  private static let memory = ["--memory", "40MiB", "--sketch-width", "6"]

  @Test("A build or an update leaves the old state or the new one, goes on when run again, and the result is the same")
  func killed() async throws {
    let seed = seeds(1)[0]
    print("kills: LOGITREE_SEED=\(seed) LOGITREE_KILLS=\(Self.kills)")
    var random = SeededGenerator(seed: seed)
    let workspace = try await Workspace(Self.data)
    let build = ["build", "a.h5", "-o", "x.logitree", "--quiet"] + Self.memory
    let update = ["update", "x.logitree", "b.h5", "--quiet", "--memory", "40MiB"]
    let start = ContinuousClock.now
    try await workspace.succeed(build)
    let seconds = (ContinuousClock.now - start) / .seconds(1) + 0.05
    let old = try await workspace.succeed("export", "x.logitree", "--format", "merges")
    try await workspace.succeed(update)
    let new = try await workspace.succeed("export", "x.logitree", "--format", "merges")
    #expect(old != new)

    for kill in 0..<Self.kills {
      try? FileManager.default.removeItem(atPath: workspace.path("x.logitree"))
      let killsUpdate = kill % 2 == 1
      if killsUpdate { try await workspace.succeed(build) }
      // Several times in a row, so that what was left by one is gone on with and killed again.
      for _ in 0..<random.int(1...3) {
        let run = try workspace.start(killsUpdate ? update : build)
        try await Task.sleep(for: .seconds(Double.random(in: 0...seconds, using: &random)))
        run.send(SIGKILL)
        _ = try await run.finish()
        let shown = try await workspace.logitree("export", "x.logitree", "--format", "merges")
        if killsUpdate {
          #expect(shown.status == 0 && [old, new].contains(shown.output), "kill \(kill): \(shown.errors)")
        } else {
          // No store yet, an unfinished one, or the finished one.
          #expect(
            shown.status == 0 ? shown.output == old : [66, 75].contains(shown.status), "kill \(kill): \(shown.errors)")
        }
      }
      let finished = try await workspace.logitree(killsUpdate ? update : build)
      #expect(finished.status == 0, "kill \(kill): \(finished.errors)")
      let result = try await workspace.succeed("export", "x.logitree", "--format", "merges")
      #expect(result == (killsUpdate ? new : old), "kill \(kill)")
      #expect(try await workspace.logitree("check", "x.logitree").status == 0)
      #expect(
        try workspace.listing().allSatisfy {
          !$0.contains(".tmp") && !$0.contains(".new") && !$0.contains("building.json")
        })
    }
  }
}
