import Foundation
import TestSupport
import Testing

@Suite("A build shared among processes")
struct ShardTests {
  /// Logits that leave some merges to exact evidence, in one file and in three of other layouts.
  private static let data = """
    x = blobs(6_000, 120)
    save("x.h5", x, chunks=(100, 120))
    for name, part in zip("abc", [x[:2111], x[2111:2112], x[2112:]]):
        save(f"{name}.h5", part, chunks=(min(len(part), 700), 50), compression="gzip")

    """

  /// Does a step for each share, in some order, a few at a time.
  private func run(_ shares: [String], in workspace: Workspace, _ command: [String]) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      for (index, share) in shares.enumerated() {
        if index >= 3 { try await group.next() }
        group.addTask { try workspace.succeed(command + ["--shard", share, "-o", "shards", "--quiet"]) }
      }
      try await group.waitForAll()
    }
  }

  /// Combines, and sweeps, until nothing is pending; returns the bytes of the exported merges, and the number of sweeps.
  private func finish(_ shares: [String], in workspace: Workspace) async throws -> (merges: Data, sweeps: Int) {
    for sweeps in 0..<5 {
      let output = try workspace.succeed("combine", "shards", "-o", "shared.logitree", "--quiet", "--json")
      if try jsonObject(output)["pending_groups"] == nil {
        return (try workspace.succeed("export", "shared.logitree", "--format", "merges"), sweeps)
      }
      try await run(shares, in: workspace, ["sweep", "shared.logitree"])
    }
    throw Workspace.Failure(description: "sweeping does not end")
  }

  @Test(
    "Gives the bytes of a build by one, whatever the number of shares and their order", arguments: [1, 2, 7, 64],
    [["x.h5"], ["a.h5", "b.h5", "c.h5", "--sketch-width", "3"]])
  func sameBytes(count: Int, inputs: [String]) async throws {
    let workspace = try Workspace(Self.data)
    let expected = try workspace.build(inputs)
    var random = SeededGenerator(seed: UInt64(count))
    let shares = (1...count).map { "\($0)/\(count)" }.shuffled(using: &random)
    try await run(shares, in: workspace, ["scan"] + inputs)
    let shared = try await finish(shares, in: workspace)
    #expect(shared.merges == expected)
    #expect(inputs == ["x.h5"] || shared.sweeps > 0, "so narrow sketches leave something open")
    #expect(try workspace.logitree("check", "shared.logitree").status == 0)

    // Every step that is done does nothing when it is run again, but say so.
    let before = try workspace.listing()
    try await run(shares, in: workspace, ["scan"] + inputs)
    try await run(shares, in: workspace, ["sweep", "shared.logitree"])
    #expect(try await finish(shares, in: workspace).merges == expected)
    #expect(try workspace.listing() == before)
  }

  @Test("More shares than chunks, chosen rows, and names")
  func emptyShares() async throws {
    let workspace = try Workspace(
      Self.data + "open('names', 'w').writelines(f'class {c}\\n' for c in range(120))")
    let data = ["x.h5", "--rows", "250..<1250", "--names", "names", "--score", "sum"]
    let expected = try workspace.build(data)
    let shares = (1...25).map { "\($0)/25" }
    try await run(shares, in: workspace, ["scan"] + data)
    #expect(try await finish(shares, in: workspace).merges == expected)
    #expect(try workspace.logitree("show", "shared.logitree").outputText.contains("class 17"))
  }

  @Test("Shares that are killed and run again")
  func requeued() async throws {
    let workspace = try Workspace(LongBuildTests.data(repeats: Package.isFullSpeed ? 20 : 1))
    let expected = try workspace.build(["long.h5"])
    let shares = ["1/2", "2/2"]
    for share in shares {
      let scan = ["scan", "long.h5", "--shard", share, "-o", "shards", "--quiet", "--threads", "1"]
      for (signal, status) in [(SIGKILL, 128 + SIGKILL), (SIGTERM, 75)] {
        let command = try workspace.start(scan)
        usleep(200_000)
        command.send(signal)
        #expect([0, status].contains(try command.finish().status))
      }
      try workspace.succeed(scan)
    }
    #expect(try await finish(shares, in: workspace).merges == expected)
  }

  @Test("A missing share is named with the command that makes it")
  func missing() async throws {
    let workspace = try Workspace(Self.data)
    try await run(["1/3", "3/3"], in: workspace, ["scan", "x.h5", "--temperature", "1.5"])
    let before = try workspace.listing()
    let combine = try workspace.logitree("combine", "shards", "-o", "shared.logitree")
    #expect(combine.status == 66)
    #expect(try workspace.listing() == before)
    let command = try #require(combine.errorLines.last).split(separator: " ").map(String.init)
    #expect(command.prefix(2) == ["logitree", "scan"] && command.contains("2/3"), "\(combine.errors)")
    try workspace.succeed(Array(command.dropFirst()))
    #expect(
      try await finish(["1/1"], in: workspace).merges == workspace.build("x.h5", "--temperature", "1.5"))
  }

  @Test(
    "The command that is printed makes the very shard, of chosen rows of several files, with names and all options",
    arguments: [true, false])
  func reproduced(isBegun: Bool) async throws {
    let workspace = try Workspace(
      Self.data + "open('the names', 'w').writelines(f'class {c}\\n' for c in range(120))")
    let data = [
      "a.h5", "b.h5", "c.h5", "--rows", "700..<5300", "--names", "the names", "--score", "sum", "--on-invalid", "skip",
      "--sketch-width", "8", "--temperature", "0.7",
    ]
    let expected = try workspace.build(data)
    try await run(isBegun ? ["2/2"] : ["1/2"], in: workspace, ["scan"] + data)
    if isBegun {
      // As a kill leaves it that comes just before the end.
      let shard = workspace.url.appending(path: "shards/scan-2-of-2")
      try FileManager.default.moveItem(
        at: shard.appending(path: "shard.json"), to: shard.appending(path: "building.json"))
    }
    let combine = try workspace.logitree("combine", "shards", "-o", "shared.logitree")
    #expect(combine.status == 66)
    let commands = combine.errorLines.filter { $0.hasPrefix("  logitree scan ") }
    #expect(commands.count == (isBegun ? 2 : 1), "\(combine.errors)")
    for command in commands {
      let words = command.dropFirst("  logitree ".count)
      let made = try Command("/bin/sh", ["-c", "\(Package.binary()) \(words) --quiet"], in: workspace.url).finish()
      #expect(made.status == 0, "\(made.errors)")
    }
    #expect(try await finish(["1/1"], in: workspace).merges == expected)
  }

  @Test("Of shares of two numbers, the ones named have the missing rows and no others")
  func mixedNumbers() async throws {
    let workspace = try Workspace(Self.data)
    try await run(["1/2", "3/4"], in: workspace, ["scan", "x.h5"])
    let combine = try workspace.logitree("combine", "shards", "shards", "-o", "shared.logitree")
    #expect(combine.status == 66 && combine.errors.contains("--shard 4/4"), "\(combine.errors)")
    #expect(!combine.errors.contains("2/2"), "\(combine.errors)")
    try await run(["4/4"], in: workspace, ["scan", "x.h5"])
    #expect(try await finish(["1/1"], in: workspace).merges == workspace.build("x.h5"))
  }

  @Test("Shards made anew after they were combined take the place of the old ones; sweeps of these don't count")
  func madeAnew() async throws {
    let workspace = try Workspace(Self.data)
    let narrow = ["x.h5", "--sketch-width", "2"]
    let shares = ["1/3", "2/3", "3/3"]
    try await run(shares, in: workspace, ["scan"] + narrow)
    #expect(try await finish(shares, in: workspace).sweeps > 0)
    try workspace.python("f = h5py.File('x.h5', 'a'); f['logits'][:] *= 0.9; f.close()")
    let expected = try workspace.build(narrow)
    try await run(shares, in: workspace, ["scan"] + narrow)
    #expect(try await finish(shares, in: workspace).merges == expected)
    #expect(try workspace.logitree("check", "shared.logitree").status == 0)
  }

  @Test("A store that was combined takes in new rows like any other")
  func updated() async throws {
    let workspace = try Workspace(Self.data)
    let narrow = ["--sketch-width", "2"]
    try await run(["1/2", "2/2"], in: workspace, ["scan", "a.h5", "b.h5"] + narrow)
    try workspace.succeed("combine", "shards", "-o", "shared.logitree")
    // Whether it waits for a sweep or not.
    try workspace.succeed("update", "shared.logitree", "c.h5", "--quiet")
    #expect(
      try workspace.succeed("export", "shared.logitree", "--format", "merges")
        == workspace.build(["a.h5", "b.h5", "c.h5"] + narrow))
    #expect(try workspace.logitree("check", "shared.logitree").status == 0)
  }

  @Test("What a build that was stopped has learnt of some rows is not taken for all")
  func stoppedBuild() throws {
    let workspace = try Workspace(LongBuildTests.endless + "os.mkdir('shards')")
    let build = try workspace.start(LongBuildTests.build + ["--memory", "48MiB"])
    while build.isRunning, try !workspace.listing().contains(where: { $0.contains("/segment-") }) { usleep(1000) }
    build.send(SIGTERM)
    #expect(try build.finish().status == 75)
    let combine = try workspace.logitree("combine", "shards", "-o", "out/x.logitree")
    #expect(combine.status == 75 && combine.errors.contains("interrupted"), "\(combine.errors)")
    #expect(try !workspace.listing().contains { $0.contains("manifest.json") })
  }

  @Test("A store that waits for a sweep says so")
  func waiting() async throws {
    let workspace = try Workspace(Self.data)
    try await run(["1/1"], in: workspace, ["scan", "x.h5", "--sketch-width", "2"])
    try workspace.succeed("combine", "shards", "-o", "shared.logitree")
    let before = try workspace.listing()
    let show = try workspace.logitree("show", "shared.logitree")
    #expect(show.status == 75 && show.errors.contains("logitree sweep"), "\(show.errors)")
    // Without sweeps there is nothing to be done again.
    let combine = try workspace.logitree("combine", "shards", "-o", "shared.logitree", "--json")
    #expect(combine.status == 0 && combine.outputText.contains("pending_groups"), "\(combine.errors)")
    #expect(try workspace.listing() == before)
  }

  @Test("More segments than files can be open")
  func manySegments() async throws {
    let workspace = try Workspace("save('x.h5', blobs(900, 30), chunks=(10, 30))")
    let data = ["x.h5", "--sketch-width", "3"]
    try await run((1...90).map { "\($0)/90" }, in: workspace, ["scan"] + data)
    let combine = try Command(
      "/bin/sh", ["-c", "ulimit -n 64; exec \(Package.binary()) combine shards -o shared.logitree"],
      in: workspace.url
    ).finish()
    #expect(combine.status == 0, "\(combine.errors)")
    #expect(try await finish(["1/1"], in: workspace).merges == workspace.build(data))
  }

  @Test("A combine that is stopped or killed leaves the shards as they are, and does the same when it is run again")
  func stoppedCombine() async throws {
    let workspace = try Workspace(Self.data)
    try await run((1...20).map { "\($0)/20" }, in: workspace, ["scan", "x.h5"])
    let shards = try workspace.listing()
    let expected = try workspace.build("x.h5")
    for (signal, status) in [(SIGTERM, 75), (SIGKILL, 128 + SIGKILL)] {
      for milliseconds in [10, 30, 60, 100, 150] as [UInt32] {
        let combine = try workspace.start(["combine", "shards", "-o", "shared.logitree", "--quiet"])
        usleep(milliseconds * 1000)
        combine.send(signal)
        #expect([0, status, 128 + signal].contains(try combine.finish().status))
        #expect(try workspace.listing().filter { $0.hasPrefix("shards") } == shards.filter { $0.hasPrefix("shards") })
      }
    }
    #expect(try await finish(["1/1"], in: workspace).merges == expected)
    #expect(try workspace.logitree("check", "shared.logitree").status == 0)
  }

  @Test("Into a file system that is only to be read", .enabled(if: SmallDisk.canBeMade, "mounting is not allowed here"))
  func readOnly() async throws {
    let workspace = try Workspace("save('x.h5', blobs(500, 9)); os.mkdir('disk')")
    try await run(["1/1"], in: workspace, ["scan", "x.h5"])
    let disk = try SmallDisk(at: workspace.path("disk"))
    try disk.makeReadOnly()
    for command in [
      ["scan", "x.h5", "--shard", "1/1", "-o", "disk/shards"], ["combine", "shards", "-o", "disk/store"],
    ] {
      let refused = try workspace.logitree(command)
      #expect(refused.status == 73 && refused.errors.contains("Read-only file system"), "\(refused.errors)")
    }
  }

  @Test(
    "200 shards, made with little memory",
    .enabled(if: ProcessInfo.processInfo.environment["LOGITREE_LARGE"] != nil, "set LOGITREE_LARGE to run it"))
  func large() async throws {
    let workspace = try Workspace()
    let made = try Command(
      Python.interpreter(), ["-B", Package.path("tools/make-logits"), "x.h5", "-n", "400000", "-k", "1000"],
      in: workspace.url
    ).finish()
    try #require(made.status == 0, "\(made.errors)")
    let expected = try workspace.build("x.h5")
    let clock = ContinuousClock()
    let shares = (1...200).map { "\($0)/200" }
    var merges = Data()
    let scanning = try await clock.measure {
      try await run(shares, in: workspace, ["scan", "x.h5", "--memory", "96MiB", "--threads", "1"])
    }
    let combining = try await clock.measure { merges = try await finish(shares, in: workspace).merges }
    #expect(merges == expected)
    let summary = try jsonObject(
      workspace.succeed("combine", "shards", "-o", "again.logitree", "--quiet", "--json"))
    print("200 shards: scanned in \(scanning), combined and swept in \(combining); then \(summary)")
  }

  @Test("A missing share of a sweep is named too, and another number of shares does as well")
  func missingSweep() async throws {
    let workspace = try Workspace(Self.data)
    let data = ["x.h5", "--sketch-width", "2", "--memory", "40MiB"]
    try await run((1...6).map { "\($0)/6" }, in: workspace, ["scan"] + data)
    try workspace.succeed("combine", "shards", "-o", "shared.logitree")
    try await run(["1/4", "4/4"], in: workspace, ["sweep", "shared.logitree"])
    let combine = try workspace.logitree("combine", "shards", "-o", "shared.logitree")
    #expect(combine.status == 66)
    #expect(combine.errors.contains("sweep shared.logitree --shard 2/4"), "\(combine.errors)")
    try await run(["1/1"], in: workspace, ["sweep", "shared.logitree"])
    #expect(try await finish(["1/2", "2/2"], in: workspace).merges == workspace.build(data))
  }

  @Test("A build goes on from what was combined")
  func builtOn() async throws {
    let workspace = try Workspace(Self.data)
    let data = ["x.h5", "--sketch-width", "2"]
    try await run(["1/2", "2/2"], in: workspace, ["scan"] + data)
    try workspace.succeed("combine", "shards", "-o", "shared.logitree")
    let build = try workspace.logitree(["build", "-o", "shared.logitree"] + data)
    #expect(build.status == 0 && !build.errors.contains("scan"), "\(build.errors)")
    #expect(try workspace.succeed("export", "shared.logitree", "--format", "merges") == workspace.build(data))
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
          open(path, 'w').write(text.replace('"version":3', '"version":99'))
          """, status: 65, says: "format version 99"),
      Damage(what: "none at all", script: "shutil.rmtree('shards'); os.mkdir('shards')", status: 66, says: "no shards"),
    ])
  func refused(damage: Damage) throws {
    let workspace = try Workspace(
      Self.data + """
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
    let before = try workspace.listing()
    let combine = try workspace.logitree("combine", "shards", "-o", "shared.logitree")
    #expect(combine.status == damage.status)
    #expect(combine.errors.contains(damage.says), "\(combine.errors)")
    #expect(try workspace.listing() == before)
  }

  @Test("Of two that combine at once, one does and the other says so; both is fine too, one after the other")
  func atOnce() async throws {
    let workspace = try Workspace(Self.data)
    let shares = (1...9).map { "\($0)/9" }
    try await run(shares, in: workspace, ["scan", "x.h5"])
    let combines = try (1...4).map { _ in
      try workspace.start(["combine", "shards", "-o", "shared.logitree", "--quiet"])
    }
    let statuses = try combines.map { try $0.finish().status }
    #expect(statuses.contains(0) && Set(statuses).isSubset(of: [0, 75]), "\(statuses)")
    #expect(try await finish(shares, in: workspace).merges == workspace.build("x.h5"))
  }

  @Test("A sweep of changed data is refused, and one of a finished store does nothing")
  func changedData() async throws {
    let workspace = try Workspace(Self.data)
    try await run(["1/1"], in: workspace, ["scan", "x.h5", "--sketch-width", "2"])
    try workspace.succeed("combine", "shards", "-o", "shared.logitree")
    try workspace.python("f = h5py.File('x.h5', 'a'); f['logits'][:] += 1; f.close()")
    let sweep = try workspace.logitree("sweep", "shared.logitree", "--shard", "1/1", "-o", "shards")
    #expect(sweep.status == 65 && sweep.errors.contains("x.h5"), "\(sweep.errors)")
    _ = try workspace.build("a.h5")
    let idle = try workspace.logitree("sweep", "out.logitree", "--shard", "1/1", "-o", "idle")
    #expect(idle.status == 0 && idle.errors.contains("nothing is pending"), "\(idle.errors)")
    #expect(try !workspace.listing().contains("idle"))
  }

  @Test("A full disk leaves what was finished", .enabled(if: SmallDisk.canBeMade, "mounting is not allowed here"))
  func fullDisk() async throws {
    let workspace = try Workspace(Self.data + "os.mkdir('disk')")
    let disk = try SmallDisk(at: workspace.path("disk"))
    let scan = try workspace.logitree("scan", "x.h5", "--shard", "1/1", "-o", "disk/shards")
    #expect([73, 74].contains(scan.status) && scan.errors.contains("No space left"), "\(scan.errors)")
    try await run(["1/1"], in: workspace, ["scan", "x.h5"])
    let before = try workspace.listing()
    let combine = try workspace.logitree("combine", "shards", "-o", "disk/shared.logitree")
    #expect([73, 74].contains(combine.status) && combine.errors.contains("No space left"), "\(combine.errors)")
    #expect(try workspace.listing() == before)
    withExtendedLifetime(disk) {}
  }

  @Test("No share 0, and none above their number", arguments: ["0/3", "4/3", "3", "1/0", "a/b", "-1/2", "1/2/3"])
  func usage(share: String) throws {
    let workspace = try Workspace("save('x.h5', blobs(50, 3))")
    #expect(try workspace.logitree("scan", "x.h5", "--shard=\(share)", "-o", "shards").status == 64)
    #expect(try workspace.listing().filter { $0.hasPrefix("shards") }.isEmpty)
  }
}
