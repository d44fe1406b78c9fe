import Foundation
import TestSupport
import Testing

@Suite("A build shared among processes", .byTurns)
struct ShardTests {
  @Test(
    "Gives the bytes of a build by one, whatever the number of shares and their order",
    arguments: Package.runsLargeTests ? [1, 2, 7, 64] : [2, 9],
    [["x.h5"], ["a.h5", "b.h5", "c.h5", "--sketch-width", "3"]])
  func sameBytes(count: Int, inputs: [String]) async throws {
    let workspace = try await Workspace(Workspace.shardData)
    let expected = try await workspace.build(inputs)
    var random = SeededGenerator(seed: UInt64(count))
    let shares = (1...count).map { "\($0)/\(count)" }.shuffled(using: &random)
    try await workspace.run(shares, ["scan"] + inputs)
    let shared = try await workspace.finish(shares)
    #expect(shared.merges == expected)
    #expect(inputs == ["x.h5"] || shared.sweeps > 0, "so narrow sketches leave something open")
    #expect(try await workspace.logitree("check", "shared.logitree").status == 0)

    // Every step that is done does nothing when it is run again, but say so.
    let before = try workspace.listing()
    try await workspace.run(shares, ["scan"] + inputs)
    try await workspace.run(shares, ["sweep", "shared.logitree"])
    #expect(try await workspace.finish(shares).merges == expected)
    #expect(try workspace.listing() == before)
  }

  @Test("More shares than chunks, chosen rows, and names")
  func emptyShares() async throws {
    let workspace = try await Workspace(
      Workspace.shardData + "open('names', 'w').writelines(f'class {c}\\n' for c in range(120))")
    let data = ["x.h5", "--rows", "250..<1250", "--names", "names", "--score", "sum"]
    let expected = try await workspace.build(data)
    let shares = (1...25).map { "\($0)/25" }
    try await workspace.run(shares, ["scan"] + data)
    #expect(try await workspace.finish(shares).merges == expected)
    #expect(try await workspace.logitree("show", "shared.logitree").outputText.contains("class 17"))
  }

  @Test("A missing share is named with the command that makes it")
  func missing() async throws {
    let workspace = try await Workspace(Workspace.shardData)
    try await workspace.run(["1/3", "3/3"], ["scan", "x.h5", "--temperature", "1.5"])
    let before = try workspace.listing()
    let combine = try await workspace.logitree("combine", "shards", "-o", "shared.logitree")
    #expect(combine.status == 66)
    #expect(try workspace.listing() == before)
    let command = try #require(combine.errorLines.last).split(separator: " ").map(String.init)
    #expect(command.prefix(2) == ["logitree", "scan"] && command.contains("2/3"), "\(combine.errors)")
    try await workspace.succeed(Array(command.dropFirst()))
    #expect(
      try await workspace.finish(["1/1"]).merges == workspace.build("x.h5", "--temperature", "1.5"))
  }

  @Test("The command says the kind too, where rows look like another", arguments: ["logits", "log-probabilities"])
  func apparentKind(kind: String) async throws {
    let workspace = try await Workspace(
      """
      x = blobs(600, 20)
      save("x.h5", x - np.log(np.exp(x - x.max(1, keepdims=True)).sum(1, keepdims=True)) - x.max(1, keepdims=True))
      """)
    let data = ["x.h5", "--kind", kind]
    try await workspace.run(["1/2"], ["scan"] + data)
    let combine = try await workspace.logitree("combine", "shards", "-o", "shared.logitree")
    #expect(combine.status == 66, "\(combine.errors)")
    let command = try #require(combine.errorLines.last).split(separator: " ").map(String.init)
    try await workspace.succeed(Array(command.dropFirst()))
    #expect(try await workspace.finish(["1/1"]).merges == workspace.build(data))
  }

  @Test(
    "The command that is printed makes the very shard, of chosen rows of several files, with names and all options",
    arguments: [true, false])
  func reproduced(isBegun: Bool) async throws {
    let workspace = try await Workspace(
      Workspace.shardData + "open('the names', 'w').writelines(f'class {c}\\n' for c in range(120))")
    let data = [
      "a.h5", "b.h5", "c.h5", "--rows", "700..<5300", "--names", "the names", "--score", "sum", "--on-invalid", "skip",
      "--sketch-width", "8", "--temperature", "0.7",
    ]
    let expected = try await workspace.build(data)
    try await workspace.run(isBegun ? ["2/2"] : ["1/2"], ["scan"] + data)
    if isBegun {
      // As a kill leaves it that comes just before the end.
      let shard = workspace.url.appending(path: "shards/scan-2-of-2")
      try FileManager.default.moveItem(
        at: shard.appending(path: "shard.json"), to: shard.appending(path: "building.json"))
    }
    let combine = try await workspace.logitree("combine", "shards", "-o", "shared.logitree")
    #expect(combine.status == 66)
    let commands = combine.errorLines.filter { $0.hasPrefix("  logitree scan ") }
    #expect(commands.count == (isBegun ? 2 : 1), "\(combine.errors)")
    for command in commands {
      let words = command.dropFirst("  logitree ".count)
      let made = try await Command.run("/bin/sh", ["-c", "\(Package.binary()) \(words) --quiet"], in: workspace.url)
      #expect(made.status == 0, "\(made.errors)")
    }
    #expect(try await workspace.finish(["1/1"]).merges == expected)
  }

  @Test("Of shares of two numbers, the ones named have the missing rows and no others")
  func mixedNumbers() async throws {
    let workspace = try await Workspace(Workspace.shardData)
    try await workspace.run(["1/2", "3/4"], ["scan", "x.h5"])
    let combine = try await workspace.logitree("combine", "shards", "shards", "-o", "shared.logitree")
    #expect(combine.status == 66 && combine.errors.contains("--shard 4/4"), "\(combine.errors)")
    #expect(!combine.errors.contains("2/2"), "\(combine.errors)")
    try await workspace.run(["4/4"], ["scan", "x.h5"])
    #expect(try await workspace.finish(["1/1"]).merges == workspace.build("x.h5"))
  }

  @Test("Shards made anew after they were combined take the place of the old ones; sweeps of these don't count")
  func madeAnew() async throws {
    let workspace = try await Workspace(Workspace.shardData)
    let narrow = ["x.h5", "--sketch-width", "2"]
    let shares = ["1/3", "2/3", "3/3"]
    try await workspace.run(shares, ["scan"] + narrow)
    #expect(try await workspace.finish(shares).sweeps > 0)
    try await workspace.python("f = h5py.File('x.h5', 'a'); f['logits'][:] *= 0.9; f.close()")
    let expected = try await workspace.build(narrow)
    try await workspace.run(shares, ["scan"] + narrow)
    #expect(try await workspace.finish(shares).merges == expected)
    #expect(try await workspace.logitree("check", "shared.logitree").status == 0)
  }

  @Test("A store that was combined takes in new rows like any other")
  func updated() async throws {
    let workspace = try await Workspace(Workspace.shardData)
    let narrow = ["--sketch-width", "2"]
    try await workspace.run(["1/2", "2/2"], ["scan", "a.h5", "b.h5"] + narrow)
    try await workspace.succeed("combine", "shards", "-o", "shared.logitree")
    // Whether it waits for a sweep or not.
    try await workspace.succeed("update", "shared.logitree", "c.h5", "--quiet")
    #expect(
      try await workspace.succeed("export", "shared.logitree", "--format", "merges")
        == workspace.build(["a.h5", "b.h5", "c.h5"] + narrow))
    #expect(try await workspace.logitree("check", "shared.logitree").status == 0)
  }

  @Test("A store that waits for a sweep says so")
  func waiting() async throws {
    let workspace = try await Workspace(Workspace.shardData)
    try await workspace.run(["1/1"], ["scan", "x.h5", "--sketch-width", "2"])
    try await workspace.succeed("combine", "shards", "-o", "shared.logitree")
    let before = try workspace.listing()
    let show = try await workspace.logitree("show", "shared.logitree")
    #expect(show.status == 75 && show.errors.contains("logitree sweep"), "\(show.errors)")
    // Without sweeps there is nothing to be done again.
    let combine = try await workspace.logitree("combine", "shards", "-o", "shared.logitree", "--json")
    #expect(combine.status == 0 && combine.outputText.contains("pending_groups"), "\(combine.errors)")
    #expect(try workspace.listing() == before)
    // There is one segment, of which the share in the middle has all.
    for (share, says) in [("1/9", "no rows are left"), ("5/9", "from 6,000 rows")] {
      let sweep = try await workspace.logitree("sweep", "shared.logitree", "--shard", share, "-o", "shards")
      #expect(sweep.status == 0 && (sweep.errors + sweep.outputText).contains(says), "\(sweep.errors)")
    }
  }

  @Test(
    "Combining reads a few rows to learn what a sweep is to be for, so that few sweeps do",
    arguments: [["--sketch-width", "1"], ["--score", "mean"]])
  func rehearsed(options: [String]) async throws {
    let workspace = try await Workspace(Workspace.shardData)
    let data = ["x.h5"] + options
    let shares = (1...12).map { "\($0)/12" }
    try await workspace.run(shares, ["scan"] + data)
    let shared = try await workspace.finish(shares)
    #expect(shared.sweeps <= 3, "six and seven without")
    #expect(try await shared.merges == workspace.build(data))
  }

  @Test("Combining needs no inputs, though it reads of them if it can")
  func combinedWithoutInputs() async throws {
    let workspace = try await Workspace(Workspace.shardData)
    let data = ["x.h5", "--sketch-width", "2"]
    let expected = try await workspace.build(data)
    let shares = (1...8).map { "\($0)/8" }
    try await workspace.run(shares, ["scan"] + data)
    try FileManager.default.moveItem(atPath: workspace.path("x.h5"), toPath: workspace.path("away.h5"))
    let combined = try await workspace.succeed("combine", "shards", "-o", "shared.logitree", "--json")
    #expect(try jsonObject(combined)["pending_groups"] != nil)
    let sweep = try await workspace.logitree("sweep", "shared.logitree", "--shard", "1/1", "-o", "shards")
    #expect(sweep.status == 66 && sweep.errors.contains("x.h5"), "\(sweep.errors)")
    try FileManager.default.moveItem(atPath: workspace.path("away.h5"), toPath: workspace.path("x.h5"))
    #expect(try await workspace.finish(shares).merges == expected)
  }

  @Test("More segments than files can be open")
  func manySegments() async throws {
    let workspace = try await Workspace("save('x.h5', blobs(900, 30), chunks=(10, 30))")
    let data = ["x.h5", "--sketch-width", "3"]
    try await workspace.run((1...90).map { "\($0)/90" }, ["scan"] + data)
    let combine = try await Command.run(
      "/bin/sh", ["-c", "ulimit -n 64; exec \(Package.binary()) combine shards -o shared.logitree"],
      in: workspace.url
    )
    #expect(combine.status == 0, "\(combine.errors)")
    #expect(try await workspace.finish(["1/1"]).merges == workspace.build(data))
  }

  @Test(
    "200 shards, made with little memory",
    .enabled(if: Package.runsLargeTests, "set LOGITREE_LARGE to run it"))
  func large() async throws {
    let workspace = try Workspace()
    try await workspace.python(file: "tools/make-logits", "x.h5", "-n", "400000", "-k", "1000")
    let expected = try await workspace.build("x.h5")
    let clock = ContinuousClock()
    let shares = (1...200).map { "\($0)/200" }
    var merges = Data()
    let scanning = try await clock.measure {
      try await workspace.run(shares, ["scan", "x.h5", "--memory", "96MiB", "--threads", "1"])
    }
    let combining = try await clock.measure { merges = try await workspace.finish(shares).merges }
    #expect(merges == expected)
    let summary = try await jsonObject(
      workspace.succeed("combine", "shards", "-o", "again.logitree", "--quiet", "--json"))
    print("200 shards: scanned in \(scanning), combined and swept in \(combining); then \(summary)")
  }

  @Test("A missing share of a sweep is named too, and another number of shares does as well")
  func missingSweep() async throws {
    let workspace = try await Workspace(Workspace.shardData)
    let data = ["x.h5", "--sketch-width", "2", "--memory", "40MiB"]
    try await workspace.run((1...6).map { "\($0)/6" }, ["scan"] + data)
    try await workspace.succeed("combine", "shards", "-o", "shared.logitree")
    try await workspace.run(["1/4", "4/4"], ["sweep", "shared.logitree"])
    let combine = try await workspace.logitree("combine", "shards", "-o", "shared.logitree")
    #expect(combine.status == 66)
    #expect(combine.errors.contains("sweep shared.logitree --shard 2/4"), "\(combine.errors)")
    try await workspace.run(["1/1"], ["sweep", "shared.logitree"])
    #expect(try await workspace.finish(["1/2", "2/2"]).merges == workspace.build(data))
  }

  @Test("A build goes on from what was combined")
  func builtOn() async throws {
    let workspace = try await Workspace(Workspace.shardData)
    let data = ["x.h5", "--sketch-width", "2"]
    try await workspace.run(["1/2", "2/2"], ["scan"] + data)
    try await workspace.succeed("combine", "shards", "-o", "shared.logitree")
    let build = try await workspace.logitree(["build", "-o", "shared.logitree"] + data)
    #expect(build.status == 0 && !build.errors.contains("scan"), "\(build.errors)")
    #expect(try await workspace.succeed("export", "shared.logitree", "--format", "merges") == workspace.build(data))
  }

  @Test(
    "No share 0, and none above their number",
    arguments: [
      "0/3", "4/3", "3", "1/0", "a/b", "-1/2", "1/2/3", "1/1000001", "9000000000000000000/9000000000000000000",
    ])
  func usage(share: String) async throws {
    let workspace = try await Workspace("save('x.h5', blobs(50, 3))")
    #expect(try await workspace.logitree("scan", "x.h5", "--shard=\(share)", "-o", "shards").status == 64)
    #expect(try workspace.listing().filter { $0.hasPrefix("shards") }.isEmpty)
  }

  @Test("Names of directories: only those that scans give are shards', and a link may have any")
  func names() async throws {
    let workspace = try await Workspace(Workspace.shardData)
    try await workspace.run(["1/1"], ["scan", "x.h5"])
    try await workspace.python(
      "os.symlink('shards/scan-1-of-1', 'link'); os.makedirs('many/scan-1-of-100000000000'); "
        + "os.makedirs('zero'); os.symlink('../shards/scan-1-of-1', 'zero/scan-01-of-1')")
    try await workspace.succeed("combine", "link", "-o", "shared.logitree")
    for directory in ["many", "zero"] {
      let combine = try await workspace.logitree("combine", directory, "-o", "no.logitree")
      #expect(combine.status == 66 && combine.errors.contains("no shards"), "\(combine.errors)")
    }
  }

  @Test("Messages say what is in the way, and both names of inputs")
  func messages() async throws {
    let workspace = try await Workspace(Workspace.shardData + "os.symlink('x.h5', 'other.h5')")
    let scan = ["scan", "x.h5", "--shard", "1/2", "-o"]
    for (output, status, says) in [
      ("x.h5/shards", 73, "Not a directory"), ("x.h5", 73, "is no directory"), ("", 64, "-o"),
    ] as [(String, Int32, String)] {
      let run = try await workspace.logitree(scan + [output])
      #expect(run.status == status && run.errors.contains(says), "\(run.errors)")
    }
    let file = try await workspace.logitree("combine", "x.h5", "-o", "shared.logitree")
    #expect(file.status == 66 && file.errors.contains("x.h5: is no directory"), "\(file.errors)")
    try await workspace.run(["1/2"], ["scan", "x.h5"])
    try await workspace.run(["2/2"], ["scan", "other.h5"])
    let combine = try await workspace.logitree("combine", "shards", "-o", "shared.logitree")
    #expect(combine.errors.contains("/other.h5:/logits instead of /"), "\(combine.errors)")
  }

  @Test("Too little memory to combine leaves nothing")
  func littleMemory() async throws {
    let workspace = try await Workspace(Workspace.shardData)
    try await workspace.run(["1/1"], ["scan", "x.h5"])
    let before = try workspace.listing()
    #expect(try await workspace.logitree("combine", "shards", "-o", "shared.logitree", "--memory", "8MiB").status == 64)
    #expect(try workspace.listing() == before)
  }
}
