import Foundation
import Testing

extension Workspace {
  /// Logits that leave some merges to exact evidence, in one file and in three of other layouts.
  static let shardData = """
    x = blobs(6_000, 120)
    save("x.h5", x, chunks=(100, 120))
    for name, part in zip("abc", [x[:2111], x[2111:2112], x[2112:]]):
        save(f"{name}.h5", part, chunks=(min(len(part), 700), 50), compression="lzf")

    """

  /// The same with a file that may grow, which ``growth`` does.
  static let growingData =
    shardData + """
      save("g.h5", x[:3000], chunks=(100, 120), maxshape=(None, 120))

      """

  static let growth = """
    with h5py.File("g.h5", "a") as f:
        f["logits"].resize((3700, 120))
        f["logits"][3000:] = blobs(700, 120, seed=2)
    """

  /// Does a step for each share, in some order, a few at a time.
  func run(_ shares: [String], _ command: [String]) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      for (index, share) in shares.enumerated() {
        if index >= 3 { try await group.next() }
        group.addTask { try await self.succeed(command + ["--shard", share, "-o", "shards", "--quiet"]) }
      }
      try await group.waitForAll()
    }
  }

  /// Combines, and sweeps, until nothing is pending; returns the bytes of the exported merges, and the number of sweeps.
  func finish(_ shares: [String]) async throws -> (merges: Data, sweeps: Int) {
    for sweeps in 0..<5 {
      let output = try await succeed("combine", "shards", "-o", "shared.logitree", "--quiet", "--json")
      if try jsonObject(output)["pending_groups"] == nil {
        return try await (succeed("export", "shared.logitree", "--format", "merges"), sweeps)
      }
      try await run(shares, ["sweep", "shared.logitree"])
    }
    throw Failure(description: "sweeping does not end")
  }

  /// Expects that combining is refused, and leaves everything as it is.
  func expectNotCombined(
    status: Int32, saying text: String, sourceLocation: SourceLocation = #_sourceLocation
  ) async throws {
    let before = try listing()
    let combine = try await logitree("combine", "shards", "-o", "shared.logitree")
    #expect(combine.status == status, "\(combine.errors)", sourceLocation: sourceLocation)
    #expect(combine.errors.contains(text), "\(combine.errors)", sourceLocation: sourceLocation)
    #expect(try listing() == before, sourceLocation: sourceLocation)
  }
}
