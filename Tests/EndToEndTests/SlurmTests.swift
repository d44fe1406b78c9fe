import Foundation
import Testing

/// A Slurm cluster of this one machine, which runs while the value lives.
private final class SlurmCluster {
  private let workspace: Workspace
  private let directory: URL

  init(_ workspace: Workspace) throws {
    self.workspace = workspace
    // Sockets have short names.
    directory = FileManager.default.temporaryDirectory.appending(path: "slurm-\(UUID().uuidString.prefix(8))")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    try run(Package.path("Tests/Slurm/cluster"), "start", directory.path)
  }

  deinit {
    _ = try? run(Package.path("Tests/Slurm/cluster"), "stop", directory.path)
    try? FileManager.default.removeItem(at: directory)
  }

  /// Runs a command with the cluster's configuration, which must succeed, and returns what it prints.
  @discardableResult
  func run(_ command: String...) throws -> String {
    let environment = ["SLURM_CONF": directory.appending(path: "slurm.conf").path, "LOGITREE": try Package.binary()]
    let finished = try Command("/usr/bin/env", command, in: workspace.url, environment: environment).finish()
    guard finished.status == 0 else {
      throw Workspace.Failure(description: "\(command.joined(separator: " ")): \(finished.errors)")
    }
    return finished.outputText
  }

  /// The tasks of a job's array that are running.
  func running(_ job: String) throws -> [String] {
    try run("squeue", "--noheader", "--states=RUNNING", "--jobs=\(job)", "--format=%F_%K")
      .split(separator: "\n").map(String.init)
  }

  /// Waits for something that comes within minutes, but gives up only when it never will, however busy the machine is.
  func wait(for what: String, _ isThere: () throws -> Bool) throws {
    for _ in 0..<18_000 {
      if try isThere() { return }
      usleep(100_000)
    }
    let queue = try run("squeue")
    throw Workspace.Failure(description: "no \(what) in half an hour:\n\(queue)")
  }

  func waitForAll() throws { try wait(for: "end of all jobs") { try run("squeue", "--noheader").isEmpty } }

  /// What the cluster needs.
  static let canRun =
    getuid() == 0
    && ["/usr/sbin/slurmctld", "/usr/sbin/slurmd", "/usr/sbin/munged", "/usr/bin/pkill"]
      .allSatisfy { FileManager.default.isExecutableFile(atPath: $0) }
}

@Suite(
  "Jobs of a real Slurm", .serialized,
  .enabled(
    if: SlurmCluster.canRun,
    "Slurm runs only as root, with slurm-wlm, munge and procps; tools/setup --python installs them"))
struct SlurmTests {
  private static let repeats = Package.isFullSpeed ? 400 : 8

  @Test("An array of 8 shards, of which one is queued again, one told to stop, and the node of some fails")
  func array() throws {
    let workspace = try Workspace(LongBuildTests.data(repeats: Self.repeats))
    let cluster = try SlurmCluster(workspace)
    let submitted = try cluster.run(
      Package.path("tools/slurm/logitree-submit"), "long.h5", "-o", workspace.path("shared.logitree"), "--shards", "8",
      "--cpus", "2", "--", "--time=60")
    let scan = String(try #require(submitted.firstMatch(of: /scan: job ([0-9]+)/)).1)

    try cluster.wait(for: "running task") { try !cluster.running(scan).isEmpty }
    if let task = try cluster.running(scan).first { _ = try? cluster.run("scontrol", "requeue", task) }

    try cluster.wait(for: "running program") {
      try workspace.listing().contains { $0.contains("/building.json") } || cluster.run("squeue", "--noheader").isEmpty
    }
    // The programs of this test only, by the path of their shards, and not the scripts around them.
    _ = try? cluster.run("pkill", "-TERM", "-f", "scan long.h5.*\(workspace.url.lastPathComponent).*--shard")

    try cluster.wait(for: "running task after that") {
      try !cluster.running(scan).isEmpty || cluster.run("squeue", "--noheader", "--jobs=\(scan)").isEmpty
    }
    let node = try cluster.run("sinfo", "--noheader", "--format=%n").trimmingCharacters(in: .whitespacesAndNewlines)
    try cluster.run("scontrol", "update", "nodename=\(node)", "state=down", "reason=test")
    usleep(500_000)
    try cluster.run("scontrol", "update", "nodename=\(node)", "state=resume")

    try cluster.waitForAll()
    let logs = try allLogs(workspace)
    let merges = try workspace.logitree("export", "shared.logitree", "--format", "merges")
    #expect(merges.status == 0, "\(merges.errors)\n\(logs)")
    #expect(try merges.output == workspace.build(["long.h5"]))
    #expect(try workspace.logitree("check", "shared.logitree").status == 0)
    // Steps that were not needed ended at once.
    #expect(logs.contains("nothing is pending"))
  }

  @Test(
    "At its time limit a job stops with what it has finished, and goes on when it is run again",
    .enabled(if: ProcessInfo.processInfo.environment["LOGITREE_LARGE"] != nil, "set LOGITREE_LARGE to run it"))
  func timeLimit() throws {
    // Slurm looks at limits every half minute.
    let workspace = try Workspace(LongBuildTests.data(repeats: 4000))
    let cluster = try SlurmCluster(workspace)
    let job = try cluster.run(
      "env", "LOGITREE_SHARDS=1", "sbatch", "--parsable", "--array=1-1", "--time=1",
      Package.path("tools/slurm/logitree-job"), "scan", "long.h5", "-o", "shards", "--memory", "64MiB"
    ).trimmingCharacters(in: .whitespacesAndNewlines)
    try cluster.wait(for: "end of the job's time") { try allLogs(workspace).contains("exit code 75; queueing") }
    try cluster.run("scontrol", "update", "jobid=\(job)", "timelimit=60")
    let finished = try workspace.listing().filter { $0.hasPrefix("shards/scan-1-of-1/segment-") }
    #expect(!finished.isEmpty)
    try cluster.waitForAll()
    let listing = try workspace.listing()
    #expect(finished.allSatisfy { listing.contains($0) }, "\(finished) of \(listing)")
    let logs = try allLogs(workspace)
    #expect(listing.contains { $0.hasPrefix("shards/scan-1-of-1/shard.json") }, "\(logs)")
  }

  @Test("A job that is cancelled stops, and stays cancelled")
  func cancelled() throws {
    let workspace = try Workspace(LongBuildTests.data(repeats: Self.repeats))
    let cluster = try SlurmCluster(workspace)
    let job = try cluster.run(
      "env", "LOGITREE_SHARDS=1", "sbatch", "--parsable", "--array=1-1", Package.path("tools/slurm/logitree-job"),
      "scan", "long.h5", "-o", "shards"
    ).trimmingCharacters(in: .whitespacesAndNewlines)
    try cluster.wait(for: "running program") { try workspace.listing().contains { $0.contains("/building.json") } }
    try cluster.run("scancel", job)
    try cluster.waitForAll()
    let logs = try allLogs(workspace)
    #expect(logs.contains("interrupted") && !logs.contains("queueing"), "\(logs)")
    // What is queued again waits for its credential to expire, but is in the queue all the while.
    #expect(try cluster.run("squeue", "--noheader").isEmpty)
  }

  @Test("A nightly job that waits for the one that writes the logits")
  func update() throws {
    let workspace = try Workspace(
      """
      x = blobs(2000, 30)
      save("old.h5", x[:1500])
      np.save("new.npy", x[1500:])
      """)
    _ = try workspace.build("old.h5")
    let cluster = try SlurmCluster(workspace)
    let dump = try cluster.run("sbatch", "--parsable", "--wrap", "sleep 1; cp new.npy tonight.npy")
      .trimmingCharacters(in: .whitespacesAndNewlines)
    try cluster.run(
      "sbatch", "--parsable", "--dependency=afterok:\(dump)", Package.path("tools/slurm/logitree-job"), "update",
      "out.logitree", "tonight.npy")
    try cluster.waitForAll()
    let logs = try allLogs(workspace)
    let merges = try workspace.succeed("export", "out.logitree", "--format", "merges")
    #expect(try merges == workspace.build(["old.h5", "new.npy"], to: "both.logitree"), "\(logs)")
  }

  @Test("A missing input ends the first step, and the others with it")
  func failure() throws {
    let workspace = try Workspace("save('x.h5', blobs(500, 9))")
    let cluster = try SlurmCluster(workspace)
    try cluster.run(
      Package.path("tools/slurm/logitree-submit"), "x.h5", "-o", "shared.logitree", "--shards", "2", "--on-invalid",
      "fail",
      "--dataset", "logits", "--", "--hold")
    try FileManager.default.removeItem(atPath: workspace.path("x.h5"))
    for job in try cluster.run("squeue", "--noheader", "--format=%F").split(separator: "\n") {
      _ = try? cluster.run("scontrol", "release", String(job))
    }
    try cluster.waitForAll()
    #expect(try allLogs(workspace).contains("x.h5: no such file"))
    #expect(try !workspace.listing().contains("shared.logitree"))
  }

  /// What the jobs have said.
  private func allLogs(_ workspace: Workspace) throws -> String {
    try workspace.listing().compactMap { line in
      let name = line.split(separator: " ")[0]
      return name.hasSuffix(".log") ? try workspace.text(String(name)) : nil
    }.joined(separator: "\n")
  }
}
