import Foundation
import TestSupport
import Testing

@Suite("A build shared by other engines than Slurm", .byTurns)
struct EngineTests {
  /// Logits of which some merges take exact evidence, and the merges of a plain build.
  private func prepared() async throws -> (workspace: Workspace, merges: Data) {
    let workspace = try await Workspace("save('logits.h5', blobs(4000, 60))")
    let merges = try await workspace.build(["logits.h5", "--sketch-width", "2"], to: "plain.logitree")
    let tools = workspace.url.appending(path: "bin")
    try FileManager.default.createDirectory(at: tools, withIntermediateDirectories: true)
    for tool in ["tools/engines/logitree-share", "tools/engines/logitree-ssh"]
      + ["ssh", "qsub", "kubectl"].map({ "Tests/Engines/\($0)" })
    {
      try FileManager.default.createSymbolicLink(
        atPath: tools.appending(path: URL(fileURLWithPath: tool).lastPathComponent).path,
        withDestinationPath: Package.path(tool))
    }
    try FileManager.default.createSymbolicLink(
      atPath: tools.appending(path: "logitree").path, withDestinationPath: Package.binary())
    for file in ["kubernetes-shares.yaml", "kubernetes-combine.yaml"] {
      let text = try String(contentsOfFile: Package.path("tools/engines/\(file)"), encoding: .utf8)
      try workspace.write(smaller(text), to: file)
    }
    return (workspace, merges)
  }

  /// Three shares instead of 64, of few logits of each row, so that a sweep is needed.
  private func smaller(_ text: String) -> String {
    text.replacing("64", with: "3").replacing("scan logits.h5", with: "scan logits.h5 --sketch-width 2")
      .replacing("\"scan\", \"logits.h5\"", with: "\"scan\", \"logits.h5\", \"--sketch-width\", \"2\"")
  }

  private func run(_ script: String, in workspace: Workspace) async throws -> Finished {
    let tools = workspace.path("bin")
    let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
    return try await Command.run(
      "/bin/bash", ["-euc", script], in: workspace.url,
      environment: ["PATH": "\(tools):\(path)", "LOGITREE_VOLUME_BIN": tools])
  }

  @Test("The lines of docs/engines.md make the store of a plain build", arguments: ["pbs", "kubernetes"])
  func engine(_ engine: String) async throws {
    let (workspace, merges) = try await prepared()
    let page = try DocumentationPage("docs/engines.md")
    var script = smaller(page.blocks(engine).joined(separator: "\n"))
    try #require(!script.isEmpty)
    if engine == "pbs" {
      // Another round, as the page says, until the last job has not failed.
      let lines = script.split(separator: "\n")
      script += "\n" + lines.suffix(2).joined(separator: "\n").replacing("-W depend=afterok:$combine ", with: "")
    }
    let finished = try await run(script, in: workspace)
    #expect(finished.status == 0, "\(finished.errors)\(finished.outputText)")
    #expect(try await workspace.succeed("export", "my.logitree", "--format", "merges") == merges)
    #expect(FileManager.default.fileExists(atPath: workspace.path("shards/sweep-3-of-3/shard.json")))
  }

  @Test("Machines reached by ssh do their shares, whatever the names of files, and say what failed")
  func ssh() async throws {
    let (workspace, merges) = try await prepared()
    let command = "logitree-ssh one,two \"it's a copy.h5\" -o my.logitree --shards 3 --sketch-width 2"
    let failed = try await run(command, in: workspace)
    #expect(failed.status == 66, "\(failed.errors)")
    #expect(failed.errors.contains("logitree-ssh: scan on two ended with 66"))
    try FileManager.default.copyItem(atPath: workspace.path("logits.h5"), toPath: workspace.path("it's a copy.h5"))
    let finished = try await run(command, in: workspace)
    #expect(finished.status == 0, "\(finished.errors)")
    #expect(try await workspace.succeed("export", "my.logitree", "--format", "merges") == merges)
    let asked = Set(try workspace.text("ssh.log").split(separator: "\n"))
    #expect(asked == ["one", "two"])
  }

  @Test(
    "A task finds its share by what its engine sets",
    arguments: [
      ("PBS_ARRAY_INDEX", "2"), ("PBS_ARRAYID", "2"), ("SGE_TASK_ID", "2"), ("LSB_JOBINDEX", "2"),
      ("SLURM_ARRAY_TASK_ID", "2"), ("JOB_COMPLETION_INDEX", "1"),
    ])
  func share(_ variable: String, _ value: String) async throws {
    let workspace = try Workspace()
    let script = Package.path("tools/engines/logitree-share")
    let told = try await Command.run(
      "/bin/sh", [script, "scan", "a b.h5"], in: workspace.url,
      environment: [variable: value, "LOGITREE_SHARDS": "7", "LOGITREE": "/bin/echo"])
    #expect(told.outputText == "scan a b.h5 --shard 2/7\n")
    let untold = try await Command.run("/bin/sh", [script, "scan", "a.h5"], in: workspace.url)
    #expect(untold.status == 64 && untold.errors.contains("does not tell which task"))
  }
}
