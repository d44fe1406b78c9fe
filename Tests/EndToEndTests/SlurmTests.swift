import Foundation
import Testing

/// A Slurm cluster of this one machine.
private struct SlurmCluster: Sendable {
  let workspace: Workspace
  // Sockets have short names.
  private let directory = FileManager.default.temporaryDirectory.appending(
    path: "slurm-\(UUID().uuidString.prefix(8))")

  /// Does something while a cluster runs, of which nothing is left afterwards, whatever comes of it.
  static func run(in workspace: Workspace, _ body: (SlurmCluster) async throws -> Void) async throws {
    let cluster = SlurmCluster(workspace: workspace)
    try FileManager.default.createDirectory(at: cluster.directory, withIntermediateDirectories: true)
    var failure: (any Error)?
    do {
      try await cluster.run(Package.path("Tests/Slurm/cluster"), "start", cluster.directory.path)
      try await body(cluster)
    } catch { failure = error }
    _ = try? await cluster.run(Package.path("Tests/Slurm/cluster"), "stop", cluster.directory.path)
    try? FileManager.default.removeItem(at: cluster.directory)
    if let failure { throw failure }
  }

  /// Runs a command with the cluster's configuration, which must succeed, and returns what it prints.
  @discardableResult
  func run(_ command: String...) async throws -> String {
    let environment = ["SLURM_CONF": directory.appending(path: "slurm.conf").path, "LOGITREE": try Package.binary()]
    let finished = try await Command.start("/usr/bin/env", command, in: workspace.url, environment: environment)
      .finish()
    guard finished.status == 0 else {
      throw Workspace.Failure(description: "\(command.joined(separator: " ")): \(finished.errors)")
    }
    return finished.outputText
  }

  /// The tasks of a job's array that are running.
  func running(_ job: String) async throws -> [String] {
    try await run("squeue", "--noheader", "--states=RUNNING", "--jobs=\(job)", "--format=%F_%K")
      .split(separator: "\n").map(String.init)
  }

  /// Waits for something that comes within minutes, but gives up only when it never will, however busy the machine is.
  func wait(for what: String, _ isThere: () async throws -> Bool) async throws {
    for _ in 0..<18_000 {
      if try await isThere() { return }
      try await Task.sleep(for: .milliseconds(100))
    }
    let queue = try await run("squeue")
    throw Workspace.Failure(description: "no \(what) in half an hour:\n\(queue)")
  }

  func waitForAll() async throws {
    try await wait(for: "end of all jobs") { try await run("squeue", "--noheader").isEmpty }
  }

  /// What the cluster needs.
  static let canRun =
    getuid() == 0
    && ["/usr/sbin/slurmctld", "/usr/sbin/slurmd", "/usr/sbin/munged", "/usr/bin/pkill"]
      .allSatisfy { FileManager.default.isExecutableFile(atPath: $0) }
}

@Suite(
  "Jobs of a real Slurm", .anytime, .serialized,
  .enabled(
    if: SlurmCluster.canRun,
    "Slurm runs only as root, with slurm-wlm, munge and procps; tools/setup --python installs them"))
struct SlurmTests {
  private static let repeats = Package.isFullSpeed ? 120 : 8
  /// For all shards together.
  private static let sharedRepeats = Package.isFullSpeed ? 48 : 8

  @Test("An array of 8 shards, of which one is queued again, one told to stop, and the node of some fails")
  func array() async throws {
    let workspace = try await Workspace(LongBuildTests.data(repeats: Self.sharedRepeats))
    try await SlurmCluster.run(in: workspace) { cluster in
      let submitted = try await cluster.run(
        Package.path("tools/slurm/logitree-submit"), "long.h5", "-o", workspace.path("shared.logitree"), "--shards",
        "8",
        "--cpus", "2", "--", "--time=60")
      let scan = String(try #require(submitted.firstMatch(of: /scan: job ([0-9]+)/)).1)

      try await cluster.wait(for: "running task") { try await !cluster.running(scan).isEmpty }
      if let task = try await cluster.running(scan).first {
        _ = try? await cluster.run("scontrol", "requeue", task)
      }

      try await cluster.wait(for: "running program") {
        if try workspace.listing().contains(where: { $0.contains("/building.json") }) { return true }
        return try await cluster.run("squeue", "--noheader").isEmpty
      }
      // The programs of this test only, by the path of their shards, and not the scripts around them.
      _ = try? await cluster.run("pkill", "-TERM", "-f", "scan long.h5.*\(workspace.url.lastPathComponent).*--shard")

      try await cluster.wait(for: "running task after that") {
        if try await !cluster.running(scan).isEmpty { return true }
        return try await cluster.run("squeue", "--noheader", "--jobs=\(scan)").isEmpty
      }
      let node = try await cluster.run("sinfo", "--noheader", "--format=%n").trimmingCharacters(
        in: .whitespacesAndNewlines)
      try await cluster.run("scontrol", "update", "nodename=\(node)", "state=down", "reason=test")
      try await Task.sleep(for: .milliseconds(500))
      try await cluster.run("scontrol", "update", "nodename=\(node)", "state=resume")

      try await cluster.waitForAll()
      let logs = try allLogs(workspace)
      let merges = try await workspace.logitree("export", "shared.logitree", "--format", "merges")
      #expect(merges.status == 0, "\(merges.errors)\n\(logs)")
      #expect(try await merges.output == workspace.build(["long.h5"]))
      #expect(try await workspace.logitree("check", "shared.logitree").status == 0)
      // Steps that were not needed ended at once.
      #expect(logs.contains("nothing is pending"))
    }
  }

  @Test(
    "At its time limit a job stops with what it has finished, and goes on when it is run again",
    .enabled(if: Package.runsLargeTests, "set LOGITREE_LARGE to run it"))
  func timeLimit() async throws {
    // Slurm looks at limits every half minute.
    let workspace = try await Workspace(LongBuildTests.data(repeats: 4000))
    try await SlurmCluster.run(in: workspace) { cluster in
      let job = try await cluster.run(
        "env", "LOGITREE_SHARDS=1", "sbatch", "--parsable", "--array=1-1", "--time=1",
        Package.path("tools/slurm/logitree-job"), "scan", "long.h5", "-o", "shards", "--memory", "64MiB"
      ).trimmingCharacters(in: .whitespacesAndNewlines)
      try await cluster.wait(for: "end of the job's time") { try allLogs(workspace).contains("exit code 75; queueing") }
      try await cluster.run("scontrol", "update", "jobid=\(job)", "timelimit=60")
      let finished = try workspace.listing().filter { $0.hasPrefix("shards/scan-1-of-1/segment-") }
      #expect(!finished.isEmpty)
      try await cluster.waitForAll()
      let listing = try workspace.listing()
      #expect(finished.allSatisfy { listing.contains($0) }, "\(finished) of \(listing)")
      let logs = try allLogs(workspace)
      #expect(listing.contains { $0.hasPrefix("shards/scan-1-of-1/shard.json") }, "\(logs)")
    }
  }

  @Test("A job that is cancelled stops, and stays cancelled")
  func cancelled() async throws {
    let workspace = try await Workspace(LongBuildTests.data(repeats: Self.repeats))
    try await SlurmCluster.run(in: workspace) { cluster in
      let job = try await cluster.run(
        "env", "LOGITREE_SHARDS=1", "sbatch", "--parsable", "--array=1-1", Package.path("tools/slurm/logitree-job"),
        "scan", "long.h5", "-o", "shards"
      ).trimmingCharacters(in: .whitespacesAndNewlines)
      try await cluster.wait(for: "running program") {
        try workspace.listing().contains { $0.contains("/building.json") }
      }
      try await cluster.run("scancel", job)
      try await cluster.waitForAll()
      let logs = try allLogs(workspace)
      #expect(logs.contains("interrupted") && !logs.contains("queueing"), "\(logs)")
      // What is queued again waits for its credential to expire, but is in the queue all the while.
      #expect(try await cluster.run("squeue", "--noheader").isEmpty)
    }
  }

  @Test("A nightly job that waits for the one that writes the logits")
  func update() async throws {
    let workspace = try await Workspace(
      """
      x = blobs(2000, 30)
      save("old.h5", x[:1500])
      np.save("new.npy", x[1500:])
      """)
    _ = try await workspace.build("old.h5")
    try await SlurmCluster.run(in: workspace) { cluster in
      let dump = try await cluster.run("sbatch", "--parsable", "--wrap", "sleep 1; cp new.npy tonight.npy")
        .trimmingCharacters(in: .whitespacesAndNewlines)
      try await cluster.run(
        "sbatch", "--parsable", "--dependency=afterok:\(dump)", Package.path("tools/slurm/logitree-job"), "update",
        "out.logitree", "tonight.npy")
      try await cluster.waitForAll()
      let logs = try allLogs(workspace)
      let merges = try await workspace.succeed("export", "out.logitree", "--format", "merges")
      #expect(try await merges == workspace.build(["old.h5", "new.npy"], to: "both.logitree"), "\(logs)")
    }
  }

  @Test("A missing input ends the first step, and the others with it")
  func failure() async throws {
    let workspace = try await Workspace("save('x.h5', blobs(500, 9))")
    try await SlurmCluster.run(in: workspace) { cluster in
      try await cluster.run(
        Package.path("tools/slurm/logitree-submit"), "x.h5", "-o", "shared.logitree", "--shards", "2", "--on-invalid",
        "fail",
        "--dataset", "logits", "--", "--hold")
      try FileManager.default.removeItem(atPath: workspace.path("x.h5"))
      for job in try await cluster.run("squeue", "--noheader", "--format=%F").split(separator: "\n") {
        _ = try? await cluster.run("scontrol", "release", String(job))
      }
      try await cluster.waitForAll()
      #expect(try allLogs(workspace).contains("x.h5: no such file"))
      #expect(try !workspace.listing().contains("shared.logitree"))
    }
  }

  /// What the jobs have said.
  private func allLogs(_ workspace: Workspace) throws -> String {
    try workspace.listing().compactMap { line in
      let name = line.split(separator: " ")[0]
      return name.hasSuffix(".log") ? try workspace.text(String(name)) : nil
    }.joined(separator: "\n")
  }
}
