import Foundation
import TestSupport
import Testing

/// Every system call of every command may fail, or the program be killed at it: `tools/faults` says what may come of it.
@Suite("System calls that fail", .byTurns, .serialized)
struct FaultTests {
  private func fail(_ arguments: [String]) async throws {
    let workspace = try Workspace()
    let run = try await Command.run(
      Python.interpreter(), ["-B", Package.path("tools/faults")] + arguments, in: workspace.url,
      environment: ["LOGITREE_BINARY": Package.binary(), "LOGITREE_DYNAMIC_BINARY": Package.dynamicBinary()])
    #expect(run.status == 0, "\(run.outputText)\(run.errors)")
    #expect(run.outputText.contains(", 0 failures"), "\(run.outputText)")
  }

  @Test("A few of each command: nothing is lost, nothing wrong quietly, and the command run again does it")
  func some() async throws {
    let seed = seeds(1)[0]
    print("faults: LOGITREE_SEED=\(seed)")
    try await fail(["--count", "2", "--seed", "\(seed)"])
  }

  @Test(
    "As many of each command as LOGITREE_FAULTS says, or all",
    .enabled(if: ProcessInfo.processInfo.environment["LOGITREE_FAULTS"] != nil, "set LOGITREE_FAULTS to run it"))
  func many() async throws {
    let count = ProcessInfo.processInfo.environment["LOGITREE_FAULTS"] ?? "all"
    try await fail(count == "all" ? [] : ["--count", count, "--seed", "\(seeds(1)[0])"])
  }
}
