import Foundation
import TestSupport
import Testing

@Suite("Shards that are damaged, stale, or of what has changed", .byTurns)
struct ShardRepairTests {
  /// Runs the commands that an error lists, one after another.
  private func runCommands(of errors: [Substring], in workspace: Workspace) async throws {
    let binary = try Package.binary()
    for line in errors where line.hasPrefix("  ") {
      let command = String(line.dropFirst(2)).replacingOccurrences(
        of: "logitree ", with: "\(binary) ", options: .anchored)
      let run = try await Command.run("/bin/sh", ["-c", command], in: workspace.url)
      #expect(run.status == 0, "\(command): \(run.errors)")
    }
  }

  @Test(
    "A damaged shard is named with the command that makes it anew, and that does",
    arguments: [
      "os.remove(shard + '/segment-000001.h5')", "os.truncate(shard + '/segment-000001.h5', 1000)",
      "f = open(shard + '/segment-000001.h5', 'r+b'); f.seek(3000); b = f.read(1); f.seek(3000); f.write(bytes([b[0] ^ 1]))",
      "open(shard + '/shard.json', 'w')", "os.truncate(shard + '/shard.json', 100)",
      "t = open(shard + '/shard.json').read(); open(shard + '/shard.json', 'w').write(t.replace('\"version\":5', '\"version\":1'))",
    ])
  func mended(damage: String) async throws {
    let workspace = try await Workspace(Workspace.shardData)
    let expected = try await workspace.build("x.h5")
    try await workspace.run(["1/2", "2/2"], ["scan", "x.h5"])
    try await workspace.python("shard = 'shards/scan-2-of-2'; " + damage)
    let combine = try await workspace.logitree("combine", "shards", "-o", "shared.logitree")
    #expect(combine.status == 65 && combine.errors.contains("shards/scan-2-of-2: damaged"), "\(combine.errors)")
    try await runCommands(of: combine.errorLines, in: workspace)
    #expect(try await workspace.finish(["1/1"]).merges == expected)
  }

  @Test("The command knows a type that was said although rows look like another")
  func mendedOfTrustedType() async throws {
    let workspace = try await Workspace(
      "(blobs(4000, 60).astype('f4').view('u4') >> 16).astype('u2').tofile('x.bin')")
    let data = ["x.bin", "--raw", "float16", "--clusters", "60"]
    #expect(try await workspace.logitree(["build"] + data + ["-o", "out.logitree"]).errors.contains("--trust-type"))
    let expected = try await workspace.build(data + ["--trust-type"])
    try await workspace.run(["1/2", "2/2"], ["scan"] + data + ["--trust-type"])
    try await workspace.python("os.truncate('shards/scan-2-of-2/segment-000001.h5', 1000)")
    let combine = try await workspace.logitree("combine", "shards", "-o", "shared.logitree")
    try await runCommands(of: combine.errorLines, in: workspace)
    #expect(try await workspace.finish(["1/1"]).merges == expected)
  }

  @Test("Of a shard with several segments only the damaged are scanned again")
  func mendedInPart() async throws {
    let workspace = try await Workspace("save('x.h5', blobs(60_000, 120), chunks=(100, 120))")
    let scan = ["scan", "x.h5", "--shard", "1/1", "-o", "shards", "--memory", "40MiB", "--json"]
    let made = try await jsonObject(workspace.succeed(scan))
    try #require(try #require(made["segments"] as? Int) > 1)
    let before = try workspace.listing()
    try await workspace.python("os.truncate('shards/scan-1-of-1/segment-000001.h5', 1000)")
    let again = try await workspace.logitree(scan)
    #expect(again.status == 0 && again.errors.contains("pass 1, scan"), "\(again.errors)")
    #expect(!again.errors.contains("pass 1, scan: 60,000 rows"), "\(again.errors)")
    #expect(try workspace.listing().count == before.count)
    #expect(try await workspace.finish(["1/1"]).merges == workspace.build("x.h5"))
  }

  @Test("Damaged evidence of a sweep is made anew too", arguments: ["evidence-000001.h5", "shard.json"])
  func mendedSweep(file: String) async throws {
    let workspace = try await Workspace(Workspace.shardData)
    let data = ["x.h5", "--sketch-width", "2"]
    let expected = try await workspace.build(data)
    try await workspace.run(["1/2", "2/2"], ["scan"] + data)
    try await workspace.succeed("combine", "shards", "-o", "shared.logitree")
    try await workspace.run(["1/2", "2/2"], ["sweep", "shared.logitree"])
    try await workspace.python("os.truncate('shards/sweep-2-of-2/\(file)', 100)")
    let combine = try await workspace.logitree("combine", "shards", "-o", "shared.logitree")
    #expect([65, 66].contains(combine.status) && combine.errors.contains("logitree sweep"), "\(combine.errors)")
    try await runCommands(of: combine.errorLines, in: workspace)
    #expect(try await workspace.finish(["1/2", "2/2"]).merges == expected)
  }

  @Test(
    "A store whose segment or evidence is damaged is not finished: shards that are still there mend it",
    // It is one file with that of the shard, until it is another.
    arguments: [
      "b = open(file, 'rb').read(); os.remove(file); open(file, 'wb').write(b[:1000])", "os.remove(file)",
      "os.remove(file); os.mkfifo(file)",
    ])
  func mendedStore(damage: String) async throws {
    let workspace = try await Workspace(Workspace.shardData)
    // So wide that nothing needs to be swept.
    let data = ["x.h5", "--sketch-width", "32"]
    let expected = try await workspace.build(data)
    try await workspace.run(["1/2", "2/2"], ["scan"] + data)
    let combine = ["combine", "shards", "-o", "shared.logitree", "--quiet"]
    try await workspace.succeed(combine)
    try await workspace.python("file = 'shared.logitree/segment-000001.h5'; " + damage)
    #expect(try await workspace.logitree("check", "shared.logitree").status == 65)
    try await workspace.succeed(combine)
    #expect(try await workspace.logitree("check", "shared.logitree").status == 0)
    #expect(try await workspace.succeed("export", "shared.logitree", "--format", "merges") == expected)
    // Without shards there is nothing to mend it with.
    try await workspace.python("import glob; file = sorted(glob.glob('shared.logitree/segment-*'))[0]; " + damage)
    try await workspace.python("import shutil; shutil.rmtree('shards'); os.mkdir('shards')")
    let refused = try await workspace.logitree(combine)
    #expect(refused.status == 65 && refused.errors.contains("damaged"), "\(refused.errors)")
  }

  @Test("What a run left that was killed just after it was complete goes away when it is run again")
  func tidied() async throws {
    let workspace = try await Workspace(Workspace.shardData)
    let commands = [
      ["scan", "x.h5", "--shard", "1/1", "--sketch-width", "32", "-o", "shards", "--quiet"],
      ["combine", "shards", "-o", "s", "--quiet"],
    ]
    for command in commands { try await workspace.succeed(command) }
    let before = try workspace.listing()
    // As programs before this one left it.
    try await workspace.python(
      """
      import shutil
      for state in ["shards/scan-1-of-1/shard.json", "s/manifest.json"]:
          shutil.copy(state, os.path.dirname(state) + "/building.json")
          open(os.path.dirname(state) + "/.manifest.json.123.tmp", "w").write("x")
      """)
    for command in commands { try await workspace.succeed(command) }
    #expect(try workspace.listing() == before)
  }

  @Test("A shard that is finished with other options is scanned anew, and that is said")
  func otherOptions() async throws {
    let workspace = try await Workspace(Workspace.shardData)
    let scan = ["scan", "x.h5", "--shard", "1/1", "-o", "shards"]
    let first = try await workspace.logitree(scan)
    #expect(first.status == 0 && !first.errors.contains("anew"), "\(first.errors)")
    let second = try await workspace.logitree(scan + ["--score", "sum"])
    let remark = "was made with other options than this scan, and is scanned anew"
    #expect(second.status == 0 && second.errors.contains(remark), "\(second.errors)")
    let before = try workspace.listing()
    let again = try await workspace.logitree(scan + ["--score", "sum"])
    #expect(again.status == 0 && !again.errors.contains("anew"), "\(again.errors)")
    #expect(try workspace.listing() == before)
  }

  @Test("A newer version's shard is not scanned over")
  func newerShard() async throws {
    let workspace = try await Workspace(Workspace.shardData)
    try await workspace.run(["1/1"], ["scan", "x.h5"])
    try await workspace.python(
      """
      path = "shards/scan-1-of-1/shard.json"
      text = open(path).read()
      open(path, "w").write(text.replace('"version":5', '"version":99'))
      """)
    let scan = try await workspace.logitree("scan", "x.h5", "--shard", "1/1", "-o", "shards")
    #expect(scan.status == 65 && scan.errors.contains("format version 99"), "\(scan.errors)")
  }

  @Test("What was updated since is not combined away", arguments: [false, true])
  func updated(isPending: Bool) async throws {
    let workspace = try await Workspace(Workspace.shardData)
    let narrow = isPending ? ["--sketch-width", "2"] : []
    let expected = try await workspace.build(["a.h5", "b.h5", "c.h5"] + narrow)
    try await workspace.run(["1/2", "2/2"], ["scan", "a.h5", "b.h5"] + narrow)
    try await workspace.succeed("combine", "shards", "-o", "shared.logitree")
    try await workspace.succeed("update", "shared.logitree", "c.h5", "--quiet")
    let before = try workspace.listing()
    // The steps of a chain that come after the update, or that is submitted again.
    try await workspace.run(["1/2", "2/2"], ["scan", "a.h5", "b.h5"] + narrow)
    let combine = try await workspace.logitree("combine", "shards", "-o", "shared.logitree")
    #expect(combine.status == 0 && combine.errors.contains("left as it is"), "\(combine.errors)")
    try await workspace.run(["1/1"], ["sweep", "shared.logitree"])
    #expect(try await workspace.finish(["1/1"]).merges == expected)
    #expect(try workspace.listing() == before)
  }

  @Test("What an update had learnt before it was killed is not lost")
  func killedUpdate() async throws {
    let workspace = try await Workspace(Workspace.shardData)
    try await workspace.run(["1/1"], ["scan", "a.h5", "b.h5"])
    try await workspace.succeed("combine", "shards", "-o", "shared.logitree")
    try await workspace.succeed("update", "shared.logitree", "c.h5", "--quiet")
    // As a kill leaves a store that was never complete before.
    try await workspace.python("os.rename('shared.logitree/manifest.json', 'shared.logitree/building.json')")
    try await workspace.expectNotCombined(status: 75, saying: "takes in more rows")
  }

  @Test("With other options, rows that shards lack are not lost either")
  func updatedWithOtherOptions() async throws {
    let workspace = try await Workspace(Workspace.shardData)
    _ = try await workspace.build(["a.h5", "b.h5"], to: "shared.logitree")
    try await workspace.succeed("update", "shared.logitree", "c.h5", "--quiet")
    try await workspace.run(["1/1"], ["scan", "a.h5", "b.h5", "--score", "sum"])
    try await workspace.expectNotCombined(status: 65, saying: "would lose them")
  }

  @Test("A rescan by an update is not undone by the shards of before")
  func rescanned() async throws {
    let workspace = try await Workspace(Workspace.shardData)
    try await workspace.run(["1/1"], ["scan", "x.h5"])
    try await workspace.succeed("combine", "shards", "-o", "shared.logitree")
    try await workspace.python("f = h5py.File('x.h5', 'a'); f['logits'][:] *= 0.9; f.close()")
    try await workspace.succeed("update", "shared.logitree", "--rescan", "x.h5", "--quiet")
    try await workspace.expectNotCombined(status: 65, saying: "another content")
  }

  @Test("An unfinished shard is no store, to no command, and stays what it is")
  func noStore() async throws {
    let workspace = try await Workspace(Workspace.shardData)
    try await workspace.run(["1/2", "2/2"], ["scan", "x.h5"])
    // As a kill leaves it that comes just before the end.
    try await workspace.python("os.rename('shards/scan-2-of-2/shard.json', 'shards/scan-2-of-2/building.json')")
    let before = try workspace.listing()
    for shard in ["shards/scan-1-of-2", "shards/scan-2-of-2"] {
      for command in [
        ["update", shard], ["show", shard], ["check", shard], ["sweep", shard, "--shard", "1/1", "-o", "other"],
        ["assign", shard, "x.h5", "-k", "3", "-o", "o.h5"],
      ] {
        let run = try await workspace.logitree(command)
        #expect(run.status == 65 && run.errors.contains("is a shard"), "\(command): \(run.status), \(run.errors)")
      }
      let build = try await workspace.logitree("build", "x.h5", "-o", shard)
      #expect([65, 73].contains(build.status), "\(build.errors)")
    }
    #expect(try workspace.listing() == before)
    try await workspace.run(["2/2"], ["scan", "x.h5"])
    #expect(try await workspace.finish(["1/1"]).merges == workspace.build("x.h5"))
  }

  @Test(
    "Rows that changed where no fingerprint looks: a sweep says what to remove and what to run, and that mends it",
    arguments: [2, 8])
  func changedUnseen(count: Int) async throws {
    let workspace = try await Workspace(Workspace.shardData)
    let data = ["x.h5", "--sketch-width", "2"]
    let shares = (1...count).map { "\($0)/\(count)" }
    try await workspace.run(shares, ["scan"] + data)
    try await workspace.succeed("combine", "shards", "-o", "shared.logitree")
    try await workspace.python(
      """
      with h5py.File("x.h5", "a") as f:
          x = f["logits"][:]
          seen = {(len(x) - 1) // 31 * i for i in range(31)} | {len(x) - 1}
          rows = [i for i in range(len(x)) if i not in seen]
          x[rows] = x[rows[::-1]]
          f["logits"][:] = x
      """)
    let sweep = try await workspace.logitree("sweep", "shared.logitree", "--shard", "1/1", "-o", "shards")
    #expect(sweep.status == 65 && sweep.errors.contains("not those that were scanned"), "\(sweep.errors)")
    try await runCommands(of: sweep.errorLines, in: workspace)
    #expect(try await workspace.finish(shares).merges == workspace.build(data, to: "new.logitree"))
  }

  @Test("Rows that are no logits any more: combining does not need them, a sweep says so, and does when they are back")
  func invalidSince() async throws {
    let workspace = try await Workspace(Workspace.shardData + "import shutil; shutil.copy('x.h5', 'kept.h5')")
    let data = ["x.h5", "--sketch-width", "2"]
    let expected = try await workspace.build(data)
    let shares = (1...8).map { "\($0)/8" }
    try await workspace.run(shares, ["scan"] + data)
    try await workspace.python(
      """
      with h5py.File("x.h5", "a") as f:
          seen = {5999 // 31 * i for i in range(31)} | {5999}
          for row in range(6000):
              if row not in seen:
                  f["logits"][row, 3] = np.nan
      """)
    let combined = try await workspace.succeed("combine", "shards", "-o", "shared.logitree", "--json")
    #expect(try jsonObject(combined)["pending_groups"] != nil)
    let sweep = try await workspace.logitree("sweep", "shared.logitree", "--shard", "1/1", "-o", "shards")
    #expect(sweep.status == 65 && sweep.errors.contains("not those that were scanned"), "\(sweep.errors)")
    #expect(sweep.errors.contains("\n  rm -r ") && sweep.errors.contains("\n  logitree scan "), "\(sweep.errors)")
    try await workspace.python("os.replace('kept.h5', 'x.h5')")
    #expect(try await workspace.finish(shares).merges == expected)
  }

  @Test("The same rows in other chunks are the same rows")
  func rechunked() async throws {
    let workspace = try await Workspace(Workspace.shardData)
    let data = ["x.h5", "--sketch-width", "2"]
    let expected = try await workspace.build(data)
    try await workspace.run(["1/3", "2/3", "3/3"], ["scan"] + data)
    try await workspace.succeed("combine", "shards", "-o", "shared.logitree")
    try await workspace.python(
      "x = h5py.File('x.h5')['logits'][:]; os.remove('x.h5'); save('x.h5', x, chunks=(70, 120))")
    #expect(try await workspace.finish(["1/2", "2/2"]).merges == expected)
  }

  @Test("A sweep of an input that has become shorter says what to do, and that mends it", arguments: [1, 4])
  func shrunk(count: Int) async throws {
    let workspace = try await Workspace(Workspace.growingData)
    let shares = (1...count).map { "\($0)/\(count)" }
    try await workspace.run(shares, ["scan", "g.h5", "--sketch-width", "2"])
    try await workspace.succeed("combine", "shards", "-o", "shared.logitree")
    try await workspace.python("f = h5py.File('g.h5', 'a'); f['logits'].resize((1000, 120)); f.close()")
    let sweep = try await workspace.logitree("sweep", "shared.logitree", "--shard", "1/1", "-o", "shards")
    #expect(sweep.status == 65 && sweep.errors.contains("not those that were scanned"), "\(sweep.errors)")
    try await runCommands(of: sweep.errorLines, in: workspace)
    #expect(try await workspace.finish(shares).merges == workspace.build("g.h5", "--sketch-width", "2"))
  }

  @Test("After an input has grown, the command for a missing shard makes one of the rows of before")
  func missingAfterGrowth() async throws {
    let workspace = try await Workspace(Workspace.growingData)
    let expected = try await workspace.build("g.h5")
    try await workspace.run(["1/3", "3/3"], ["scan", "g.h5"])
    try await workspace.python(Workspace.growth)
    let combine = try await workspace.logitree("combine", "shards", "-o", "shared.logitree")
    #expect(combine.status == 66 && combine.errors.contains("--rows 0:3000"), "\(combine.errors)")
    try await runCommands(of: combine.errorLines, in: workspace)
    #expect(try await workspace.finish(["1/1"]).merges == expected)
    // The store still knows that all rows are wanted.
    try await workspace.succeed("update", "shared.logitree", "--quiet")
    #expect(
      try await workspace.succeed("export", "shared.logitree", "--format", "merges")
        == workspace.build(["g.h5"], to: "new"))
  }

  @Test("If no command can make what is missing, the input that has grown is named")
  func notToBeMade() async throws {
    let workspace = try await Workspace(Workspace.growingData)
    try await workspace.run(["1/2"], ["scan", "g.h5", "a.h5"])
    try await workspace.python(Workspace.growth)
    let combine = try await workspace.logitree("combine", "shards", "-o", "shared.logitree")
    #expect(combine.status == 65 && combine.errors.contains("g.h5:/logits has grown"), "\(combine.errors)")
  }

  @Test("Shards of before an input grew are left out, or named as what to remove")
  func stale() async throws {
    let workspace = try await Workspace(Workspace.growingData)
    try await workspace.run(["1/2", "2/2"], ["scan", "g.h5"])
    try await workspace.python(Workspace.growth)
    try await workspace.run(["1/3", "3/3"], ["scan", "g.h5"])
    let refused = try await workspace.logitree("combine", "shards", "-o", "shared.logitree")
    #expect(refused.status == 65, "\(refused.errors)")
    #expect(refused.errors.contains("scan-1-of-2, "), "\(refused.errors)")
    #expect(refused.errors.contains("remove them"), "\(refused.errors)")
    try await workspace.run(["2/3"], ["scan", "g.h5"])
    let combine = try await workspace.logitree("combine", "shards", "-o", "shared.logitree")
    #expect(
      combine.status == 0 && combine.errors.contains("scan-1-of-2 is of inputs with another"), "\(combine.errors)")
    #expect(try await workspace.finish(["1/1"]).merges == workspace.build("g.h5"))
  }
}
