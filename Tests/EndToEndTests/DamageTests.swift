import Foundation
import TestSupport
import Testing

@Suite("Damaged files", .byTurns, .serialized)
struct DamageTests {
  private func fuzz(count: String, seed: String) async throws {
    let workspace = try Workspace()
    let run = try await Command.run(
      Python.interpreter(),
      ["-B", Package.path("tools/fuzz"), "--count", count, "--seed", seed, "--failures", "failures"], in: workspace.url,
      environment: ["LOGITREE_BINARY": Package.binary(), "LOGITREE_DYNAMIC_BINARY": Package.dynamicBinary()]
    )
    #expect(run.status == 0, "\(run.outputText)\(run.errors)")
    #expect(run.outputText.contains(" cases of seed \(seed), 0 failures"))
  }

  @Test("Some of all layouts: an error, or the result of the logits they hold")
  func some() async throws { try await fuzz(count: "30", seed: "4") }

  @Test(
    "As many as LOGITREE_FUZZ says, with the seed LOGITREE_SEED",
    .enabled(if: ProcessInfo.processInfo.environment["LOGITREE_FUZZ"] != nil, "set LOGITREE_FUZZ to run it"))
  func many() async throws {
    let environment = ProcessInfo.processInfo.environment
    try await fuzz(count: environment["LOGITREE_FUZZ"] ?? "2000", seed: environment["LOGITREE_SEED"] ?? "1")
  }
}
