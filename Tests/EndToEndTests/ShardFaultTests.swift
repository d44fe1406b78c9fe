import Foundation
import TestSupport
import Testing

@Suite("Faults of a build shared among processes", .byTurns)
struct ShardFaultTests {
  /// Runs a step twice; the first time it is killed, the second time told to stop, so long after it begins.
  private func killAndStop(_ step: [String], in workspace: Workspace, after delay: Duration) async throws {
    for (signal, status) in [(SIGKILL, 128 + SIGKILL), (SIGTERM, 75)] {
      let command = try workspace.start(step)
      try await command.waitUntilItCatches(SIGTERM)
      try await Task.sleep(for: delay)
      command.send(signal)
      #expect([0, status].contains(try await command.finish().status))
    }
  }

  @Test("Shares that are killed and run again")
  func requeued() async throws {
    let workspace = try await Workspace(LongBuildTests.data(repeats: Package.isFullSpeed ? 20 : 1))
    let expected = try await workspace.build(["long.h5"])
    let shares = ["1/2", "2/2"]
    for share in shares {
      let scan = ["scan", "long.h5", "--shard", share, "-o", "shards", "--quiet", "--threads", "1"]
      try await killAndStop(scan, in: workspace, after: .milliseconds(200))
      try await workspace.succeed(scan)
    }
    #expect(try await workspace.finish(shares).merges == expected)
  }

  @Test("Sweeps that are killed and run again")
  func requeuedSweeps() async throws {
    let workspace = try await Workspace(LongBuildTests.data(repeats: Package.isFullSpeed ? 20 : 1))
    let data = ["long.h5", "--sketch-width", "4"]
    let expected = try await workspace.build(data)
    try await workspace.run(["1/1"], ["scan"] + data)
    try await workspace.succeed("combine", "shards", "-o", "shared.logitree")
    let sweep = ["sweep", "shared.logitree", "--shard", "1/2", "-o", "shards", "--quiet", "--threads", "1"]
    try await killAndStop(sweep, in: workspace, after: .milliseconds(100))
    // It may have been done by then; combining would miss the other share.
    try await workspace.run(["1/2", "2/2"], ["sweep", "shared.logitree"])
    #expect(try await workspace.finish(["1/2", "2/2"]).merges == expected)
  }

  @Test("Machines whose clocks differ by years")
  func clockSkew() async throws {
    let workspace = try await Workspace(Workspace.shardData)
    let data = ["x.h5", "--sketch-width", "2"]
    let expected = try await workspace.build(data)
    let shares = ["1/3", "2/3", "3/3"]
    // What each machine writes is of its own time, and a source looks written after it was read.
    func skew(_ folder: String) async throws {
      try await workspace.python(
        """
        from pathlib import Path
        for number, path in enumerate(sorted(Path("\(folder)").rglob("*")) + [Path("x.h5")]):
            os.utime(path, (time := 86400 * 365 * (5 + 37 * number % 61), time))
        """)
    }
    for share in shares {
      try await workspace.run([share], ["scan"] + data)
      try await skew("shards")
    }
    try await workspace.succeed("combine", "shards", "-o", "shared.logitree")
    for share in shares {
      try await skew("shared.logitree")
      try await workspace.run([share], ["sweep", "shared.logitree"])
      try await skew("shards")
    }
    #expect(try await workspace.finish(shares).merges == expected)
    // What is done is known to be done, whatever the time it was done at.
    let before = try workspace.listing()
    try await workspace.run(shares, ["scan"] + data)
    #expect(try await workspace.finish(shares).merges == expected)
    #expect(try workspace.listing() == before)
  }

  @Test("What a build that was stopped has learnt of some rows is not taken for all")
  func stoppedBuild() async throws {
    let workspace = try await Workspace(LongBuildTests.endless + "os.mkdir('shards')")
    let build = try workspace.start(LongBuildTests.build + ["--memory", "48MiB"])
    try await build.wait { try workspace.listing().contains { $0.contains("/segment-") } }
    build.send(SIGTERM)
    #expect(try await build.finish().status == 75)
    let combine = try await workspace.logitree("combine", "shards", "-o", "out/x.logitree")
    #expect(combine.status == 75 && combine.errors.contains("interrupted"), "\(combine.errors)")
    #expect(try !workspace.listing().contains { $0.contains("manifest.json") })
  }

  @Test("A combine that is stopped or killed leaves the shards as they are, and does the same when it is run again")
  func stoppedCombine() async throws {
    let workspace = try await Workspace(Workspace.shardData)
    try await workspace.run((1...20).map { "\($0)/20" }, ["scan", "x.h5"])
    let shards = try workspace.listing()
    let expected = try await workspace.build("x.h5")
    for (signal, status) in [(SIGTERM, 75), (SIGKILL, 128 + SIGKILL)] {
      for milliseconds in [10, 30, 60, 100, 150] {
        let combine = try workspace.start(["combine", "shards", "-o", "shared.logitree", "--quiet"])
        try await Task.sleep(for: .milliseconds(milliseconds))
        combine.send(signal)
        #expect([0, status, 128 + signal].contains(try await combine.finish().status))
        #expect(try workspace.listing().filter { $0.hasPrefix("shards") } == shards.filter { $0.hasPrefix("shards") })
      }
    }
    #expect(try await workspace.finish(["1/1"]).merges == expected)
    #expect(try await workspace.logitree("check", "shared.logitree").status == 0)
  }

  @Test("Into a file system that is only to be read", .enabled(if: SmallDisk.canBeMade, "mounting is not allowed here"))
  func readOnly() async throws {
    let workspace = try await Workspace("save('x.h5', blobs(500, 9)); os.mkdir('disk')")
    try await workspace.run(["1/1"], ["scan", "x.h5"])
    let disk = try SmallDisk(at: workspace.path("disk"))
    try disk.makeReadOnly()
    for command in [
      ["scan", "x.h5", "--shard", "1/1", "-o", "disk/shards"], ["combine", "shards", "-o", "disk/store"],
    ] {
      let refused = try await workspace.logitree(command)
      #expect(refused.status == 73 && refused.errors.contains("Read-only file system"), "\(refused.errors)")
    }
    try disk.makeWritable()
    try disk.enlarge()
    try await workspace.succeed("combine", "shards", "-o", "disk/store")
    #expect(try await workspace.succeed("export", "disk/store", "--format", "merges") == workspace.build("x.h5"))
    // What is finished stays finished.
    try await workspace.succeed("scan", "x.h5", "--shard", "1/1", "-o", "disk/shards")
    try disk.makeReadOnly()
    try await workspace.succeed("scan", "x.h5", "--shard", "1/1", "-o", "disk/shards")
    try await workspace.succeed("combine", "disk/shards", "-o", "disk/store")
  }

  /// Something done to shards that must not be combined any more, and what is said of it.
  struct Damage: Sendable, CustomTestStringConvertible {
    let what, script: String
    let status: Int32
    let says: String
    var testDescription: String { what }
  }

  @Test(
    "Shards that don't go together, or are damaged, are refused, and nothing is left",
    arguments: [
      Damage(
        what: "of other data", script: "save('y.h5', x + 1); scan('y.h5', '2/2')", status: 65,
        says: "is of other inputs"),
      Damage(
        what: "of data that was changed",
        script: "f = h5py.File('x.h5', 'a'); f['logits'][:] += 1; f.close(); scan('x.h5', '2/2')", status: 65,
        says: "is of inputs with another content"),
      Damage(
        what: "with other options", script: "scan('x.h5', '2/2', '--sketch-width', '3')", status: 65,
        says: "was made with other options"),
      Damage(
        what: "with rows that others have", script: "scan('x.h5', '2/2'); scan('x.h5', '2/3')", status: 65,
        says: "are held twice"),
      Damage(
        what: "truncated", script: "scan('x.h5', '2/2'); cut(glob('shards/scan-2-of-2/segment*')[0])", status: 65,
        says: "bytes instead of"),
      Damage(
        what: "of another format version",
        script: """
          scan('x.h5', '2/2')
          path = 'shards/scan-2-of-2/shard.json'
          text = open(path).read()
          open(path, 'w').write(text.replace('"version":5', '"version":99'))
          """, status: 65, says: "format version 99"),
      Damage(what: "none at all", script: "shutil.rmtree('shards'); os.mkdir('shards')", status: 66, says: "no shards"),
    ])
  func refused(damage: Damage) async throws {
    let workspace = try await Workspace(
      Workspace.shardData + """
        import shutil, subprocess
        from glob import glob
        def scan(file, share, *options):
            subprocess.run(["\(Package.binary())", "scan", file, "--shard", share, "-o", "shards", "--quiet", *options],
                           check=True)
        def cut(file):
            with open(file, "r+b") as f:
                f.truncate(1000)
        scan("x.h5", "1/2")

        """ + damage.script)
    try await workspace.expectNotCombined(status: damage.status, saying: damage.says)
  }

  @Test("Of two that combine at once, one does and the other says so; both is fine too, one after the other")
  func atOnce() async throws {
    let workspace = try await Workspace(Workspace.shardData)
    let shares = (1...9).map { "\($0)/9" }
    try await workspace.run(shares, ["scan", "x.h5"])
    var combines: [Command] = []
    for _ in 1...4 {
      combines.append(try workspace.start(["combine", "shards", "-o", "shared.logitree", "--quiet"]))
    }
    var statuses: [Int32] = []
    for combine in combines { statuses.append(try await combine.finish().status) }
    #expect(statuses.contains(0) && Set(statuses).isSubset(of: [0, 75]), "\(statuses)")
    #expect(try await workspace.finish(shares).merges == workspace.build("x.h5"))
  }

  @Test("A sweep of changed data is refused, and one of a finished store does nothing")
  func changedData() async throws {
    let workspace = try await Workspace(Workspace.shardData)
    try await workspace.run(["1/1"], ["scan", "x.h5", "--sketch-width", "2"])
    try await workspace.succeed("combine", "shards", "-o", "shared.logitree")
    try await workspace.python("f = h5py.File('x.h5', 'a'); f['logits'][:] += 1; f.close()")
    let sweep = try await workspace.logitree("sweep", "shared.logitree", "--shard", "1/1", "-o", "shards")
    #expect(sweep.status == 65 && sweep.errors.contains("x.h5"), "\(sweep.errors)")
    _ = try await workspace.build("a.h5")
    let idle = try await workspace.logitree("sweep", "out.logitree", "--shard", "1/1", "-o", "idle")
    #expect(idle.status == 0 && idle.errors.contains("nothing is pending"), "\(idle.errors)")
    #expect(try !workspace.listing().contains("idle"))
  }

  @Test("A full disk leaves what was finished", .enabled(if: SmallDisk.canBeMade, "mounting is not allowed here"))
  func fullDisk() async throws {
    let workspace = try await Workspace(Workspace.shardData + "os.mkdir('disk')")
    let disk = try SmallDisk(at: workspace.path("disk"))
    let scan = try await workspace.logitree("scan", "x.h5", "--shard", "1/1", "-o", "disk/shards")
    #expect([73, 74].contains(scan.status) && scan.errors.contains("No space left"), "\(scan.errors)")
    try await workspace.run(["1/1"], ["scan", "x.h5"])
    let before = try workspace.listing()
    let combine = try await workspace.logitree("combine", "shards", "-o", "disk/shared.logitree")
    #expect([73, 74].contains(combine.status) && combine.errors.contains("No space left"), "\(combine.errors)")
    #expect(try workspace.listing() == before)
    try disk.enlarge()
    try await workspace.succeed("scan", "x.h5", "--shard", "1/1", "-o", "disk/shards")
    try await workspace.succeed("combine", "disk/shards", "-o", "disk/shared.logitree")
    try await workspace.succeed("sweep", "disk/shared.logitree", "--shard", "1/1", "-o", "disk/shards")
    try await workspace.succeed("combine", "disk/shards", "-o", "disk/shared.logitree")
    #expect(
      try await workspace.succeed("export", "disk/shared.logitree", "--format", "merges") == workspace.build("x.h5"))
  }

  @Test("A directory between two states is looked at again later")
  func passingStates() async throws {
    let workspace = try await Workspace(Workspace.shardData)
    // As a run that gives up its store has it for a moment.
    try await workspace.python("os.mkdir('gone'); open('gone/lock', 'w'); open('gone/segment-000001.h5', 'w')")
    let holder = try Command.start(
      "/bin/sh", ["-c", "exec 9> gone/lock; flock 9; touch held; exec sleep 600"], in: workspace.url)
    try await holder.wait { try workspace.listing().contains("held 0") }
    defer { holder.send(SIGKILL) }
    let commands = [
      ["sweep", "gone", "--shard", "1/1", "-o", "shards"], ["build", "x.h5", "-o", "gone"], ["show", "gone"],
    ]
    for command in commands {
      let run = try await workspace.logitree(command)
      #expect(run.status == 75 && run.errors.contains("another logitree"), "\(command): \(run.errors)")
    }
  }

  @Test("Scans of one share at once, which give up, are all told to run again")
  func givingUpAtOnce() async throws {
    let workspace = try await Workspace("x = blobs(500, 9); x[-1, 3] = np.nan; save('x.h5', x)")
    for _ in 0..<10 {
      var scans: [Command] = []
      for _ in 1...4 {
        scans.append(try workspace.start(["scan", "x.h5", "--shard", "1/1", "-o", "shards", "--quiet"]))
      }
      var statuses: [Int32] = []
      for scan in scans { statuses.append(try await scan.finish().status) }
      #expect(Set(statuses).isSubset(of: [65, 75]), "\(statuses)")
    }
  }

  @Test(
    "What a kill leaves of a scan that gave up may be used",
    arguments: ["", "open(d + '/lock', 'w')", "open(d + '/segment-000001.h5', 'w')"])
  func leftovers(what: String) async throws {
    let workspace = try await Workspace(Workspace.shardData + "d = 'shards/scan-1-of-1'; os.makedirs(d); " + what)
    try await workspace.run(["1/1"], ["scan", "x.h5"])
    #expect(try await workspace.finish(["1/1"]).merges == workspace.build("x.h5"))
  }

  @Test("A directory of a shard's name with something else in it is left alone")
  func foreign() async throws {
    let workspace = try await Workspace(
      Workspace.shardData + "os.makedirs('shards/scan-1-of-1'); open('shards/scan-1-of-1/notes', 'w')")
    let scan = try await workspace.logitree("scan", "x.h5", "--shard", "1/1", "-o", "shards")
    #expect(scan.status == 73 && scan.errors.contains("is no shard"), "\(scan.errors)")
  }
}
